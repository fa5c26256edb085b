// SPDX-License-Identifier: Apache-2.0

/// A set of token ids: those that may come next.
public struct TokenMask: Sendable, Hashable {
  /// One bit an id, the lowest first; bits beyond `count` are 0.
  public private(set) var words: [UInt64]
  /// How many ids there are.
  public let count: Int

  /// Creates an empty set.
  ///
  /// - Parameter count: How many ids there are.
  public init(count: Int) {
    self.count = count
    words = [UInt64](repeating: 0, count: (count + 63) / 64)
  }

  /// How many ids are in the set.
  public var allowedCount: Int {
    var total = 0
    for word in words { total += word.nonzeroBitCount }
    return total
  }

  /// Whether an id is in the set; one that there is not never is.
  public func contains(_ id: Int32) -> Bool {
    guard id >= 0, Int(id) < count else { return false }
    return words[Int(id) >> 6] >> UInt64(id & 63) & 1 == 1
  }

  /// Takes all out.
  mutating func removeAll() {
    for index in words.indices { words[index] = 0 }
  }

  /// Puts an id in.
  mutating func insert(_ id: Int32) {
    words[Int(id) >> 6] |= 1 << UInt64(id & 63)
  }

  /// Puts the ids of other words in.
  mutating func formUnion(_ other: [UInt64]) {
    for index in words.indices { words[index] |= other[index] }
  }
}
