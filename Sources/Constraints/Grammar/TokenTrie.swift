// SPDX-License-Identifier: Apache-2.0

/// Byte strings with the tokens that they stand for, as a tree in preorder.
///
/// A subtree is a range of nodes and of tokens, so that a walk is one loop that skips what cannot be.
/// Node 0 is the root, the empty string.
struct TokenTrie: Sendable {
  /// A byte string and its token.
  struct Item {
    var bytes: [UInt8]
    var token: Int32
  }

  /// The last byte of each node.
  private(set) var bytes: [UInt8] = [0]
  /// How many bytes lead to each node.
  private(set) var depths: [Int32] = [0]
  /// The node after each one's subtree.
  private(set) var ends: [Int32] = []
  /// Where each node's tokens begin in `tokens`; one more than there are nodes.
  private(set) var tokenStarts: [Int32] = [0]
  /// The tokens, by the order of their bytes.
  private(set) var tokens: [Int32] = []
  /// The longest string.
  private(set) var depthMax = 0

  /// Builds a tree.
  ///
  /// - Complexity: O(n log n) comparisons of strings.
  init(_ items: [Item]) {
    let sorted = Self.order(of: items).lazy.map { items[$0] }
    // The nodes that lead to the string before, by depth.
    var path: [Int32] = [0]
    var previous: [UInt8] = []
    ends = [0]
    for item in sorted {
      var shared = 0
      let shorter = min(previous.count, item.bytes.count)
      while shared < shorter, previous[shared] == item.bytes[shared] { shared += 1 }
      while path.count > shared + 1 { ends[Int(path.removeLast())] = Int32(bytes.count) }
      for byte in item.bytes[shared...] {
        path.append(Int32(bytes.count))
        bytes.append(byte)
        depths.append(Int32(path.count - 1))
        ends.append(0)
        tokenStarts.append(Int32(tokens.count))
      }
      tokens.append(item.token)
      depthMax = max(depthMax, item.bytes.count)
      previous = item.bytes
    }
    for node in path { ends[Int(node)] = Int32(bytes.count) }
    tokenStarts.append(Int32(tokens.count))
  }

  /// The items' places by their bytes, then by their tokens.
  private static func order(of items: [Item]) -> [Int] {
    // Most differ in their first eight bytes, which one comparison of numbers tells.
    let keyed = items.enumerated().map { place, item in
      var key: UInt64 = 0
      for index in 0..<8 {
        key = key << 8 | UInt64(index < item.bytes.count ? item.bytes[index] : 0)
      }
      return (key: key, place: place)
    }
    let sorted = keyed.sorted { left, right in
      guard left.key == right.key else { return left.key < right.key }
      let (first, second) = (items[left.place], items[right.place])
      return first.bytes == second.bytes
        ? first.token < second.token : first.bytes.lexicographicallyPrecedes(second.bytes)
    }
    return sorted.map(\.place)
  }

  /// How many nodes there are.
  var nodeCount: Int { bytes.count }

  /// Whether a node leads on to longer strings.
  func hasChildren(_ node: Int) -> Bool { Int(ends[node]) > node + 1 }

  /// What follows a node's string, in every longer string.
  func appendSuffixes(after node: Int, to items: inout [Item]) {
    var suffix: [UInt8] = []
    let depth = Int(depths[node])
    for child in (node + 1)..<max(node + 1, Int(ends[node])) {
      suffix.removeLast(suffix.count - (Int(depths[child]) - depth - 1))
      suffix.append(bytes[child])
      for index in Int(tokenStarts[child])..<Int(tokenStarts[child + 1]) {
        items.append(Item(bytes: suffix, token: tokens[index]))
      }
    }
  }
}
