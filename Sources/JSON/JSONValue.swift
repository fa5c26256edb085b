// SPDX-License-Identifier: Apache-2.0

/// One value of a JSON document.
///
/// A copy is a reference to the document and an index. Accessors return nil where the value is of
/// another kind; the caller, who knows the field's name, makes the error.
public struct JSONValue: Sendable {
  let document: JSONDocument
  let index: Int

  private var node: JSONDocument.Node { document.nodes[index] }

  /// Whether this is `null`.
  public var isNull: Bool { node.kind == .null }

  /// The truth value, nil if this is no `true` or `false`.
  public var boolean: Bool? {
    node.kind == .boolean ? document.bytes[Int(node.start)] == UInt8(ascii: "t") : nil
  }

  /// The number as an integer; nil if it is written with a fraction or exponent, or passes 64 bits.
  public var integer: Int? {
    guard node.kind == .integer else { return nil }
    let digits = document.bytes[content]
    guard digits.count <= 18 else { return Int(literal) }
    var value = 0
    for digit in digits where digit != UInt8(ascii: "-") {
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return digits.first == UInt8(ascii: "-") ? -value : value
  }

  /// The number, rounded to double precision; nil if this is no number.
  public var double: Double? {
    node.kind == .integer || node.kind == .number ? Double(literal) : nil
  }

  /// Whether this is a number of any size.
  public var isNumber: Bool { node.kind == .integer || node.kind == .number }

  /// The string with its escapes resolved; a lone surrogate becomes U+FFFD.
  public var string: String? {
    switch node.kind {
    case .string: String(decoding: document.bytes[content], as: UTF8.self)
    case .escapedString: String(decoding: unescapedBytes(), as: UTF8.self)
    default: nil
    }
  }

  /// The UTF-8 of the string with its escapes resolved.
  public var stringBytes: [UInt8]? {
    switch node.kind {
    case .string: Array(document.bytes[content])
    case .escapedString: unescapedBytes()
    default: nil
    }
  }

  /// Appends the UTF-8 of the string, escapes resolved, to a buffer that the caller reuses.
  ///
  /// - Returns: Whether this is a string; nothing is appended otherwise.
  public func appendStringBytes(to buffer: inout [UInt8]) -> Bool {
    switch node.kind {
    case .string: buffer.append(contentsOf: document.bytes[content])
    case .escapedString: buffer.append(contentsOf: unescapedBytes())
    default: return false
    }
    return true
  }

  /// The value as it is written, brackets and quotes included.
  public var source: String {
    let end = node.next < document.nodes.count ? Int(node.next) : document.nodes.count
    switch node.kind {
    case .string, .escapedString:
      return "\"" + String(decoding: document.bytes[content], as: UTF8.self) + "\""
    case .array, .object: return end == index + 1 ? "{}" : "{…}"
    default: return literal
    }
  }

  /// The elements of an array, nil if this is none.
  public var array: JSONElements? {
    node.kind == .array ? JSONElements(container: self, count: Int(node.count)) : nil
  }

  /// The members of an object in the order of the text, nil if this is none.
  public var object: JSONMembers? {
    node.kind == .object ? JSONMembers(container: self, count: Int(node.count)) : nil
  }

  /// The first member with this key; nil if there is none, or this is no object.
  ///
  /// - Complexity: O(number of members).
  public subscript(key: String) -> JSONValue? {
    guard let object else { return nil }
    for member in object where member.keyEquals(key) { return member.value }
    return nil
  }

  private var content: Range<Int> { Int(node.start)..<Int(node.end) }

  private var literal: String { String(decoding: document.bytes[content], as: UTF8.self) }

  var nextIndex: Int { Int(node.next) }

  func equals(_ text: String) -> Bool {
    node.kind == .string
      ? document.bytes[content].elementsEqual(text.utf8)
      : node.kind == .escapedString && unescapedBytes().elementsEqual(text.utf8)
  }

  private func unescapedBytes() -> [UInt8] {
    let bytes = document.bytes
    var result: [UInt8] = []
    result.reserveCapacity(content.count)
    var position = content.lowerBound
    while position < content.upperBound {
      // What stands between two escapes is copied at once.
      let run = position
      while position < content.upperBound, bytes[position] != UInt8(ascii: "\\") { position += 1 }
      result.append(contentsOf: bytes[run..<position])
      guard position < content.upperBound else { break }
      let escape = bytes[position + 1]
      position += 2
      switch escape {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"): appendEscapedScalar(to: &result, at: &position)
      default: result.append(escape)
      }
    }
    return result
  }

  /// Appends the scalar of the four hexadecimal digits at `position`, and of a second escape where
  /// the two form a surrogate pair.
  private func appendEscapedScalar(to result: inout [UInt8], at position: inout Int) {
    var value = hexQuad(at: position)
    position += 4
    if (0xD800..<0xDC00).contains(value), position + 6 <= content.upperBound,
      document.bytes[position] == UInt8(ascii: "\\"),
      document.bytes[position + 1] == UInt8(ascii: "u")
    {
      let low = hexQuad(at: position + 2)
      if (0xDC00..<0xE000).contains(low) {
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        position += 6
      }
    }
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    result.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
  }

  private func hexQuad(at position: Int) -> UInt32 {
    var value: UInt32 = 0
    for index in position..<position + 4 {
      value = value << 4 | UInt32(Self.hexValue(document.bytes[index]) ?? 0)
    }
    return value
  }

  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
