// SPDX-License-Identifier: Apache-2.0

/// Tells code, texts and comments of a Swift or C file apart, byte by byte.
///
/// Each result has the layout of the file; what does not belong to it is blank.
struct SourceScanner {
  private let bytes: [UInt8]
  private let isSwift: Bool
  /// Without comments.
  private(set) var code: [UInt8]
  /// Without comments and texts; a raw identifier counts as text, since it is prose.
  private(set) var bareCode: [UInt8]
  /// The comments alone.
  private(set) var comments: [UInt8]

  init(_ text: String, isSwift: Bool) {
    bytes = Array(text.utf8)
    self.isSwift = isSwift
    code = bytes
    bareCode = bytes
    comments = bytes.map { $0 == .newline ? $0 : .space }
    scan()
  }

  private mutating func scan() {
    var position = 0
    while position < bytes.count {
      if let end = endOfComment(position) {
        for index in position..<end where bytes[index] != .newline {
          comments[index] = bytes[index]
          code[index] = .space
          bareCode[index] = .space
        }
        position = end
      } else if let end = endOfText(position) {
        for index in position..<end where bytes[index] != .newline { bareCode[index] = .space }
        position = end
      } else {
        position += 1
      }
    }
  }

  private func endOfComment(_ start: Int) -> Int? {
    if has("//", at: start) {
      return bytes[start...].firstIndex(of: .newline) ?? bytes.count
    }
    guard has("/*", at: start) else { return nil }
    var depth = 0
    var position = start
    while position < bytes.count {
      if has("/*", at: position), isSwift || depth == 0 {
        depth += 1
        position += 2
      } else if has("*/", at: position) {
        depth -= 1
        position += 2
        if depth == 0 { return position }
      } else {
        position += 1
      }
    }
    return bytes.count
  }

  private func endOfText(_ start: Int) -> Int? {
    switch bytes[start] {
    case UInt8(ascii: "`") where isSwift: return end(of: "`", after: start)
    case UInt8(ascii: "'") where !isSwift: return end(of: "'", after: start)
    case UInt8(ascii: "#") where has("#/", at: start):
      return isSwift ? end(of: "/#", after: start + 1) : nil
    case UInt8(ascii: "\""), UInt8(ascii: "#"): break
    default: return nil
    }
    let open = bytes[start...].firstIndex { $0 != UInt8(ascii: "#") } ?? start
    guard has("\"", at: open), isSwift || open == start else { return nil }
    let hashes = String(repeating: "#", count: open - start)
    let isLong = isSwift && has("\"\"\"", at: open)
    let delimiter = (isLong ? "\"\"\"" : "\"") + hashes
    return endOfString(open + (isLong ? 3 : 1), delimiter, escape: "\\" + hashes, isLong: isLong)
  }

  private func endOfString(_ start: Int, _ delimiter: String, escape: String, isLong: Bool) -> Int {
    var position = start
    while position < bytes.count {
      if has(escape, at: position) {
        let next = position + escape.utf8.count
        position = isSwift && has("(", at: next) ? endOfInterpolation(next) : next + 1
      } else if has(delimiter, at: position) {
        return position + delimiter.utf8.count
      } else if bytes[position] == .newline, !isLong {
        return position
      } else {
        position += 1
      }
    }
    return bytes.count
  }

  private func endOfInterpolation(_ open: Int) -> Int {
    var depth = 0
    var position = open
    while position < bytes.count {
      if position > open, let end = endOfText(position) {
        position = end
        continue
      }
      if has("(", at: position) { depth += 1 }
      if has(")", at: position) { depth -= 1 }
      position += 1
      if depth == 0 { return position }
    }
    return bytes.count
  }

  /// The end of a short text that stands on one line; a backslash escapes.
  private func end(of delimiter: String, after start: Int) -> Int {
    var position = start + 1
    while position < bytes.count, bytes[position] != .newline {
      if has(delimiter, at: position) { return position + delimiter.utf8.count }
      position += has("\\", at: position) ? 2 : 1
    }
    return min(position, bytes.count)
  }

  private func has(_ text: String, at position: Int) -> Bool {
    bytes[min(position, bytes.count)...].starts(with: text.utf8)
  }
}

extension UInt8 {
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let space = UInt8(ascii: " ")
}
