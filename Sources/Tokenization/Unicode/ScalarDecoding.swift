// SPDX-License-Identifier: Apache-2.0

/// One scalar of a text and the bytes that it takes.
struct DecodedScalar {
  var value: UInt32
  var length: Int
}

extension Span where Element == UInt8 {
  /// Reads the scalar at a position of well-formed UTF-8.
  ///
  /// - Precondition: `position` starts a scalar; texts are checked once, where they come in.
  @inline(__always)
  func scalar(at position: Int) -> DecodedScalar {
    let lead = UInt32(self[position])
    if lead < 0x80 { return DecodedScalar(value: lead, length: 1) }
    let second = UInt32(self[position + 1]) & 0x3F
    if lead < 0xE0 { return DecodedScalar(value: (lead & 0x1F) << 6 | second, length: 2) }
    let third = UInt32(self[position + 2]) & 0x3F
    if lead < 0xF0 {
      return DecodedScalar(value: (lead & 0x0F) << 12 | second << 6 | third, length: 3)
    }
    let fourth = UInt32(self[position + 3]) & 0x3F
    return DecodedScalar(
      value: (lead & 0x07) << 18 | second << 12 | third << 6 | fourth,
      length: 4
    )
  }
}

extension Array where Element == UInt8 {
  /// Appends the UTF-8 of a scalar; surrogates and what lies beyond U+10FFFF become U+FFFD.
  mutating func appendScalar(_ value: UInt32) {
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    let value = scalar.value
    switch value {
    case 0..<0x80:
      append(UInt8(value))
    case 0x80..<0x800:
      append(UInt8(0xC0 | value >> 6))
      append(UInt8(0x80 | value & 0x3F))
    case 0x800..<0x10000:
      append(UInt8(0xE0 | value >> 12))
      append(UInt8(0x80 | value >> 6 & 0x3F))
      append(UInt8(0x80 | value & 0x3F))
    default:
      append(UInt8(0xF0 | value >> 18))
      append(UInt8(0x80 | value >> 12 & 0x3F))
      append(UInt8(0x80 | value >> 6 & 0x3F))
      append(UInt8(0x80 | value & 0x3F))
    }
  }
}
