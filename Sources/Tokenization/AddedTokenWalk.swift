// SPDX-License-Identifier: Apache-2.0

/// Walks over the added tokens in a text that a rule lets through.
struct AddedTokenWalk {
  /// Where the text that belongs to no token begins.
  var gapStart = 0
  private var position = 0

  /// Returns the next token at or behind the last one, within a stretch of the text where one is
  /// given; what a token looks at or takes beside it may lie outside the stretch.
  mutating func next(
    in text: Span<UInt8>,
    _ matcher: AddedTokenMatcher,
    _ tokens: [AddedToken],
    _ rule: Tokenizer.AddedTokenRule,
    within stretch: Range<Int>? = nil
  ) -> AddedTokenMatcher.Match? {
    let stretch = stretch ?? 0..<text.count
    position = max(position, stretch.lowerBound)
    let searched = text.extracting(0..<stretch.upperBound)
    while var match = matcher.firstMatch(in: searched, from: position) {
      position = match.range.upperBound
      let token = tokens[match.token]
      // A token that is passed over hides the shorter ones inside it, as in the published matcher.
      if rule == .nonSpecial, token.isSpecial { continue }
      if match.range.lowerBound < gapStart { continue }
      if token.isSingleWord, isInsideWord(text, match.range) { continue }
      if token.stripsLeft || token.stripsRight { strip(text, token, &match.range) }
      return match
    }
    return nil
  }

  private func strip(_ text: Span<UInt8>, _ token: AddedToken, _ range: inout Range<Int>) {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while token.stripsLeft, lower > gapStart {
      let previous = scalarStart(text, before: lower)
      guard isSpace(text.scalar(at: previous)) else { break }
      lower = previous
    }
    while token.stripsRight, upper < text.count {
      let next = text.scalar(at: upper)
      guard isSpace(next) else { break }
      upper += next.length
    }
    range = lower..<upper
  }

  private func isInsideWord(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if range.lowerBound > 0 {
      let previous = scalarStart(text, before: range.lowerBound)
      if isWord(text.scalar(at: previous)) { return true }
    }
    return range.upperBound < text.count && isWord(text.scalar(at: range.upperBound))
  }

  private func scalarStart(_ text: Span<UInt8>, before position: Int) -> Int {
    var start = position - 1
    while text[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  private func isSpace(_ scalar: DecodedScalar) -> Bool {
    UnicodeClasses.shared.mask(scalar.value).contains(.space)
  }

  private func isWord(_ scalar: DecodedScalar) -> Bool {
    scalar.value == 0x5F
      || !UnicodeClasses.shared.mask(scalar.value).isDisjoint(with: [.letter, .mark, .number])
  }
}
