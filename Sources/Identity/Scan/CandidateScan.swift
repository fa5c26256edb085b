// SPDX-License-Identifier: Apache-2.0

/// A quick look that most text does not survive: whether any word begins a name or a cue.
///
/// One pass over the bytes folds letters as `WordSplitter` does, hashes each word and its joins
/// with the two before, and asks a table of bits; only what passes is looked up in a set.
struct CandidateScan: Sendable {
  /// Where a text stands.
  enum Part {
    case text
    case answer
    case question
  }

  /// What a text of anybody's may hold.
  private let textKeys: ScanKeys
  /// What an answer may hold beyond that: names that are words of everyday, and cutoffs.
  private let answerKeys: ScanKeys
  /// What a user's turn may hold beyond that: questions.
  private let questionKeys: ScanKeys

  init(_ index: NameIndex) {
    textKeys = ScanKeys(
      single: index.textWords.union(ScanCues.words(inConversation: false)),
      capitalized: [],
      joined: index.textBeginnings.union(ScanCues.phrases(inConversation: false))
    )
    let single = index.words.union(ScanCues.words(inConversation: true))
    let joined = index.beginnings.union(ScanCues.phrases(inConversation: true))
    answerKeys = ScanKeys(single: single, capitalized: index.capitalizedWords, joined: joined)
    questionKeys = ScanKeys(
      single: single,
      capitalized: index.capitalizedWords,
      joined: joined.union(ScanCues.questions)
    )
  }

  /// Whether a text may hold what the rules look for.
  ///
  /// - Parameters:
  ///   - bytes: Well-formed UTF-8.
  ///   - part: Where it stands.
  /// - Complexity: O(n), a few nanoseconds a byte.
  /// - Returns: False where no rule can find anything.
  func holdsCandidate(_ bytes: Span<UInt8>, in part: Part) -> Bool {
    switch part {
    case .text: Self.scan(bytes, textKeys)
    case .answer: Self.scan(bytes, answerKeys)
    case .question: Self.scan(bytes, questionKeys)
    }
  }

  private static func scan(_ bytes: Span<UInt8>, _ keys: ScanKeys) -> Bool {
    // Unoptimized code takes a span of a variable of its own alone.
    let (asciiLetters, folded) = (ScanLetters.asciiLetters, ScanLetters.folded)
    let kinds = asciiLetters.span
    let letters = folded.span
    let bits = keys.bits.span
    var words = ScanWords()
    var index = 0
    while index < bytes.count {
      let start = index
      var hash = WordHash()
      var kind = ScanWords.Kind.latin
      var digit: Int?
      // The letters of one word.
      letters: while index < bytes.count {
        let byte = bytes[index]
        if byte < 0x80 {
          let letter = kinds[Int(byte)]
          if letter == 0 { break }
          if letter < 0x61, digit == nil {
            if kind == .other { break }
            digit = index
            if index - start > 2, keys.holdsWord(hash.value, bits) { return true }
          } else if kind == .other {
            break
          }
          hash.append(UInt32(letter))
          index += 1
          continue
        }
        let (value, length) = Self.scalar(bytes, index)
        switch ScanLetters.fold(value, letters) {
        case ScanLetters.end: break letters
        case ScanLetters.nothing: break
        case ScanLetters.ideograph:
          if index > start { break letters }
          hash.append(value)
          kind = .other
          index += length
          break letters
        case let letter:
          let isOther = letter >= 0x590
          if index > start, isOther != (kind == .other) { break letters }
          if isOther { kind = .other }
          if let second = ScanLetters.second(value) {
            hash.append(second.first)
            hash.append(second.second)
          } else {
            hash.append(letter)
          }
        }
        index += length
      }
      if index == start {
        index += bytes[index] < 0x80 ? 1 : Self.scalar(bytes, index).1
        continue
      }
      words.push(hash, isSingle: index - start == 1)
      if words.isSpelled { return true }
      // A closure, as `||` makes one, would not be inlined.
      let isCapitalized = bytes[start] < 0x61 || bytes[start] >= 0x80
      if words.find(keys, bits, isCapitalized: isCapitalized) { return true }
      if digit != nil || bytes[index - 1] | 0x20 == 0x6C || bytes[start] == 0xD8
        || bytes[start] == 0xD9,
        Self.findAltered(bytes.extracting(start..<index), words, keys)
      {
        return true
      }
    }
    return false
  }

  /// Looks for the word with letters for its digits, with "i" for its last "l", and without the
  /// prefixes that Arabic writes into it.
  private static func findAltered(_ word: Span<UInt8>, _ words: ScanWords, _ keys: ScanKeys) -> Bool
  {
    let bits = keys.bits.span
    if word[0] >= 0xD8 {
      let folded = ScanLetters.folded
      let letters = folded.span
      for count in 1...2 where word.count > 2 * count + 4 {
        var rest = WordHash()
        var index = 2 * count
        while index < word.count {
          let (value, length) = scalar(word, index)
          let letter = ScanLetters.fold(value, letters)
          if letter != ScanLetters.nothing { rest.append(letter) }
          index += length
        }
        if keys.holdsWord(rest.value, bits) || keys.holdsPhrase(rest.value, bits) { return true }
      }
      return false
    }
    var repaired = WordHash()
    for index in word.indices {
      let byte = word[index]
      let isLast = index == word.count - 1
      switch byte {
      case 0x30: repaired.append(0x6F)
      case 0x31: repaired.append(0x69)
      case 0x33: repaired.append(0x65)
      case 0x34 where !isLast: repaired.append(0x61)
      case 0x35: repaired.append(0x73)
      case 0x6C where isLast, 0x4C where isLast: repaired.append(0x69)
      case 0x41...0x5A: repaired.append(UInt32(byte) + 0x20)
      default: repaired.append(UInt32(byte))
      }
    }
    return keys.holdsWord(repaired.value, bits)
  }

  @inline(__always)
  private static func scalar(_ bytes: Span<UInt8>, _ index: Int) -> (UInt32, Int) {
    let lead = UInt32(bytes[index])
    func next(_ offset: Int) -> UInt32 {
      index + offset < bytes.count ? UInt32(bytes[index + offset]) & 0x3F : 0
    }
    if lead < 0xE0 { return ((lead & 0x1F) << 6 | next(1), min(2, bytes.count - index)) }
    if lead < 0xF0 {
      return ((lead & 0x0F) << 12 | next(1) << 6 | next(2), min(3, bytes.count - index))
    }
    return (
      (lead & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), min(4, bytes.count - index)
    )
  }
}
