// SPDX-License-Identifier: Apache-2.0

/// A part of a turn that is judged by itself.
struct Segment: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case prose
    /// Text between the think tags.
    case thinking
    /// Lines of code that hold a comment or name an author.
    case code
  }

  var kind: Kind
  /// Where it stands in the turn, in bytes.
  var bytes: Range<Int>

  /// The parts of a turn, in order.
  ///
  /// Code without comments and quoted lines belong to none.
  static func all(of text: String) -> [Segment] {
    var segments: [Segment] = []
    var state = State()
    var offset = 0
    for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let bytes = offset..<offset + line.count
      offset = bytes.upperBound + 1
      state.take(Substring(line), bytes, &segments)
    }
    return segments
  }

  private struct State {
    var fence: Character?
    var isDocumentation = false
    var isThinking = false

    mutating func take(_ line: Substring, _ bytes: Range<Int>, _ segments: inout [Segment]) {
      let content = line.drop { $0 == " " || $0 == "\t" }
      for mark in ["```", "~~~"] where content.hasPrefix(mark) {
        if fence == nil { fence = mark.first } else if fence == mark.first { fence = nil }
        isDocumentation = false
        return
      }
      guard fence == nil else {
        if isComment(content) { append(.code, bytes, &segments) }
        return
      }
      if content.hasPrefix(">"), !content.hasPrefix(">>>") { return }
      prose(line, bytes, &segments)
    }

    /// Splits a line at think tags.
    private mutating func prose(
      _ line: Substring,
      _ bytes: Range<Int>,
      _ segments: inout [Segment]
    ) {
      var rest = line
      var start = bytes.lowerBound
      while !rest.isEmpty {
        let tags = isThinking ? ["</think>", "</thinking>"] : ["<think>", "<thinking>"]
        let found = tags.compactMap { rest.firstRange(of: $0) }.min {
          $0.lowerBound < $1.lowerBound
        }
        guard let found else { break }
        let before = rest[..<found.lowerBound].utf8.count
        append(isThinking ? .thinking : .prose, start..<start + before, &segments)
        start += rest[..<found.upperBound].utf8.count
        rest = rest[found.upperBound...]
        isThinking.toggle()
      }
      append(isThinking ? .thinking : .prose, start..<bytes.upperBound, &segments)
    }

    private mutating func isComment(_ line: Substring) -> Bool {
      let quotes = line.ranges(of: "\"\"\"").count + line.ranges(of: "'''").count
      let wasDocumentation = isDocumentation
      if quotes % 2 == 1 { isDocumentation.toggle() }
      if quotes > 0 || wasDocumentation { return true }
      let marks = ["#", "//", "/*", "*", "--", "<!--", ";", "%", "\"", "rem ", "REM "]
      if marks.contains(where: { line.hasPrefix($0) }) { return !line.hasPrefix("#include") }
      if line.contains(" # ") || line.contains(" // ") || line.contains("/*") { return true }
      // A member of an object may describe the assistant.
      if line.hasPrefix("{\"") || line.hasPrefix("\"") || Self.isMember(line) { return true }
      return ["author", "Author", "AUTHOR", "created_by", "generated"].contains {
        line.contains($0)
      }
    }

    /// `key: value`, as YAML has it.
    private static func isMember(_ line: Substring) -> Bool {
      guard let colon = line.utf8.firstIndex(of: 0x3A), colon > line.startIndex else {
        return false
      }
      let rest = line[colon...].dropFirst()
      return rest.hasPrefix(" ")
        && line[..<colon].utf8.allSatisfy { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 == 0x5F }
    }

    private func append(_ kind: Kind, _ bytes: Range<Int>, _ segments: inout [Segment]) {
      guard let last = segments.last, last.kind == kind,
        last.bytes.upperBound + 1 == bytes.lowerBound
      else { return segments.append(Segment(kind: kind, bytes: bytes)) }
      segments[segments.count - 1].bytes = last.bytes.lowerBound..<bytes.upperBound
    }
  }
}
