// SPDX-License-Identifier: Apache-2.0

/// Phrases that are found in words by their hashes.
struct PhraseSet: Sendable {
  private var keys: Set<UInt64> = []
  private var longest = 1
  /// The phrases as the table spells them.
  let spellings: [String]

  /// Reads phrases that commas or line ends part.
  init(_ table: String) {
    spellings = table.split { $0 == "," || $0 == "\n" }.map(String.init)
    for spelling in spellings {
      let words = WordSplitter.words(of: spelling).filter {
        $0.kind == .word || $0.kind == .ideograph
      }
      guard !words.isEmpty else { continue }
      longest = max(longest, words.count)
      keys.insert(words.reduce(WordHash()) { $0.followed(by: $1.hash) }.value)
    }
  }

  /// Whether a run of words, marks left out, is one of the phrases.
  func matches(_ words: ArraySlice<Word>) -> Bool {
    let spoken = words.filter { $0.kind == .word || $0.kind == .ideograph }
    for start in spoken.indices {
      if matches(spoken, at: start, first: spoken[start].hash) { return true }
      // Arabic writes "and" and short prepositions into the word.
      let scalars = spoken[start].text.unicodeScalars
      if let first = scalars.first, "وفلبك".unicodeScalars.contains(first), scalars.count > 3 {
        let rest = WordHash(String(String.UnicodeScalarView(scalars.dropFirst())))
        if matches(spoken, at: start, first: rest) { return true }
      }
    }
    return false
  }

  private func matches(_ words: [Word], at start: Int, first: WordHash) -> Bool {
    var hash = WordHash().followed(by: first)
    if keys.contains(hash.value) { return true }
    for index in start + 1..<max(start + 1, min(start + longest, words.count)) {
      hash = hash.followed(by: words[index].hash)
      if keys.contains(hash.value) { return true }
    }
    return false
  }
}
