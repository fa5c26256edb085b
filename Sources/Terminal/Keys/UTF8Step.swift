// SPDX-License-Identifier: Apache-2.0

/// What the next bytes of a stream are as UTF-8.
enum UTF8Step: Hashable {
  case scalar(Unicode.Scalar, byteCount: Int)
  /// The beginning of a scalar whose rest may still come.
  case incomplete
  /// Bytes that are no UTF-8: the maximal part that could have begun a scalar, as Unicode advises.
  case invalid(byteCount: Int)

  /// Reads one step; `bytes` is not empty.
  init(_ bytes: ArraySlice<UInt8>) {
    let first = bytes[bytes.startIndex]
    guard first >= 0x80 else {
      self = .scalar(Unicode.Scalar(first), byteCount: 1)
      return
    }
    guard let form = Self.form(of: first) else {
      self = .invalid(byteCount: 1)
      return
    }
    var value = UInt32(first) & form.mask
    for offset in 1..<form.byteCount {
      let index = bytes.startIndex + offset
      guard index < bytes.endIndex else {
        self = .incomplete
        return
      }
      let allowed = offset == 1 ? form.second : 0x80...0xBF
      guard allowed.contains(bytes[index]) else {
        self = .invalid(byteCount: offset)
        return
      }
      value = value << 6 | UInt32(bytes[index] & 0x3F)
    }
    guard let scalar = Unicode.Scalar(value) else {
      self = .invalid(byteCount: form.byteCount)
      return
    }
    self = .scalar(scalar, byteCount: form.byteCount)
  }

  private struct Form {
    var byteCount: Int
    var mask: UInt32
    var second: ClosedRange<UInt8>
  }

  // Table 3-7 of the Unicode standard: what may follow each first byte.
  private static func form(of first: UInt8) -> Form? {
    switch first {
    case 0xC2...0xDF: Form(byteCount: 2, mask: 0x1F, second: 0x80...0xBF)
    case 0xE0: Form(byteCount: 3, mask: 0x0F, second: 0xA0...0xBF)
    case 0xED: Form(byteCount: 3, mask: 0x0F, second: 0x80...0x9F)
    case 0xE1...0xEF: Form(byteCount: 3, mask: 0x0F, second: 0x80...0xBF)
    case 0xF0: Form(byteCount: 4, mask: 0x07, second: 0x90...0xBF)
    case 0xF1...0xF3: Form(byteCount: 4, mask: 0x07, second: 0x80...0xBF)
    case 0xF4: Form(byteCount: 4, mask: 0x07, second: 0x80...0x8F)
    default: nil
    }
  }
}
