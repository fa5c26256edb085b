// SPDX-License-Identifier: Apache-2.0

/// What stands behind a key or in a list.
public indirect enum YAMLValue: Hashable, Sendable {
  /// A plain value.
  case scalar(YAMLScalar)
  /// Values of any kind, in their order.
  case list([YAMLValue], YAMLPosition?)
  /// Keys and their values, in their order; no key comes twice.
  case section([YAMLEntry], YAMLPosition?)

  /// Where it begins.
  public var position: YAMLPosition? {
    switch self {
    case .scalar(let scalar): scalar.position
    case .list(_, let position), .section(_, let position): position
    }
  }
}
