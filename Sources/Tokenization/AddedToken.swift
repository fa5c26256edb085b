// SPDX-License-Identifier: Apache-2.0

/// A token beside the vocabulary that is matched in text as a whole.
public struct AddedToken: Sendable, Hashable {
  /// The token's id.
  public let id: Int32
  /// The text that it is matched by.
  public let content: String
  /// Whether the file marks it as special: decoding can leave it out.
  public let isSpecial: Bool
  /// Whether it is looked for in the normalized text rather than in the text as it came.
  let isNormalized: Bool
  /// Whether it stands only where no word goes on at its ends.
  let isSingleWord: Bool
  /// Whether it takes the white space before it.
  let stripsLeft: Bool
  /// Whether it takes the white space after it.
  let stripsRight: Bool
}

/// Finds added tokens in a text: the leftmost, the longest of those that begin there.
struct AddedTokenMatcher: Sendable {
  /// A token's place in the text, with the white space that it takes.
  struct Match {
    var range: Range<Int>
    var token: Int
  }

  /// The next node + 1 by node and byte; the root is 0.
  private var edges: [UInt64: UInt32] = [:]
  /// Token + 1 by node.
  private var ends: [UInt32] = [0]
  private var firstBytes = [Bool](repeating: false, count: 256)

  init(_ contents: [(content: [UInt8], token: Int)]) {
    for (content, token) in contents where !content.isEmpty {
      firstBytes[Int(content[0])] = true
      var node: UInt32 = 0
      for byte in content {
        let key = UInt64(node) << 8 | UInt64(byte)
        if let next = edges[key] {
          node = next
        } else {
          node = UInt32(ends.count)
          edges[key] = node
          ends.append(0)
        }
      }
      ends[Int(node)] = UInt32(token + 1)
    }
  }

  var isEmpty: Bool { edges.isEmpty }

  /// Returns the next match at or behind `start`; nil if there is none.
  func firstMatch(in text: Span<UInt8>, from start: Int) -> Match? {
    var position = start
    while position < text.count {
      if firstBytes[Int(text[position])], let match = longestMatch(in: text, at: position) {
        return match
      }
      position += 1
    }
    return nil
  }

  private func longestMatch(in text: Span<UInt8>, at start: Int) -> Match? {
    var node: UInt32 = 0
    var position = start
    var best: Match?
    while position < text.count, let next = edges[UInt64(node) << 8 | UInt64(text[position])] {
      node = next
      position += 1
      if ends[Int(node)] != 0 {
        best = Match(range: start..<position, token: Int(ends[Int(node)]) - 1)
      }
    }
    return best
  }
}
