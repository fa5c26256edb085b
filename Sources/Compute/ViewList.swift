// SPDX-License-Identifier: Apache-2.0

/// One to three views, kept inline: an array of them would be allocated for every operation.
public struct ViewList: Sendable, RandomAccessCollection {
  private let views: (ActivationView, ActivationView?, ActivationView?)
  /// How many views there are.
  public let count: Int

  /// Creates a list.
  public init(_ first: ActivationView) {
    views = (first, nil, nil)
    count = 1
  }

  /// Creates a list.
  public init(_ first: ActivationView, _ second: ActivationView) {
    views = (first, second, nil)
    count = 2
  }

  /// Creates a list.
  public init(_ first: ActivationView, _ second: ActivationView, _ third: ActivationView) {
    views = (first, second, third)
    count = 3
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// The number of views.
  public var endIndex: Int { count }

  /// One of the views.
  public subscript(position: Int) -> ActivationView {
    let view = position == 0 ? views.0 : position == 1 ? views.1 : views.2
    guard let view, (0..<count).contains(position) else {
      preconditionFailure("view \(position) of \(count)")
    }
    return view
  }
}
