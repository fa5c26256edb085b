// SPDX-License-Identifier: Apache-2.0

/// Well-formedness of UTF-8 (Unicode 16, table 3-7).
public enum UTF8Check {
  /// Returns how many bytes the scalar that starts at `position` takes, nil if it is ill-formed.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - position: An index of `bytes`.
  /// - Returns: 1 to 4, or nil.
  public static func scalarLength(in bytes: Span<UInt8>, at position: Int) -> Int? {
    let lead = bytes[position]
    var second: ClosedRange<UInt8> = 0x80...0xBF
    let length: Int
    switch lead {
    case 0..<0x80: return 1
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return nil
    }
    guard position + length <= bytes.count, second.contains(bytes[position + 1]) else {
      return nil
    }
    for index in position + 2..<max(position + 2, position + length)
    where bytes[index] & 0xC0 != 0x80 {
      return nil
    }
    return length
  }

  /// Returns the first byte that belongs to no well-formed scalar, nil if all is well.
  public static func firstFault(in bytes: Span<UInt8>) -> Int? {
    var position = 0
    while position < bytes.count {
      guard let length = scalarLength(in: bytes, at: position) else { return position }
      position += length
    }
    return nil
  }
}
