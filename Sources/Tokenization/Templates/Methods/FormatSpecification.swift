// SPDX-License-Identifier: Apache-2.0

/// How a value is to be written, from `%5.2f` or `{:>5}`.
struct FormatSpecification {
  var fill: Unicode.Scalar = " "
  /// `<`, `>`, `^` or `=`; nil for the value's own way.
  var alignment: Unicode.Scalar?
  var sign: Unicode.Scalar = "-"
  var isAlternate = false
  var isZeroPadded = false
  /// Whether a negative zero loses its sign.
  var dropsNegativeZero = false
  var width = 0
  var grouping: Unicode.Scalar?
  var precision: Int?
  var type: Unicode.Scalar?

  // LIMIT: widths are counted against what a render may build; this keeps the sum from overflowing.
  private static let numberLimit = 1 << 40

  /// Reads what stands behind the colon of a replacement field; nil where it is malformed.
  init?(_ text: [Unicode.Scalar]) {
    var index = 0
    func next(_ offset: Int = 0) -> Unicode.Scalar? {
      index + offset < text.count ? text[index + offset] : nil
    }
    let alignments: [Unicode.Scalar] = ["<", ">", "^", "="]
    var hasFill = false
    if let fill = next(), let mark = next(1), alignments.contains(mark) {
      hasFill = true
      (self.fill, alignment) = (fill, mark)
      index += 2
    } else if let mark = next(), alignments.contains(mark) {
      alignment = mark
      index += 1
    }
    if let mark = next(), mark == "+" || mark == "-" || mark == " " {
      sign = mark
      index += 1
    }
    if next() == "z" {
      dropsNegativeZero = true
      index += 1
    }
    if next() == "#" {
      isAlternate = true
      index += 1
    }
    if next() == "0" {
      isZeroPadded = true
      if !hasFill { fill = "0" }
      index += 1
    }
    width = Self.number(text, &index) ?? 0
    if let mark = next(), mark == "," || mark == "_" {
      grouping = mark
      index += 1
    }
    if next() == "." {
      index += 1
      guard let precision = Self.number(text, &index) else { return nil }
      self.precision = precision
    }
    type = next()
    guard index + 1 >= text.count else { return nil }
  }

  init() {}

  static func number(_ text: [Unicode.Scalar], _ index: inout Int) -> Int? {
    var value: Int?
    while index < text.count, ("0"..."9").contains(text[index]) {
      value = min(numberLimit, (value ?? 0) * 10 + Int(text[index].value - 0x30))
      index += 1
    }
    return value
  }
}

extension TemplateRun {
  /// Fills a text up to the width.
  func aligned(
    _ text: OriginText,
    _ specification: FormatSpecification,
    standard: Unicode.Scalar
  ) throws(TemplateError) -> OriginText {
    guard specification.width > text.count else { return text }
    let fill = OriginText(specification.fill, .data)
    switch specification.alignment ?? standard {
    case "<": return try padded(text, specification.width, fill, .ljust)
    case "^":
      // Here the odd scalar goes to the right, other than in `center`.
      let missing = specification.width - text.count
      let left = try padded(text, text.count + missing / 2, fill, .rjust)
      return try padded(left, specification.width, fill, .ljust)
    default: return try padded(text, specification.width, fill, .rjust)
    }
  }

  /// Writes a number: its sign, what stands before its digits, and the digits.
  func numberText(
    isNegative: Bool,
    prefix: String,
    digits: String,
    _ specification: FormatSpecification,
    _ origin: OriginText.Origin
  ) throws(TemplateError) -> OriginText {
    let sign =
      isNegative ? "-" : specification.sign == "-" ? "" : String(specification.sign)
    var digits = digits
    let padsInside =
      specification.alignment == "="
      || (specification.isZeroPadded && specification.alignment == nil)
    let fill =
      specification.isZeroPadded && specification.alignment == nil
      ? "0" : String(specification.fill)
    if let grouping = specification.grouping {
      let radixGroup = ["x", "X", "o", "b"].contains(specification.type) ? 4 : 3
      digits = Self.grouped(digits, by: radixGroup, String(grouping))
    }
    if padsInside {
      let missing = specification.width - sign.count - prefix.count - digits.count
      if missing > 0 {
        try spend(scalars: specification.width)
        digits = String(repeating: fill, count: missing) + digits
      }
      return OriginText(sign + prefix + digits, origin)
    }
    return try aligned(OriginText(sign + prefix + digits, origin), specification, standard: ">")
  }

  private static func grouped(_ digits: String, by count: Int, _ mark: String) -> String {
    let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = parts[0].prefix { $0.isHexDigit }
    let rest = parts[0].dropFirst(whole.count)
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % count == 0 { result += mark }
      result.append(digit)
    }
    return result + rest + (parts.count > 1 ? "." + parts[1] : "")
  }

  /// The digits of a magnitude in the form of `e`, `f`, `g` or `%`; nil for another type.
  func floatDigits(
    _ value: Double,
    _ type: Unicode.Scalar,
    _ precision: Int,
    isAlternate: Bool
  ) throws(TemplateError) -> String? {
    guard precision <= PythonNumber.precisionLimit else {
      throw TemplateError(.limit, "a precision is above \(PythonNumber.precisionLimit)")
    }
    let magnitude = value.magnitude
    let text: String
    switch type {
    case "f", "F": text = PythonNumber.fixed(magnitude, precision)
    case "e", "E": text = PythonNumber.exponential(magnitude, precision)
    case "g", "G", "n":
      text = PythonNumber.general(magnitude, precision, keepsZeros: isAlternate)
    case "%": text = PythonNumber.fixed(magnitude * 100, precision) + "%"
    default: return nil
    }
    return type == "E" || type == "F" || type == "G" ? text.uppercased() : text
  }
}
