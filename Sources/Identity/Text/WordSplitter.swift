// SPDX-License-Identifier: Apache-2.0

/// Splits text into folded words.
///
/// Scripts without spaces become one word a character; a word ends where its script changes, so
/// that a prefix of another script comes apart; English and French apostrophes split, too.
struct WordSplitter {
  private enum Script {
    case latin
    case ideograph
    case other
  }

  private var words: [Word] = []
  private var letters = ""
  private var script = Script.latin
  private var start = 0
  private var end = 0
  private var apostrophe: Int?
  private var isCapitalized = false
  private var hasInnerCapital = false
  private var isGlued = false
  private var wordIsGlued = false

  /// The words of a text.
  static func words(of text: String) -> [Word] {
    var splitter = WordSplitter()
    var offset = 0
    for scalar in text.unicodeScalars {
      let length = UTF8.width(scalar)
      splitter.take(scalar, offset..<offset + length)
      offset += length
    }
    splitter.endWord()
    return splitter.words
  }

  private mutating func take(_ scalar: Unicode.Scalar, _ place: Range<Int>) {
    switch Folding.fold(scalar.value) {
    case .nothing: if !letters.isEmpty { end = place.upperBound }
    case .scalar(let value):
      take(folded: Unicode.Scalar(value) ?? scalar, isCapital: Self.isCapital(scalar), place)
    case .pair(let first, let second):
      take(folded: Unicode.Scalar(first) ?? scalar, isCapital: Self.isCapital(scalar), place)
      take(folded: Unicode.Scalar(second) ?? scalar, isCapital: false, place)
    }
  }

  private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      ? (0x41...0x5A).contains(scalar.value) : scalar.properties.isUppercase
  }

  private mutating func take(folded: Unicode.Scalar, isCapital: Bool, _ place: Range<Int>) {
    guard let next = Self.script(of: folded) else { return takeMark(folded, place) }
    if next == .ideograph {
      endWord()
      begin(.ideograph, isCapital, place)
      letters.unicodeScalars.append(folded)
      return endWord()
    }
    let isDigit = folded.isASCII && folded.value < 0x41
    if !letters.isEmpty, script != next, !isDigit { endWord() }
    if letters.isEmpty {
      begin(isDigit ? .latin : next, isCapital, place)
    } else if isCapital {
      hasInnerCapital = true
    }
    if script == .other, isDigit {
      endWord()
      begin(.latin, isCapital, place)
    }
    end = place.upperBound
    let capital = (0x41...0x5A).contains(folded.value)
    letters.unicodeScalars.append(
      capital ? Unicode.Scalar(UInt8(folded.value + 0x20)) : Self.lowered(folded)
    )
  }

  private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar.isASCII ? scalar : scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
  }

  private mutating func begin(_ next: Script, _ isCapital: Bool, _ place: Range<Int>) {
    script = next
    start = place.lowerBound
    end = place.upperBound
    isCapitalized = isCapital
    hasInnerCapital = false
    apostrophe = nil
    wordIsGlued = isGlued
    isGlued = true
  }

  private mutating func takeMark(_ scalar: Unicode.Scalar, _ place: Range<Int>) {
    if scalar == "'" || scalar == "\u{2BC}", !letters.isEmpty, script == .latin {
      // What follows decides at `endWord`.
      if apostrophe == nil { apostrophe = place.lowerBound }
      end = place.upperBound
      letters.append("'")
      return
    }
    endWord()
    switch scalar {
    case "\n", "\r", "\u{2028}", "\u{2029}", "\u{85}":
      append(.lineEnd, "\n", place)
      isGlued = false
    case " ", "\t", "\u{A0}", "\u{B}", "\u{C}": isGlued = false
    default: append(.mark, String(Character(scalar)), place)
    }
  }

  private mutating func append(_ kind: Word.Kind, _ text: String, _ place: Range<Int>) {
    words.append(
      Word(kind: kind, text: text, bytes: place, isCapitalized: false, isGlued: isGlued)
    )
    isGlued = true
  }

  private mutating func endWord() {
    guard !letters.isEmpty else { return }
    let parts = letters.split(separator: "'", omittingEmptySubsequences: true).map(String.init)
    var trailing = letters.hasSuffix("'")
    letters = ""
    if parts.isEmpty { trailing = false }
    let cut = apostrophe ?? end
    for (index, part) in Self.expanded(parts).enumerated() {
      var word = Word(
        kind: script == .ideograph ? .ideograph : .word,
        text: part,
        bytes: index == 0 ? start..<cut : min(cut, end)..<end,
        isCapitalized: index == 0 && isCapitalized,
        isGlued: index > 0 || wordIsGlued
      )
      word.hasInnerCapital = hasInnerCapital
      word.hash = WordHash(part)
      words.append(word)
    }
    if trailing {
      words.append(
        Word(kind: .mark, text: "'", bytes: end - 1..<end, isCapitalized: false, isGlued: true)
      )
    }
  }

  /// "can't" is "ca" and "n't"; "im" is "i" and "m".
  private static func expanded(_ parts: [String]) -> [String] {
    var parts = parts
    if parts.count == 2, parts[1] == "t", parts[0].hasSuffix("n") {
      return [String(parts[0].dropLast()), "nt"]
    }
    if parts.count == 1 {
      switch parts[0] {
      case "im": return ["i", "m"]
      case "ive": return ["i", "ve"]
      case "dont", "didnt", "wasnt", "isnt", "doesnt", "arent":
        parts[0].removeLast(2)
        return [parts[0], "nt"]
      default: break
      }
    }
    return parts
  }

  private static func script(of scalar: Unicode.Scalar) -> Script? {
    switch scalar.value {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return .latin
    case 0..<0x80: return nil
    case 0x3040...0x30FF where scalar.value != 0x30FB, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0x3005...0x3007:
      return .ideograph
    default: break
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .decimalNumber:
      // Latin and its neighbors, whose letters mix in disguised names.
      return scalar.value < 0x590 || (0x1E00...0x1FFF).contains(scalar.value) ? .latin : .other
    default: return nil
    }
  }
}
