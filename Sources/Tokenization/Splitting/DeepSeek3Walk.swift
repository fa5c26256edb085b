// SPDX-License-Identifier: Apache-2.0

/// Walks over the pieces that the three splits of DeepSeek-V3 leave, in one pass.
///
/// The first split cuts out `\p{N}{1,3}`, the second `[一-龥぀-ゟ゠-ヿ]+`, and the third cuts both and
/// what is left between: to it each is a text of its own.
struct DeepSeek3Walk {
  private static let stops: ClassMask = [.number, .kanaOrHan]

  private var position = 0
  private var pending: Range<Int>?

  /// Whether these splits are the three.
  static func fuses(_ steps: [PreTokenizer.Step]) -> Bool {
    guard steps.count == 3, steps.allSatisfy({ $0.matches == .kept && $0.gaps == .kept }),
      case .run(let numbers, 3) = steps[0].splitter,
      case .run(let characters, .max) = steps[1].splitter,
      case .deepSeek3 = steps[2].splitter
    else { return false }
    return numbers == CharacterSet([.classes(.number)])
      && characters == CharacterSet(ClassMask.kanaOrHanRanges.map { .range($0) })
  }

  /// Makes the scanner that `next` takes.
  @_lifetime(copy text)
  static func scanner(of text: Span<UInt8>) -> TextScanner {
    TextScanner(text, end: text.count, stops: stops)
  }

  /// Returns the next piece; nil after the last.
  @inline(__always)
  mutating func next(_ scanner: inout TextScanner) -> Range<Int>? {
    if let match = pending {
      pending = nil
      return match
    }
    let start = position
    while position < scanner.end {
      let scalar = scanner.text.scalar(at: position)
      let stretch = scanner.classes.mask(scalar.value).intersection(Self.stops)
      if position > start, stretch != scanner.stretch { break }
      scanner.stretch = stretch
      // The third split never cuts a number.
      let end =
        stretch.contains(.number)
        ? scanner.skip(.number, maximum: 3, from: position) : scanner.deepSeek3(position)
      if let end {
        let match = position..<end
        let gap = start..<position
        position = end
        if gap.isEmpty { return match }
        pending = match
        return gap
      }
      position += scalar.length
    }
    return start < position ? start..<position : nil
  }
}
