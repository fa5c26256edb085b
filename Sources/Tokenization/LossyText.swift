// SPDX-License-Identifier: Apache-2.0

/// Bytes that should be UTF-8.
public enum LossyText {
  /// Returns the text with one U+FFFD for each maximal part that is not UTF-8 (Unicode 16, section
  /// 3.9, "substitution of maximal subparts").
  public static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var accumulator = UTF8Accumulator()
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes { accumulator.append(byte, to: &result) }
    accumulator.finish(into: &result)
    return result
  }
}

/// Takes bytes one by one and gives whole characters, holding back at most three bytes.
struct UTF8Accumulator: Sendable {
  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  private var held: [UInt8] = []
  /// How many bytes the character that is held takes.
  private var length = 0

  /// Returns whether the byte goes on with the character that is held, or nothing is held.
  func accepts(_ byte: UInt8) -> Bool { held.isEmpty || isContinuation(byte) }

  /// Takes a byte, and appends what is now certain.
  mutating func append(_ byte: UInt8, to result: inout [UInt8]) {
    if !held.isEmpty {
      if isContinuation(byte) {
        held.append(byte)
        if held.count == length {
          result += held
          held.removeAll(keepingCapacity: true)
        }
        return
      }
      result += Self.replacement
      held.removeAll(keepingCapacity: true)
    }
    switch byte {
    case 0..<0x80: result.append(byte)
    case 0xC2...0xDF: hold(byte, of: 2)
    case 0xE0...0xEF: hold(byte, of: 3)
    case 0xF0...0xF4: hold(byte, of: 4)
    default: result += Self.replacement
    }
  }

  /// Appends what is still held, which is no character, as one U+FFFD.
  mutating func finish(into result: inout [UInt8]) {
    guard !held.isEmpty else { return }
    result += Self.replacement
    held.removeAll(keepingCapacity: true)
  }

  /// Forgets what is held and appends one U+FFFD for each of its bytes.
  mutating func finishByteByByte(into result: inout [UInt8]) {
    for _ in held { result += Self.replacement }
    held.removeAll(keepingCapacity: true)
  }

  private mutating func hold(_ byte: UInt8, of length: Int) {
    held.append(byte)
    self.length = length
  }

  private func isContinuation(_ byte: UInt8) -> Bool {
    guard held.count == 1 else { return 0x80...0xBF ~= byte }
    switch held[0] {
    case 0xE0: return 0xA0...0xBF ~= byte
    case 0xED: return 0x80...0x9F ~= byte
    case 0xF0: return 0x90...0xBF ~= byte
    case 0xF4: return 0x80...0x8F ~= byte
    default: return 0x80...0xBF ~= byte
    }
  }
}
