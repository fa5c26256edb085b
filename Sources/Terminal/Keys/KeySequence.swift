// SPDX-License-Identifier: Apache-2.0

/// What stands at the beginning of bytes that are not empty.
enum KeySequence: Hashable {
  case key(Key, byteCount: Int)
  /// Bytes without a meaning.
  case nothing(byteCount: Int)
  case pasteStart(byteCount: Int)
  case incomplete

  init(_ bytes: ArraySlice<UInt8>, expectsReports: Bool) {
    let first = bytes[bytes.startIndex]
    if first == Self.escape {
      self = Self.escapeSequence(bytes, expectsReports: expectsReports)
    } else if first < 0x20 || first == 0x7F {
      self = .key(Self.controlKey(first), byteCount: 1)
    } else {
      self = Self.textKey(bytes)
    }
  }

  /// The key of a beginning whose rest did not come; nil of nothing.
  static func key(ofAbandoned bytes: [UInt8]) -> Key? {
    guard let first = bytes.first else { return nil }
    guard first == escape else { return .text("\u{FFFD}") }
    switch bytes.count {
    case 1: return Key(.escape)
    case 2 where bytes[1] == escape: return Key(.escape, .alt)
    case 2 where bytes[1] < 0x7F: return Key(.text(String(Unicode.Scalar(bytes[1]))), .alt)
    default: return Key(.unknown)
    }
  }

  private static let escape: UInt8 = 0x1B

  private static func controlKey(_ byte: UInt8) -> Key {
    switch byte {
    case 0x08, 0x7F: Key(.backspace)
    case 0x09: Key(.tab)
    case 0x0D: Key(.enter)
    case 0x00: .control(" ")
    case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
    default: .control(Character(Unicode.Scalar(byte + 0x40)))
    }
  }

  private static func textKey(_ bytes: ArraySlice<UInt8>) -> KeySequence {
    switch UTF8Step(bytes) {
    case .incomplete: .incomplete
    case .invalid(let byteCount): .key(.text("\u{FFFD}"), byteCount: byteCount)
    // A control character of Latin-1 is nobody's key.
    case .scalar(let scalar, let byteCount) where (0x80...0x9F).contains(scalar.value):
      .nothing(byteCount: byteCount)
    case .scalar(let scalar, let byteCount):
      .key(.text(String(Character(scalar))), byteCount: byteCount)
    }
  }

  private static func escapeSequence(
    _ bytes: ArraySlice<UInt8>,
    expectsReports: Bool
  ) -> KeySequence {
    let rest = bytes.dropFirst()
    guard let second = rest.first else { return .incomplete }
    switch second {
    case escape where rest.count > 1 && rest[rest.startIndex + 1] == escape:
      return .key(Key(.escape), byteCount: 1)
    case UInt8(ascii: "["):
      return ControlSequence.read(bytes, expectsReports: expectsReports)
    case UInt8(ascii: "O"):
      return ControlSequence.readShort(bytes)
    case UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "]"), UInt8(ascii: "^"),
      UInt8(ascii: "_"):
      return string(bytes)
    default:
      // An escape before a key is Alt; before another sequence too.
      switch KeySequence(rest, expectsReports: expectsReports) {
      case .key(var key, let byteCount):
        key.modifiers.insert(.alt)
        return .key(key, byteCount: byteCount + 1)
      case .nothing(let byteCount): return .nothing(byteCount: byteCount + 1)
      case .pasteStart(let byteCount): return .pasteStart(byteCount: byteCount + 1)
      case .incomplete: return .incomplete
      }
    }
  }

  /// A text from the terminal to the program, up to its terminator; none was asked for.
  private static func string(_ bytes: ArraySlice<UInt8>) -> KeySequence {
    var index = bytes.startIndex + 2
    while index < bytes.endIndex {
      if bytes[index] == 0x07 { return .nothing(byteCount: index + 1 - bytes.startIndex) }
      if bytes[index] == escape {
        guard index + 1 < bytes.endIndex else { return .incomplete }
        let end = bytes[index + 1] == UInt8(ascii: "\\") ? index + 2 : index
        return .nothing(byteCount: end - bytes.startIndex)
      }
      index += 1
    }
    return .incomplete
  }
}
