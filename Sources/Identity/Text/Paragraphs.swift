// SPDX-License-Identifier: Apache-2.0

/// The paragraphs of a text: what stands between empty lines.
public enum Paragraphs {
  /// The bytes of each paragraph, in order, without the empty lines around it.
  public static func ranges(of bytes: Span<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start: Int?
    var end = 0
    var index = 0
    while index < bytes.count {
      while index < bytes.count, bytes[index] <= 0x20, bytes[index] != 0x0A { index += 1 }
      guard index < bytes.count else { break }
      if bytes[index] == 0x0A {
        if let first = start { ranges.append(first..<end) }
        start = nil
      } else {
        if start == nil { start = index }
        // What stands in a line plays no part: most of the time goes by here.
        while index < bytes.count, bytes[index] != 0x0A { index += 1 }
        end = index
        while bytes[end - 1] <= 0x20 { end -= 1 }
      }
      index += 1
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
