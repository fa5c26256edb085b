// SPDX-License-Identifier: Apache-2.0

/// How a text is cut into the pieces that merge each for itself.
struct PreTokenizer: Sendable {
  /// One cut; it works inside each piece that the one before it made.
  struct Step: Sendable {
    var splitter: Splitter
    /// What becomes of the matches.
    var matches: Fate = .kept
    /// What becomes of the gaps between them.
    var gaps: Fate = .kept

    enum Fate: Sendable {
      case kept
      case removed
    }
  }

  var steps: [Step] = [] {
    didSet { isDeepSeek3 = DeepSeek3Walk.fuses(steps) }
  }
  /// Whether the steps are those of DeepSeek-V3, which one walk takes together.
  private(set) var isDeepSeek3 = false
  /// Whether pieces are written in the byte alphabet.
  var isByteLevel = false
  /// Whether a space is put before a text that has none.
  var addsPrefixSpace = false
  /// The metaspace, where spaces are written as it.
  var metaspace: Metaspace?

  /// A character that stands for the space, put before the text too.
  struct Metaspace: Sendable {
    enum Prepending: Sendable {
      case never
      case first
      case always
    }

    var replacement: [UInt8]
    var prepending: Prepending
    /// Whether pieces begin at it.
    var splits: Bool
  }

  /// Returns the text that is cut, nil where it is the given one.
  func prepared(_ text: Span<UInt8>, isFirst: Bool) -> [UInt8]? {
    if let metaspace {
      var result: [UInt8] = []
      for index in text.indices {
        if text[index] == 0x20 {
          result += metaspace.replacement
        } else {
          result.append(text[index])
        }
      }
      let isPrepended = metaspace.prepending == .always || metaspace.prepending == .first && isFirst
      if isPrepended, !result.starts(with: metaspace.replacement) {
        result.insert(contentsOf: metaspace.replacement, at: 0)
      }
      return result
    }
    guard addsPrefixSpace, !text.isEmpty, text[0] != 0x20 else { return nil }
    return [0x20] + text.indices.map { text[$0] }
  }
}
