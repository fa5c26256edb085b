// SPDX-License-Identifier: Apache-2.0

/// Texts and numbers as the report's page shows them.
enum ReportText {
  /// A text of others between tags or in an attribute of ours.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      // HTML has no such characters, not even escaped.
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The beginning of a text and whether more follows.
  static func shortened(_ text: String, to limit: Int) -> String {
    let start = text.prefix(limit)
    return start.endIndex == text.endIndex ? text : start + " …"
  }

  /// A number with four digits: `3.142`, `12,345`, `2.2e-4`, `14.8 M`.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return nonFinite(value) }
    let size = value.magnitude
    if size == 0 { return "0" }
    if size < 1e-3 { return scientific(value, digits: 3) }
    if size < 9999.5 {
      return trimmed(
        value,
        places: size < 1 ? 4 : size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0
      )
    }
    if size < 1e6, value.rounded() == value { return grouped(Int(value)) }
    return lettered(value, places: 2)
  }

  private static func nonFinite(_ value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞"
  }

  /// A whole number with its thousands apart.
  static func grouped(_ value: Int) -> String {
    var text = ""
    for (index, digit) in String(value.magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "−" : "") + String(text.reversed())
  }

  /// A number with a fixed count of places, without zeros at the end.
  static func trimmed(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e15 else { return scientific(value, digits: 3) }
    let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
    let sign = value < 0 && scaled > 0 ? "−" : ""
    guard rest > 0 else { return "\(sign)\(whole)" }
    var fraction = String(rest)
    fraction = String(repeating: "0", count: places - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(sign)\(whole).\(fraction)"
  }

  /// A number with the letter of a power of 1000: `1.5 k`.
  static func lettered(_ value: Double, places: Int) -> String {
    let letters = ["", " k", " M", " G", " T", " P", " E"]
    var (value, index) = (value, 0)
    while value.magnitude >= 999.95, index < letters.count - 1 {
      value /= 1000
      index += 1
    }
    return trimmed(value, places: places) + letters[index]
  }

  /// A number with its power of ten: `2.2e-4`.
  static func scientific(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    guard value != 0 else { return "0" }
    var (mantissa, exponent) = (value.magnitude, 0)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var text = trimmed(mantissa, places: digits - 1)
    if text == "10" { (text, exponent) = ("1", exponent + 1) }
    return "\(value < 0 ? "−" : "")\(text)e\(exponent)"
  }

  /// A coordinate: one place is a tenth of a pixel.
  static func coordinate(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0
      ? "\(tenths / 10)"
      : "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
  }
}
