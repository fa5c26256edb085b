// SPDX-License-Identifier: Apache-2.0

import JSON

/// Lines and paragraphs in bytes.
enum TextBlock {
  /// One past the last empty line, nil where there is none.
  static func endOfParagraphs(_ bytes: Span<UInt8>) -> Int? {
    var index = bytes.count - 1
    var isEmptyLine = false
    var end = 0
    while index >= 0 {
      let byte = bytes[index]
      if byte == 0x0A {
        if isEmptyLine { return end }
        isEmptyLine = true
        end = index + 1
      } else if byte > 0x20 {
        isEmptyLine = false
      }
      index -= 1
    }
    return nil
  }

  /// One past the last line's end, or where a scalar begins in a line without one.
  static func endOfLines(_ bytes: Span<UInt8>) -> Int {
    for index in bytes.indices.reversed() where bytes[index] == 0x0A { return index + 1 }
    var end = bytes.count - 1
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }

  /// Whether there is more than spaces.
  static func hasText(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where bytes[index] > 0x20 { return true }
    return false
  }

  /// How many lines end.
  static func lineCount(_ bytes: Span<UInt8>) -> Int {
    var count = 0
    for index in bytes.indices where bytes[index] == 0x0A { count += 1 }
    return count
  }

  /// The first byte that is no text's: ill-formed UTF-8, or zero.
  static func firstFault(_ bytes: Span<UInt8>) -> Int? {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        if byte == 0 { return index }
        index += 1
        continue
      }
      guard let length = UTF8Check.scalarLength(in: bytes, at: index) else { return index }
      index += length
    }
    return nil
  }
}
