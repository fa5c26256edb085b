// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A figure and between what it lies.
public struct PlanRange: Sendable, Hashable {
  /// The least that is expected.
  public let low: Double
  /// The figure.
  public let value: Double
  /// The most that is expected.
  public let high: Double

  /// Creates a range.
  public init(low: Double, value: Double, high: Double) {
    self.low = low
    self.value = value
    self.high = high
  }

  /// The range as one JSON object.
  public var json: JSONText {
    .object([("low", .double(low)), ("value", .double(value)), ("high", .double(high))])
  }
}
