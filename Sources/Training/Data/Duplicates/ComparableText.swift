// SPDX-License-Identifier: Apache-2.0

import Tokenization

/// What of a document counts when it is compared with others.
enum ComparableText {
  /// The document's text with each run of white space as one space and none at its ends.
  static func bytes(of document: Document) -> [UInt8] {
    var writer = Writer()
    switch document.content {
    case .text(let bytes): writer.append(bytes)
    case .conversation(let messages, let tools):
      // A separator that no text holds parts what stands in different messages.
      for message in messages {
        writer.separate()
        writer.append(Array(message.jsonText.utf8))
      }
      if let tools {
        writer.separate()
        writer.append(Array(tools.jsonText.utf8))
      }
    }
    return writer.bytes
  }

  private struct Writer {
    var bytes: [UInt8] = []
    private var hasGap = false

    mutating func separate() {
      bytes.append(0)
      hasGap = false
    }

    mutating func append(_ text: [UInt8]) {
      bytes.reserveCapacity(bytes.count + text.count)
      var position = 0
      while position < text.count {
        let byte = text[position]
        let length = Self.spaceLength(text, position)
        if length > 0 {
          hasGap = true
          position += length
          continue
        }
        if hasGap, let last = bytes.last, last != 0 { bytes.append(0x20) }
        hasGap = false
        bytes.append(byte)
        position += 1
      }
    }

    /// How many bytes of white space stand here: of ASCII, no-break and ideographic.
    private static func spaceLength(_ text: [UInt8], _ position: Int) -> Int {
      switch text[position] {
      case 0x20, 0x09...0x0D: 1
      case 0xC2 where position + 1 < text.count && text[position + 1] == 0xA0: 2
      case 0xE3
      where position + 2 < text.count && text[position + 1] == 0x80 && text[position + 2] == 0x80:
        3
      default: 0
      }
    }
  }
}
