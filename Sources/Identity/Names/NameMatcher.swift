// SPDX-License-Identifier: Apache-2.0

/// Finds names in words: whole, spaced, hyphenated, misspelt, with digits for letters.
struct NameMatcher: Sendable {
  /// A name in a list of words.
  struct Match: Sendable, Hashable {
    var name: KnownName
    var words: Range<Int>
    /// Only a slip of the finger leads to it.
    var isMisspelt = false
  }

  private let index: NameIndex

  // LIMIT: the longest name has nine words; spaced letters make some more.
  private static let longest = 12

  init(_ index: NameIndex) { self.index = index }

  /// The longest name that begins at a word.
  func match(_ words: ArraySlice<Word>, at start: Int) -> Match? {
    guard words[start].kind == .word || words[start].kind == .ideograph else { return nil }
    guard mayBegin(words[start]), !Self.isOpenAdjective(words, start) else { return nil }
    var hash = WordHash()
    var repaired = WordHash()
    var best: Match?
    var position = start
    var count = 0
    while position < words.endIndex, count < Self.longest {
      let word = words[position]
      if word.kind == .mark || word.kind == .lineEnd {
        // A name's parts may be held together by these.
        guard count > 0, word.kind == .mark, word.isGlued, "-._·‐&".contains(word.text),
          position + 1 < words.endIndex, words[position + 1].isGlued || word.text == "."
        else { break }
        position += 1
        continue
      }
      count += 1
      // LIMIT: only letters that stand alone and ideographs make many words of a name.
      if count > 6, word.text.utf8.count > 4 { break }
      hash = hash.joined(word.hash)
      repaired = repaired.joined(
        Self.isRepairable(word.text) ? WordHash(Self.repaired(word.text)) : word.hash
      )
      position += 1
      if let found = found(hash, repaired, words[start..<position], count) { best = found }
    }
    if best == nil { best = withoutPrefix(words, at: start) }
    return best.map { extended($0, in: words) }
  }

  /// A quick look at the first word; letters that stand alone, digits and Arabic take longer.
  private func mayBegin(_ word: Word) -> Bool {
    if index.firstWords.contains(word.hash.value) || word.text.utf8.count == 1 { return true }
    var last: UInt8 = 0
    for byte in word.text.utf8 {
      if byte < 0x3A || byte == 0xD8 || byte == 0xD9 { return true }
      last = byte
    }
    return last == UInt8(ascii: "l")
  }

  private func found(
    _ hash: WordHash,
    _ repaired: WordHash,
    _ words: ArraySlice<Word>,
    _ count: Int
  ) -> Match? {
    if let name = index.exact[hash.value] {
      guard isName(name, words), count <= name.wordCount || Self.isTorn(words) else { return nil }
      return Match(name: name, words: words.indices)
    }
    let first = words[words.startIndex]
    // "GPT4" and "qwen2".
    if count == 1, let bare = Self.withoutDigits(first.text),
      let name = index.exact[WordHash(bare).value],
      !name.isCommon
    {
      return Match(name: name, words: words.indices)
    }
    // "OpenAl" and "0penAI".
    if repaired != hash, let name = index.exact[repaired.value], !name.isCommon {
      return Match(name: name, words: words.indices, isMisspelt: true)
    }
    let isSpaced = count > 2 && words.allSatisfy { $0.text.count <= 1 || $0.kind == .mark }
    guard count == 1 || isSpaced || count == 2 && Self.isJoinable(words) else { return nil }
    guard let name = index.near[hash.value] ?? index.near[repaired.value] else { return nil }
    // An animal or a wind, misspelt in lower case, is another word.
    if name.isPerson, !first.isCapitalized, first.text.first?.isASCII == true { return nil }
    return Match(name: name, words: words.indices, isMisspelt: true)
  }

  /// Whether two words may be one name that was torn apart: "Chat GTP", "Open IA".
  private static func isJoinable(_ words: ArraySlice<Word>) -> Bool {
    guard words.count >= 2, let first = words.first, let last = words.last else { return false }
    return ["chat", "open"].contains(first.text)
      && (last.isCapitalized || last.isGlued
        || ["ia", "gtp", "gbt", "gp", "gtb"].contains(last.text))
  }

  /// What stands before a tear in a name of one word.
  static let tornParts = [
    "chat", "open", "deep", "co", "hugging", "mini", "anthro", "micro", "chatg",
  ]

  /// Whether several words may be one name: spelled out, held by marks, or torn where people do.
  private static func isTorn(_ words: ArraySlice<Word>) -> Bool {
    let parts = words.filter { $0.kind != .mark }
    if parts.dropFirst().allSatisfy(\.isGlued) || parts.allSatisfy({ $0.text.count == 1 }) {
      return true
    }
    return parts.first.map { tornParts.contains($0.text) } ?? false
  }

