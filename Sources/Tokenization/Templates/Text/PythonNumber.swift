// SPDX-License-Identifier: Apache-2.0

/// Numbers as Python writes and reads them.
enum PythonNumber {
  // LIMIT: more digits than any double has.
  static let precisionLimit = 1_100

  /// What `repr` writes: the fewest digits that read back as the same number.
  static func representation(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let (digits, exponent) = shortest(value)
    let sign = value.sign == .minus ? "-" : ""
    if exponent < -4 || exponent >= 16 {
      return sign + scientific(digits, exponent)
    }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    let whole = exponent + 1
    if digits.count <= whole {
      return sign + digits + String(repeating: "0", count: whole - digits.count) + ".0"
    }
    return sign + digits.prefix(whole) + "." + digits.dropFirst(whole)
  }

  /// The shortest digits and the power of ten of the first.
  private static func shortest(_ value: Double) -> (digits: String, exponent: Int) {
    if value == 0 { return (digits: "0", exponent: 0) }
    let parts = "\(value.magnitude)".split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = mantissa[0]
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    var digits = whole + fraction
    var exponent = whole.count - 1 + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    while digits.first == "0", digits.count > 1 {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.last == "0", digits.count > 1 { digits.removeLast() }
    return (digits: String(digits), exponent: exponent)
  }

  private static func scientific(_ digits: String, _ exponent: Int, mark: String = "e") -> String {
    let rest = digits.dropFirst()
    let size = abs(exponent)
    return digits.prefix(1) + (rest.isEmpty ? "" : "." + rest)
      + mark + (exponent < 0 ? "-" : "+") + (size < 10 ? "0\(size)" : "\(size)")
  }

  /// The magnitude with a fixed count of digits behind the point: `%.3f`.
  static func fixed(_ value: Double, _ places: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : "inf" }
    var decimal = ExactDecimal(value)
    decimal.round(toPlaces: places)
    return decimal.plainText
  }

  /// The magnitude with an exponent: `%.3e`.
  static func exponential(_ value: Double, _ places: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : "inf" }
    var decimal = ExactDecimal(value)
    decimal.round(toDigits: places + 1)
    let known = decimal.digits.map { String($0) }.joined()
    let digits = known + String(repeating: "0", count: places + 1 - known.count)
    return scientific(digits, decimal.exponent)
  }

  /// The magnitude in the shorter of both forms: `%.3g`, or `%#.3g`, which keeps zeros.
  static func general(_ value: Double, _ precision: Int, keepsZeros: Bool = false) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : "inf" }
    let text = general(value, max(1, precision), longest: max(1, precision))
    guard keepsZeros else { return withoutZeros(text) }
    if text.contains(".") { return text }
    let parts = text.split(separator: "e", maxSplits: 1)
    return parts[0] + "." + (parts.count > 1 ? "e" + parts[1] : "")
  }

  /// The magnitude as `{:.3}` writes floats: like `general`, but never without a fraction.
  static func withFraction(_ value: Double, _ precision: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : "inf" }
    let text = withoutZeros(general(value, max(1, precision), longest: max(1, precision) - 1))
    return text.contains(".") || text.contains("e") ? text : text + ".0"
  }

  private static func general(_ value: Double, _ precision: Int, longest: Int) -> String {
    var decimal = ExactDecimal(value)
    decimal.round(toDigits: precision)
    let exponent = decimal.exponent
    return exponent < -4 || exponent >= max(1, longest)
      ? exponential(value, precision - 1) : fixed(value, precision - 1 - exponent)
  }

  private static func withoutZeros(_ text: String) -> String {
    let parts = text.split(separator: "e", maxSplits: 1)
    var digits = String(parts[0])
    if digits.contains(".") {
      while digits.last == "0" { digits.removeLast() }
      if digits.last == "." { digits.removeLast() }
    }
    return digits + (parts.count > 1 ? "e" + parts[1] : "")
  }

  /// What `round(value, places)` gives.
  static func rounded(_ value: Double, _ places: Int) -> Double {
    guard value.isFinite, places < 340 else { return value }
    guard places > -310 else { return 0 * value }
    var decimal = ExactDecimal(value)
    decimal.round(toPlaces: places)
    let magnitude = Double(decimal.plainText) ?? value.magnitude
    return value.sign == .minus ? -magnitude : magnitude
  }

  /// What `float(text)` reads; nil where it refuses.
  static func float(_ text: OriginText) -> Double? {
    guard let plain = ascii(text) else { return nil }
    var body = plain[...]
    if body.first == "-" || body.first == "+" { body = body.dropFirst() }
    let isNegative = plain.first == "-"
    switch body.lowercased() {
    case "inf", "infinity": return isNegative ? -.infinity : .infinity
    case "nan": return .nan
    default: break
    }
    // Swift would also take hexadecimal floats.
    guard let first = body.first, first.isNumber || first == ".", !body.contains("x"),
      !body.contains("X"), !body.contains("n"), !body.contains("p"), body != "."
    else { return nil }
    return Double(plain)
  }

  /// What `int(text, base)` reads; nil where it refuses.
  static func integer(_ text: OriginText, radix: Int) -> Int128? {
    guard let plain = ascii(text) else { return nil }
    var body = plain[...]
    let isNegative = body.first == "-"
    if isNegative || body.first == "+" { body = body.dropFirst() }
    var radix = radix
    for (mark, base) in [("0b", 2), ("0o", 8), ("0x", 16)]
    where (radix == base || radix == 0) && body.lowercased().hasPrefix(mark) {
      body = body.dropFirst(2)
      radix = base
    }
    if radix == 0 {
      if body.count > 1, body.first == "0", body.contains(where: { $0 != "0" }) { return nil }
      radix = 10
    }
    guard (2...36).contains(radix), let first = body.first, first.isLetter || first.isNumber,
      let value = Int128(body, radix: radix)
    else { return nil }
    return isNegative ? -value : value
  }

  /// The text without white space around it and underscores between digits, its digits in ASCII;
  /// nil where it holds anything else that is not ASCII.
  private static func ascii(_ text: OriginText) -> String? {
    let scalars = text.stripped().scalars
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      if scalar == "_" {
        guard index > 0, index + 1 < scalars.count, PythonText.isAlphanumeric(scalars[index - 1]),
          PythonText.isAlphanumeric(scalars[index + 1])
        else { return nil }
      } else if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else if PythonText.isDecimal(scalar), let value = scalar.properties.numericValue {
        result += String(Int(value))
      } else {
        return nil
      }
    }
    return result
  }
}
