// SPDX-License-Identifier: Apache-2.0

/// Reads a number of a template, as Jinja2's lexer does: decimal, binary, octal or hexadecimal
/// integers and floats, with underscores between digits.
struct NumberScanner {
  private let source: [Unicode.Scalar]
  private let start: Int
  private let followsDot: Bool
  /// Where the number is over.
  private(set) var end: Int

  init(_ source: [Unicode.Scalar], _ start: Int, followsDot: Bool) {
    self.source = source
    self.start = start
    self.followsDot = followsDot
    end = start
  }

  /// Returns the number; nil where an integer passes 128 bits.
  mutating func scan() -> TemplateToken.Kind? {
    if !followsDot, let value = scanFloat() { return .float(value) }
    for (letter, radix) in [("b", 2), ("o", 8), ("x", 16)] as [(Unicode.Scalar, Int)] {
      if let kind = scanPrefixed(letter, radix) { return kind }
    }
    if source[start] == "0" {
      end = skipDigits(start) { $0 == "0" }
    } else {
      end = skipDigits(start, where: PythonText.isDecimal)
    }
    return Int128(digits(start..<end)).map(TemplateToken.Kind.integer)
  }

  private mutating func scanFloat() -> Double? {
    var index = skipDigits(start, where: PythonText.isDecimal)
    var isFloat = false
    if scalar(index) == ".", isDecimal(index + 1) {
      index = skipDigits(index + 1, where: PythonText.isDecimal)
      isFloat = true
    }
    if scalar(index) == "e" || scalar(index) == "E" {
      var digitStart = index + 1
      if scalar(digitStart) == "+" || scalar(digitStart) == "-" { digitStart += 1 }
      if isDecimal(digitStart) {
        index = skipDigits(digitStart, where: PythonText.isDecimal)
        isFloat = true
      }
    }
    guard isFloat else { return nil }
    end = index
    return Double(digits(start..<index))
  }

  private mutating func scanPrefixed(
    _ letter: Unicode.Scalar,
    _ radix: Int
  ) -> TemplateToken.Kind? {
    guard source[start] == "0", let second = scalar(start + 1),
      second == letter || second.properties.lowercaseMapping == String(letter)
    else { return nil }
    let isDigit: (Unicode.Scalar) -> Bool = {
      $0.isASCII && Int(String($0), radix: radix) != nil
    }
    var first = start + 2
    if scalar(first) == "_" { first += 1 }
    guard let scalar = scalar(first), isDigit(scalar) else { return nil }
    end = skipDigits(first, where: isDigit)
    return Int128(digits(first..<end), radix: radix).map(TemplateToken.Kind.integer)
  }

  /// Steps over digits, each with at most one underscore before it.
  private func skipDigits(_ from: Int, where isDigit: (Unicode.Scalar) -> Bool) -> Int {
    var index = from
    while let scalar = scalar(index) {
      if isDigit(scalar) {
        index += 1
      } else if scalar == "_", index > from, let next = self.scalar(index + 1), isDigit(next) {
        index += 2
      } else {
        break
      }
    }
    return index
  }

  private func isDecimal(_ index: Int) -> Bool { scalar(index).map(PythonText.isDecimal) ?? false }

  private func scalar(_ index: Int) -> Unicode.Scalar? {
    index < source.count ? source[index] : nil
  }

  /// The digits in ASCII, without underscores.
  private func digits(_ range: Range<Int>) -> String {
    var text = ""
    for scalar in source[range] where scalar != "_" {
      if let value = scalar.properties.numericValue, scalar.value > 0x7F {
        text += String(Int(value))
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
