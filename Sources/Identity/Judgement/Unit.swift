// SPDX-License-Identifier: Apache-2.0

/// A phrase, a name or a mark of a sentence, with what it can be.
struct Unit: Sendable, Hashable {
  var tags: Tags
  var words: Range<Int>
  /// The name's place among those of the segment.
  var name: Int?
}

/// A segment's words with the names and quotations among them.
struct MarkedText: Sendable {
  var words: [Word]
  var names: [NameMatcher.Match]
  /// The name that begins at a word.
  var nameAt: [Int: Int]
  /// The last word of the quotation that begins at a word.
  var quoteAt: [Int: Int]
  var sentences: [Range<Int>]

  init(_ text: String, matcher: NameMatcher, keepsQuotes: Bool) {
    words = WordSplitter.words(of: text)
    names = []
    nameAt = [:]
    var index = 0
    while index < words.count {
      if let match = matcher.match(words[...], at: index) {
        nameAt[index] = names.count
        names.append(match)
        index = match.words.upperBound
      } else {
        index += 1
      }
    }
    quoteAt = keepsQuotes ? [:] : QuotedSpans.spans(words, names: names)
    sentences = SentenceSplitter.sentences(words, names: names, quotes: quoteAt)
  }

  /// Whether a name begins in a sentence.
  func holdsName(in sentence: Range<Int>) -> Bool {
    names.contains { sentence.contains($0.words.lowerBound) }
  }

  /// The units of a sentence by one language's words.
  func units(_ sentence: Range<Int>, _ grammar: Grammar, isAddressed: Bool = false) -> [Unit] {
    let lexicon = isAddressed ? grammar.addressed : grammar.lexicon
    var units: [Unit] = []
    var index = sentence.lowerBound
    while index < sentence.upperBound {
      if let end = quoteAt[index] {
        units.append(Unit(tags: .quote, words: index..<min(end + 1, sentence.upperBound)))
        index = end + 1
      } else if let name = nameAt[index] {
        let match = names[name]
        units.append(Unit(tags: Self.tags(of: match.name), words: match.words, name: name))
        index = match.words.upperBound
      } else {
        index = appendWord(index, sentence.upperBound, lexicon, grammar, to: &units)
      }
    }
    return units
  }

  private static func tags(of name: KnownName) -> Tags {
    if name.isAllowed { return .own }
    var tags: Tags = []
    if name.isModel { tags.insert(.model) }
    if name.isMaker { tags.insert(.maker) }
    return tags
  }

  private func appendWord(
    _ index: Int,
    _ end: Int,
    _ lexicon: [UInt64: Tags],
    _ grammar: Grammar,
    to units: inout [Unit]
  ) -> Int {
    let word = words[index]
    switch word.kind {
    case .lineEnd: return index + 1
    case .mark:
      if let tags = Self.tags(ofMark: word, isGlued: isGlued(index)) {
        units.append(Unit(tags: tags, words: index..<index + 1))
      }
      return index + 1
    case .word, .ideograph: break
    }
    var phrase = WordHash()
    var best: (tags: Tags, end: Int)?
    var position = index
    var count = 0
    while position < end, count < Grammar.longestPhrase {
      if position > index, nameAt[position] != nil || quoteAt[position] != nil { break }
      let next = words[position]
      if next.kind == .mark, next.text == "-", isGlued(position) {
        position += 1
        continue
      }
      guard next.kind == .word || next.kind == .ideograph else { break }
      phrase = phrase.followed(by: next.hash)
      position += 1
      count += 1
      if let tags = lexicon[phrase.value] { best = (tags, position) }
    }
    if best == nil, let first = word.text.first, grammar.prefixes.contains(first),
      word.text.unicodeScalars.count > 3, let tags = lexicon[Self.withoutPrefix(word)]
    {
      best = (tags, index + 1)
    }
    if let best {
      units.append(Unit(tags: best.tags, words: index..<best.end))
      return best.end
    }
    units.append(Unit(tags: tags(ofUnknown: index), words: index..<index + 1))
    return index + 1
  }

  private static func withoutPrefix(_ word: Word) -> UInt64 {
    let rest = word.text.unicodeScalars.dropFirst()
    return WordHash().followed(by: WordHash(String(String.UnicodeScalarView(rest)))).value
  }

  private func isGlued(_ index: Int) -> Bool {
    words[index].isGlued && index + 1 < words.count && words[index + 1].isGlued
  }

  private static func tags(ofMark word: Word, isGlued: Bool) -> Tags? {
    switch word.text {
    case ",", ";", ":", "(", ")", "[", "]", "—", "–", "،", "؛", "、", "《", "》", "|", "/", "…", "!",
      ".",
      "{", "}", "=", "¡", "¿", "。", "！":
      isGlued && "./".contains(word.text) ? nil : .separator
    case "-": isGlued ? nil : .separator
    default: nil
    }
  }

  private func tags(ofUnknown index: Int) -> Tags {
    let word = words[index]
    guard word.kind == .word, let first = word.text.utf8.first else { return [] }
    if (0x30...0x39).contains(first) {
      return word.text.utf8.count == 4 && word.text.hasPrefix("20") ? .year : []
    }
    guard word.text.utf8.allSatisfy({ $0 < 0x80 }), word.isCapitalized, word.text.count > 1 else {
      return []
    }
    return .unknown
  }
}
