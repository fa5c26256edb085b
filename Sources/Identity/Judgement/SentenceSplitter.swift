// SPDX-License-Identifier: Apache-2.0

/// Splits words into sentences.
enum SentenceSplitter {
  private static let ends: Set<String> = [
    ".", "!", "?", "。", "！", "？", "।", "۔", "؟", "॥", "｡", "…",
  ]
  private static let abbreviations: Set<String> = [
    "inc", "ltd", "co", "corp", "dr", "mr", "mrs", "ms", "st", "vs", "eg", "etc", "sr", "sra",
    "dra", "no",
  ]

  // LIMIT: text without marks is cut, so that no sentence costs more than its share.
  private static let longest = 160

  /// The ranges of words, each with the mark that ends it.
  static func sentences(
    _ words: [Word],
    names: [NameMatcher.Match],
    quotes: [Int: Int]
  ) -> [Range<Int>] {
    let insideName = Set(names.flatMap { $0.words.dropFirst() })
    var sentences: [Range<Int>] = []
    var start = 0
    var index = 0
    func close(_ end: Int) {
      if end > start { sentences.append(start..<end) }
      start = end
    }
    while index < words.count {
      if let end = quotes[index] {
        index = end + 1
        continue
      }
      let word = words[index]
      if word.kind == .lineEnd {
        close(index)
        start = index + 1
      } else if word.kind == .mark, ends.contains(word.text), !insideName.contains(index),
        !isAbbreviation(index, words)
      {
        var end = index + 1
        while end < words.count, words[end].kind == .mark, words[end].isGlued,
          quotes[end] == nil,
          ends.contains(words[end].text) || ")\u{201D}»」*_".contains(words[end].text)
        {
          end += 1
        }
        close(end)
        index = end
        continue
      } else if index - start >= longest {
        close(index)
      }
      index += 1
    }
    close(words.count)
    return sentences
  }

  private static func isAbbreviation(_ index: Int, _ words: [Word]) -> Bool {
    guard words[index].text == "." else { return false }
    let next = index + 1 < words.count ? words[index + 1] : nil
    if let next, next.isGlued, next.kind == .word { return true }
    guard index > 0, words[index - 1].kind == .word, let next else { return false }
    if let following = [",", ";", ")"].first(where: { next.isMark($0) }) {
      return !following.isEmpty
    }
    let before = words[index - 1].text
    let isShort = before.count == 1 && !before.unicodeScalars.contains { $0.value > 0x250 }
    return (isShort && before != "i" || abbreviations.contains(before)) && !next.isCapitalized
      && next.kind == .word
  }
}
