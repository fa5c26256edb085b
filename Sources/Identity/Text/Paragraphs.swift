// SPDX-License-Identifier: Apache-2.0

/// The paragraphs of a text: what stands between empty lines.
public enum Paragraphs {
  /// The bytes of each paragraph, in order, without the empty lines around it.
  public static func ranges(of bytes: Span<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start: Int?
    var end = 0
    var isEmptyLine = true
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == 0x0A {
        if isEmptyLine, let first = start {
          ranges.append(first..<end)
          start = nil
        }
        isEmptyLine = true
      } else if byte > 0x20 {
        if start == nil { start = index }
        isEmptyLine = false
        end = index + 1
      }
    }
    if let first = start { ranges.append(first..<end) }
    return ranges
  }
}

extension String {
  /// The text of well-formed UTF-8.
  init(copying bytes: Span<UInt8>) {
    self.init(
      decoding: [UInt8](capacity: bytes.count) { output in
        for index in bytes.indices { output.append(bytes[index]) }
      },
      as: UTF8.self
    )
  }
}
