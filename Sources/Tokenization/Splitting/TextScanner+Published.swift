// SPDX-License-Identifier: Apache-2.0

extension TextScanner {
  /// DeepSeek-V3: an ASCII mark with the letters after it; a word of letters and marks with what
  /// joins it; punctuation; white space.
  ///
  /// It ends with the present stretch, in which `start` must lie.
  func deepSeek3(_ start: Int) -> Int? {
    let scalar = text.scalar(at: start)
    let next = start + scalar.length
    if scalar.value < 0x80, Self.isMark(UInt8(scalar.value)), next < end, isASCIILetter(next) {
      var position = next
      while position < end, isASCIILetter(position) { position += 1 }
      return position
    }
    let mask = classes.mask(scalar.value)
    let word: ClassMask = [.letter, .mark]
    if !mask.isDisjoint(with: word) { return skipInStretch(word, from: next) }
    if mask.isDisjoint(with: [.lineBreak, .punctuation, .symbol]), next < end {
      let second = classes.mask(text.scalar(at: next).value)
      if !second.isDisjoint(with: word), isInStretch(second) {
        return skipInStretch(word, from: next)
      }
    }
    let signsStart = scalar.value == 0x20 ? next : start
    let signsEnd = skipInStretch([.punctuation, .symbol], from: signsStart)
    if signsEnd > signsStart { return skipInStretch(.lineBreak, from: signsEnd) }
    return whiteSpace(mask, from: start, takesLineBreaks: true)
  }

  /// GPT-2: a contraction; letters, digits or other signs with the space before them; white space.
  func gpt2(_ start: Int) -> Int? {
    let scalar = text.scalar(at: start)
    if scalar.value == 0x27, let position = contraction(start, ignoresCase: false) {
      return position
    }
    if let position = skipSpaced(.letter, scalar, from: start) { return position }
    if let position = skipSpaced(.number, scalar, from: start) { return position }
    if let position = skipSpacedOther(scalar, from: start) { return position }
    return whiteSpace(classes.mask(scalar.value), from: start, takesLineBreaks: false)
  }

  /// Qwen-2 and Llama-3: a contraction; a word with what joins it; digits; other signs with the
  /// space before and the line breaks after them; white space.
  func contractions(_ start: Int, digitsMaximum: Int) -> Int? {
    let scalar = text.scalar(at: start)
    if scalar.value == 0x27, let position = contraction(start, ignoresCase: true) {
      return position
    }
    let next = start + scalar.length
    let mask = classes.mask(scalar.value)
    if mask.contains(.letter) { return skip(.letter, from: next) }
    if mask.isDisjoint(with: [.lineBreak, .number]), next < end,
      classes.mask(text.scalar(at: next).value).contains(.letter)
    {
      return skip(.letter, from: next)
    }
    if mask.contains(.number) { return skip(.number, maximum: digitsMaximum - 1, from: next) }
    if let position = skipSpacedOther(scalar, from: start) {
      return skip(.lineBreak, from: position)
    }
    return whiteSpace(mask, from: start, takesLineBreaks: true)
  }

  /// `'s|'t|'re|'ve|'m|'ll|'d`; without regard to case the long s is an s too.
  private func contraction(_ start: Int, ignoresCase: Bool) -> Int? {
    guard start + 1 < end else { return nil }
    let first = text.scalar(at: start + 1)
    let fold: UInt32 = ignoresCase ? 0x20 : 0
    let next = start + 1 + first.length
    if ignoresCase, first.value == 0x17F { return next }
    guard first.value < 0x80 else { return nil }
    let second = next < end ? UInt32(text[next]) | fold : 0
    switch UInt8(first.value | fold) {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return next
    case UInt8(ascii: "r"), UInt8(ascii: "v"): return second == 0x65 ? next + 1 : nil
    case UInt8(ascii: "l"): return second == 0x6C ? next + 1 : nil
    default: return nil
    }
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`, the first alternative where the pattern has it.
  private func whiteSpace(_ mask: ClassMask, from start: Int, takesLineBreaks: Bool) -> Int? {
    guard mask.contains(.space) else { return nil }
    var position = start
    var lastStart = start
    var lineBreakEnd: Int?
    var isAtEnd = true
    while position < end {
      let scalar = text.scalar(at: position)
      let mask = classes.mask(scalar.value)
      guard mask.contains(.space) else {
        isAtEnd = !isInStretch(mask)
        break
      }
      lastStart = position
      position += scalar.length
      if mask.contains(.lineBreak) { lineBreakEnd = position }
    }
    if takesLineBreaks, let lineBreakEnd { return lineBreakEnd }
    return isAtEnd || lastStart == start ? position : lastStart
  }

  /// Returns the end of the run of scalars in one of the classes.
  @inline(__always)
  func skip(_ mask: ClassMask, maximum: Int = .max, from start: Int) -> Int {
    var position = start
    var count = 0
    while position < end, count < maximum {
      count += 1
      let scalar = text.scalar(at: position)
      if classes.mask(scalar.value).isDisjoint(with: mask) { break }
      position += scalar.length
    }
    return position
  }

  @inline(__always)
  private func isInStretch(_ mask: ClassMask) -> Bool { mask.intersection(stops) == stretch }

  /// Returns the end of the run of scalars in one of the classes and in the present stretch.
  @inline(__always)
  private func skipInStretch(_ mask: ClassMask, from start: Int) -> Int {
    var position = start
    while position < end {
      let scalar = text.scalar(at: position)
      let found = classes.mask(scalar.value)
      if found.isDisjoint(with: mask) || !isInStretch(found) { break }
      position += scalar.length
    }
    return position
  }

  /// Returns the end of ` ?[classes]+`.
  @inline(__always)
  private func skipSpaced(_ mask: ClassMask, _ first: DecodedScalar, from start: Int) -> Int? {
    let bodyStart = first.value == 0x20 ? start + 1 : start
    let position = skip(mask, from: bodyStart)
    return position > bodyStart ? position : nil
  }

  /// Returns the end of ` ?[^\s\p{L}\p{N}]+`.
  @inline(__always)
  private func skipSpacedOther(_ first: DecodedScalar, from start: Int) -> Int? {
    let bodyStart = first.value == 0x20 ? start + 1 : start
    var position = bodyStart
    while position < end {
      let scalar = text.scalar(at: position)
      let words: ClassMask = [.space, .letter, .number]
      guard classes.mask(scalar.value).isDisjoint(with: words) else { break }
      position += scalar.length
    }
    return position > bodyStart ? position : nil
  }

  private func isASCIILetter(_ position: Int) -> Bool {
    (text[position] | 0x20) &- 0x61 < 26
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }
}
