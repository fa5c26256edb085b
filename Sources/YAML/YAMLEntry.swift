// SPDX-License-Identifier: Apache-2.0

/// A key and its value.
public struct YAMLEntry: Hashable, Sendable {
  /// The key.
  public var key: String
  /// Where the key begins.
  public var position: YAMLPosition?
  /// What stands behind it.
  public var value: YAMLValue

  /// Creates an entry.
  public init(key: String, position: YAMLPosition? = nil, value: YAMLValue) {
    self.key = key
    self.position = position
    self.value = value
  }
}
