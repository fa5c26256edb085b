// SPDX-License-Identifier: Apache-2.0

/// What stands between quotation marks.
enum QuotedSpans {
  private static let pairs: [String: Set<String>] = [
    "\u{201C}": ["\u{201D}"], "«": ["»"], "「": ["」"], "『": ["』"], "\"": ["\""], "`": ["`"],
    "‹": ["›"], "„": ["\u{201C}", "\u{201D}"], "'": ["'"], "\u{201A}": ["'"], "»": ["«"],
    "\u{201D}": ["\u{201D}"],
  ]

  // LIMIT: a mark that is not closed soon was none.
  private static let longest = 400

  /// The last word of each quotation by its first one; a name alone in quotation marks is none.
  static func spans(_ words: [Word], names: [NameMatcher.Match]) -> [Int: Int] {
    var spans: [Int: Int] = [:]
    var index = 0
    while index < words.count {
      guard let end = end(of: index, words) else {
        index += 1
        continue
      }
      if !isNameAlone(index + 1..<end, words, names) { spans[index] = end }
      index = end + 1
    }
    return spans
  }

  private static func end(of start: Int, _ words: [Word]) -> Int? {
    guard words[start].kind == .mark, let closing = pairs[words[start].text] else { return nil }
    if words[start].text == "'" || words[start].text == "\"" {
      // Behind a word it is an apostrophe, an inch, or the end of another.
      let followsWord =
        words[start].isGlued && start > 0
        && (words[start - 1].kind == .word || words[start - 1].kind == .ideograph)
      if followsWord, words[start].text == "'" { return nil }
    }
    var index = start + 1
    var lineEnds = 0
    while index < words.count, index - start < longest {
      let word = words[index]
      if word.kind == .lineEnd { lineEnds += 1 } else if word.kind != .mark { lineEnds = 0 }
      if lineEnds > 1 { return nil }
      if word.kind == .mark, closing.contains(word.text) {
        let isLetter =
          index + 1 < words.count && words[index + 1].isGlued
          && words[index + 1].kind == .word && word.text == "'"
        if !isLetter { return index }
      }
      index += 1
    }
    return nil
  }

  private static func isNameAlone(
    _ range: Range<Int>,
    _ words: [Word],
    _ names: [NameMatcher.Match]
  ) -> Bool {
    let spoken = range.filter { words[$0].kind != .mark && words[$0].kind != .lineEnd }
    guard let first = spoken.first, let last = spoken.last, spoken.count <= 6 else { return false }
    return names.contains { $0.words.lowerBound == first && $0.words.upperBound > last }
  }
}