  private func isName(_ name: KnownName, _ words: ArraySlice<Word>) -> Bool {
    guard name.isCommon else { return true }
    return words.contains { $0.isCapitalized && $0.text.first?.isASCII == true }
  }

  private static func withoutDigits(_ text: String) -> Substring? {
    let letters = text.prefix { !$0.isASCII || $0.isLetter }
    return letters.count >= 3 && letters.endIndex < text.endIndex ? letters : nil
  }

  private static func isRepairable(_ text: String) -> Bool {
    var hasDigit = false
    var last: UInt8 = 0
    for byte in text.utf8 {
      if byte < 0x3A { hasDigit = true }
      last = byte
    }
    return hasDigit || last == UInt8(ascii: "l")
  }

  /// Digits and letters that stand for others.
  private static func repaired(_ text: String) -> String {
    guard text.unicodeScalars.first?.isASCII == true else { return text }
    let hasLetter = text.utf8.contains { $0 >= 0x61 }
    guard hasLetter else { return text }
    var scalars = String.UnicodeScalarView()
    let last = text.unicodeScalars.count - 1
    for (place, scalar) in text.unicodeScalars.enumerated() {
      switch scalar {
      case "0": scalars.append("o")
      case "1": scalars.append("i")
      case "3": scalars.append("e")
      case "4" where place < last: scalars.append("a")
      case "5": scalars.append("s")
      case "l" where place == last && text.hasSuffix("al"): scalars.append("i")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  /// An "open AI model" is no company.
  private static func isOpenAdjective(_ words: ArraySlice<Word>, _ start: Int) -> Bool {
    guard words[start].text == "open", start + 1 < words.endIndex, words[start + 1].text == "ai",
      !words[start + 1].isGlued
    else { return false }
    let articles: Set<String> = ["an", "the", "this", "its", "our", "a", "fully", "truly", "my"]
    if start > words.startIndex, articles.contains(words[start - 1].text) {
      return !words[start].isCapitalized
    }
    let nouns: Set<String> = ["project", "projects", "system", "research", "models", "community"]
    return start + 2 < words.endIndex && nouns.contains(words[start + 2].text)
      && !words[start].isCapitalized
  }

  /// Arabic writes short prepositions into the word.
  private func withoutPrefix(_ words: ArraySlice<Word>, at start: Int) -> Match? {
    let word = words[start]
    guard let first = word.text.unicodeScalars.first, (0x621...0x64A).contains(first.value) else {
      return nil
    }
    for count in 1...2 where word.text.unicodeScalars.count > count + 2 {
      guard
        word.text.unicodeScalars.prefix(count).allSatisfy({ "وفبلكس".unicodeScalars.contains($0) })
      else { return nil }
      var copy = Array(words[start..<min(start + 6, words.endIndex)])
      copy[0].text = String(String.UnicodeScalarView(word.text.unicodeScalars.dropFirst(count)))
      var hash = WordHash()
      var best: Int?
      var name: KnownName?
      for (offset, next) in copy.enumerated() where next.kind == .word {
        hash = hash.joined(WordHash(next.text))
        if let found = index.exact[hash.value] { (best, name) = (offset, found) }
      }
      if let best, let name { return Match(name: name, words: start..<start + best + 1) }
    }
    return nil
  }

  /// Takes versions and sizes into the name: "-4o", "3.5 Sonnet".
  private func extended(_ match: Match, in words: ArraySlice<Word>) -> Match {
    var match = match
    var end = match.words.upperBound
    while end < words.endIndex {
      var next = end
      while next < words.endIndex, next - end < 2, words[next].kind == .mark,
        words[next].isGlued, "-._".contains(words[next].text)
      {
        next += 1
      }
      guard next < words.endIndex, words[next].kind == .word,
        next == end || words[next].isGlued, Self.isVersion(words[next])
      else { break }
      end = next + 1
    }
    match.words = match.words.lowerBound..<end
    return match
  }

  private static func isVersion(_ word: Word) -> Bool {
    if let first = word.text.utf8.first, (0x30...0x39).contains(first) {
      return word.text.count <= 5
    }
    if word.text.utf8.count <= 4, word.text.utf8.last.map({ (0x30...0x39).contains($0) }) == true {
      return "vrko".contains(word.text.first ?? "-")
    }
    return versions.contains(word.text)
  }

  private static let versions: Set<String> = [
    "turbo", "pro", "ultra", "nano", "mini", "flash", "lite", "sonnet", "opus", "haiku", "instant",
    "large", "medium", "small", "max", "plus", "instruct", "chat", "four", "three", "five", "bot",
    "omni", "preview", "premier", "advanced", "edge", "nemo", "7b", "8b", "70b", "vl", "coder",
  ]
}
