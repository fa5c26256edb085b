// SPDX-License-Identifier: Apache-2.0

/// Texts inside the texts of lists, JSON and HTML. The marks around a text are data; an escape has
/// the origin of the scalar that it stands for.
extension OriginText {
  /// What Python's `repr` writes.
  func representation() -> OriginText {
    let hasSingle = scalars.contains("'")
    let quote: Unicode.Scalar = hasSingle && !scalars.contains("\"") ? "\"" : "'"
    var result = OriginText()
    result.reserveCapacity(count + 2)
    result.append(quote, .data)
    for run in runs {
      for scalar in scalars[run.range] {
        switch scalar {
        case "\\": result.append("\\\\", run.origin)
        case quote:
          result.append("\\", run.origin)
          result.append(quote, run.origin)
        case "\n": result.append("\\n", run.origin)
        case "\r": result.append("\\r", run.origin)
        case "\t": result.append("\\t", run.origin)
        default:
          if PythonText.isPrintable(scalar) {
            result.append(scalar, run.origin)
          } else {
            result.append(Self.pythonEscape(scalar), run.origin)
          }
        }
      }
    }
    result.append(quote, .data)
    return result
  }

  static func pythonEscape(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0..<0x100: "\\x" + hex(scalar.value, 2)
    case 0x100..<0x10000: "\\u" + hex(scalar.value, 4)
    default: "\\U" + hex(scalar.value, 8)
    }
  }

  static func hex(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Appends the text as a JSON string, as Python's `json.dumps` writes it.
  func appendJSON(escapingNonASCII: Bool, to result: inout OriginText) {
    result.append("\"", .data)
    for run in runs {
      for scalar in scalars[run.range] {
        switch scalar {
        case "\"": result.append("\\\"", run.origin)
        case "\\": result.append("\\\\", run.origin)
        case "\n": result.append("\\n", run.origin)
        case "\r": result.append("\\r", run.origin)
        case "\t": result.append("\\t", run.origin)
        case "\u{8}": result.append("\\b", run.origin)
        case "\u{C}": result.append("\\f", run.origin)
        default:
          if scalar.value < 0x20 || (escapingNonASCII && scalar.value > 0x7E) {
            appendJSONEscape(scalar, run.origin, &result)
          } else {
            result.append(scalar, run.origin)
          }
        }
      }
    }
    result.append("\"", .data)
  }

  private func appendJSONEscape(
    _ scalar: Unicode.Scalar,
    _ origin: Origin,
    _ result: inout OriginText
  ) {
    // DEL is ASCII and stays.
    if scalar.value == 0x7F {
      result.append(scalar, origin)
      return
    }
    for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
      result.append("\\u" + Self.hex(UInt32(unit), 4), origin)
    }
  }

  /// The text with what HTML gives a meaning to escaped, marked as safe.
  func htmlEscaped() -> OriginText {
    if isMarkup { return self }
    var result = mapScalars { scalar, _, result, origin in
      switch scalar {
      case "&": result.append("&amp;", origin)
      case "<": result.append("&lt;", origin)
      case ">": result.append("&gt;", origin)
      case "\"": result.append("&#34;", origin)
      case "'": result.append("&#39;", origin)
      default: result.append(scalar, origin)
      }
    }
    result.isMarkup = true
    return result
  }
}
