// SPDX-License-Identifier: Apache-2.0

/// The escapes of Python's string literals, as Jinja2 resolves them.
enum TemplateEscapes {
  /// What is wrong with an escape.
  struct Problem: Error {
    var message: String
  }

  /// Resolves the escapes of a literal.
  static func resolved(_ text: ArraySlice<Unicode.Scalar>) -> Result<[Unicode.Scalar], Problem> {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      guard text[index] == "\\" else {
        result.append(text[index])
        index += 1
        continue
      }
      guard index + 1 < text.endIndex else {
        return .failure(Problem(message: "\\ at end of string"))
      }
      switch append(text, &index, to: &result) {
      case nil: continue
      case let problem?: return .failure(problem)
      }
    }
    return .success(result)
  }

  /// Appends what the escape at `index` stands for.
  private static func append(
    _ text: ArraySlice<Unicode.Scalar>,
    _ index: inout Int,
    to result: inout [Unicode.Scalar]
  ) -> Problem? {
    let letter = text[index + 1]
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
      "\\": "\\", "'": "'", "\"": "\"", "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "n": "\n",
      "r": "\r", "t": "\t", "v": "\u{B}",
    ]
    if let scalar = plain[letter] {
      result.append(scalar)
      index += 2
      return nil
    }
    switch letter {
    case "\n": index += 2
    case "0"..."7": appendOctal(text, &index, to: &result)
    case "x": return appendHex(text, &index, 2, "truncated \\xXX escape", to: &result)
    case "u": return appendHex(text, &index, 4, "truncated \\uXXXX escape", to: &result)
    case "U": return appendHex(text, &index, 8, "truncated \\UXXXXXXXX escape", to: &result)
    case "N": return Problem(message: "the escape \\N{…} is not supported: write the character")
    default:
      // An unknown escape stays as it is written.
      result.append(contentsOf: ["\\", letter])
      index += 2
    }
    return nil
  }

  private static func appendOctal(
    _ text: ArraySlice<Unicode.Scalar>,
    _ index: inout Int,
    to result: inout [Unicode.Scalar]
  ) {
    var value: UInt32 = 0
    var end = index + 1
    while end < text.endIndex, end < index + 4, ("0"..."7").contains(text[end]) {
      value = value * 8 + text[end].value - 0x30
      end += 1
    }
    result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    index = end
  }

  private static func appendHex(
    _ text: ArraySlice<Unicode.Scalar>,
    _ index: inout Int,
    _ count: Int,
    _ problem: String,
    to result: inout [Unicode.Scalar]
  ) -> Problem? {
    let digits = text[(index + 2)...].prefix(count)
    let isHex = digits.allSatisfy { $0.isASCII && $0.properties.isASCIIHexDigit }
    guard digits.count == count, isHex,
      let value = UInt32(OriginText(Array(digits), .template).string, radix: 16)
    else { return Problem(message: problem) }
    guard value <= 0x10FFFF else { return Problem(message: "illegal Unicode character") }
    index += 2 + count
    // Half a surrogate pair is no scalar; the other half may follow as an escape of its own.
    if (0xD800..<0xDC00).contains(value), let low = surrogate(text, index) {
      let scalar = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      result.append(Unicode.Scalar(scalar) ?? "\u{FFFD}")
      index += 6
    } else {
      result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }
    return nil
  }

  private static func surrogate(_ text: ArraySlice<Unicode.Scalar>, _ index: Int) -> UInt32? {
    guard index + 6 <= text.endIndex, text[index] == "\\", text[index + 1] == "u" else {
      return nil
    }
    let digits = OriginText(Array(text[(index + 2)..<(index + 6)]), .template).string
    guard let value = UInt32(digits, radix: 16), (0xDC00..<0xE000).contains(value) else {
      return nil
    }
    return value
  }
}
