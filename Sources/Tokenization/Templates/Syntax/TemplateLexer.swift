// SPDX-License-Identifier: Apache-2.0

/// Cuts a template's text into tokens, as Jinja2 3.1 does with `trim_blocks` and `lstrip_blocks`.
struct TemplateLexer {
  let source: [Unicode.Scalar]
  var position = 0
  private var tokens: [TemplateToken] = []
  /// The brackets that are open inside a tag.
  var brackets: [TemplateToken.Mark] = []
  /// Where `place(_:)` last was: it is asked in ascending order.
  private var known = (offset: 0, line: 1, lineStart: 0)
  /// Whether what came last ended with a line break, or nothing came.
  private var startsLine = true

  /// Returns the tokens of a template, the last of them an end or a fault.
  static func tokens(of text: [Unicode.Scalar]) -> [TemplateToken] {
    var lexer = TemplateLexer(source: normalized(text))
    lexer.cutAll()
    return lexer.tokens
  }

  private init(source: [Unicode.Scalar]) { self.source = source }

  /// Every kind of line break as one line feed, and none at the very end.
  private static func normalized(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == "\r" {
        result.append("\n")
        if index + 1 < text.count, text[index + 1] == "\n" { index += 1 }
      } else {
        result.append(text[index])
      }
      index += 1
    }
    if result.last == "\n" { result.removeLast() }
    return result
  }

  private mutating func cutAll() {
    while position < source.count {
      let isWell = cutDataAndTag()
      if !isWell { return }
    }
    append(.end, at: position)
  }

  /// Cuts the text up to the next tag and the tag itself; false after a fault.
  private mutating func cutDataAndTag() -> Bool {
    guard let start = nextTag() else {
      append(.data(Array(source[position...])), at: position)
      position = source.count
      return true
    }
    let kind = source[start + 1]
    var sign = start + 2 < source.count ? source[start + 2] : " "
    if sign != "-", sign != "+" { sign = " " }
    let dataStart = position
    let data = keptData(upTo: start, sign: sign, isOutput: kind == "{")
    if !data.isEmpty { append(.data(data), at: dataStart) }
    let inner = start + 2 + (sign == " " ? 0 : 1)
    switch kind {
    case "#": return skipComment(from: inner, start: start)
    case "%":
      if let body = rawBody(after: inner) { return cutRaw(body: body, start: start) }
      return cutTag(from: inner, start: start, isOutput: false)
    default: return cutTag(from: inner, start: start, isOutput: true)
    }
  }

  private func nextTag() -> Int? {
    var index = position
    while index + 1 < source.count {
      if source[index] == "{" {
        let next = source[index + 1]
        if next == "{" || next == "%" || next == "#" { return index }
      }
      index += 1
    }
    return nil
  }

  /// The text before a tag, without what its sign and `lstrip_blocks` take.
  private func keptData(
    upTo end: Int,
    sign: Unicode.Scalar,
    isOutput: Bool
  ) -> [Unicode.Scalar] {
    var upper = end
    if sign == "-" {
      while upper > position, PythonText.isSpace(source[upper - 1]) { upper -= 1 }
    } else if sign != "+", !isOutput {
      var lineStart = end
      while lineStart > position, source[lineStart - 1] != "\n" { lineStart -= 1 }
      let isWholeLine = lineStart > position || startsLine
      // The published rule strips only where there is something to strip.
      if isWholeLine, lineStart < end, source[lineStart..<end].allSatisfy(PythonText.isSpace) {
        upper = lineStart
      }
    }
    return Array(source[position..<upper])
  }

  private mutating func skipComment(from inner: Int, start: Int) -> Bool {
    var index = inner
    while index + 1 < source.count, !(source[index] == "#" && source[index + 1] == "}") {
      index += 1
    }
    guard index + 1 < source.count else {
      // An empty comment at the end of the text has no end to miss, as in the published lexer.
      if inner >= source.count {
        position = source.count
        append(.end, at: position)
        return false
      }
      return fault("Missing end of comment tag", at: start)
    }
    let sign = index > inner ? source[index - 1] : " "
    finishTag(at: index + 2, sign: sign, trimsLine: true)
    return true
  }

  /// Where the text of a raw block begins, if the tag opens one.
  private func rawBody(after inner: Int) -> Int? {
    var index = skipSpace(inner)
    guard matches("raw", at: index) else { return nil }
    index = skipSpace(index + 3)
    if matches("-%}", at: index) { return skipSpace(index + 3) }
    return matches("%}", at: index) ? index + 2 : nil
  }

  private mutating func cutRaw(body: Int, start: Int) -> Bool {
    startsLine = body > 0 && source[body - 1] == "\n"
    position = body
    var index = body
    while index + 1 < source.count {
      if source[index] == "{", source[index + 1] == "%" {
        var inner = index + 2
        var sign: Unicode.Scalar = " "
        if inner < source.count, source[inner] == "-" || source[inner] == "+" {
          sign = source[inner]
          inner += 1
        }
        inner = skipSpace(inner)
        if matches("endraw", at: inner), let end = tagEnd(at: skipSpace(inner + 6)) {
          let data = keptData(upTo: index, sign: sign, isOutput: false)
          if !data.isEmpty { append(.data(data), at: body) }
          finishTag(at: end.after, sign: end.sign, trimsLine: true)
          return true
        }
      }
      index += 1
    }
    if body >= source.count {
      position = source.count
      append(.end, at: position)
      return false
    }
    return fault("Missing end of raw directive", at: body)
  }

  /// The end of a tag at a place: its sign and where it is over.
  private func tagEnd(at index: Int) -> (sign: Unicode.Scalar, after: Int)? {
    if matches("%}", at: index) { return (sign: " ", after: index + 2) }
    if matches("-%}", at: index) { return (sign: "-", after: index + 3) }
    if matches("+%}", at: index) { return (sign: "+", after: index + 3) }
    return nil
  }

  /// Steps behind a tag, and over the white space or the line break that it takes.
  private mutating func finishTag(at end: Int, sign: Unicode.Scalar, trimsLine: Bool) {
    position = end
    if sign == "-" {
      position = skipSpace(position)
    } else if sign != "+", trimsLine, position < source.count, source[position] == "\n" {
      position += 1
    }
    startsLine = position > 0 && source[position - 1] == "\n"
  }

  private mutating func cutTag(from inner: Int, start: Int, isOutput: Bool) -> Bool {
    append(isOutput ? .outputStart : .tagStart, at: start)
    position = inner
    brackets = []
    while position < source.count {
      if brackets.isEmpty, endTag(isOutput: isOutput) { return true }
      if PythonText.isSpace(source[position]) {
        position += 1
        continue
      }
      if !cutToken() { return false }
    }
    append(.end, at: position)
    return false
  }

  private mutating func endTag(isOutput: Bool) -> Bool {
    if isOutput {
      let sign: Unicode.Scalar = matches("-}}", at: position) ? "-" : " "
      guard sign == "-" || matches("}}", at: position) else { return false }
      append(.outputEnd, at: position)
      finishTag(at: position + (sign == "-" ? 3 : 2), sign: sign, trimsLine: false)
      return true
    }
    guard let end = tagEnd(at: position) else { return false }
    append(.tagEnd, at: position)
    finishTag(at: end.after, sign: end.sign, trimsLine: true)
    return true
  }

  // MARK: Places

  mutating func append(_ kind: TemplateToken.Kind, at offset: Int) {
    tokens.append(TemplateToken(kind: kind, position: place(offset)))
  }

  mutating func fault(_ message: String, at offset: Int) -> Bool {
    append(.fault(message), at: offset)
    return false
  }

  private mutating func place(_ offset: Int) -> TemplatePosition {
    if offset < known.offset { known = (offset: 0, line: 1, lineStart: 0) }
    for index in known.offset..<offset where source[index] == "\n" {
      known.line += 1
      known.lineStart = index + 1
    }
    known.offset = offset
    return TemplatePosition(line: known.line, column: offset - known.lineStart + 1)
  }

  private func matches(_ text: StaticString, at index: Int) -> Bool {
    let scalars = text.description.unicodeScalars
    guard index + scalars.count <= source.count else { return false }
    return source[index..<index + scalars.count].elementsEqual(scalars)
  }

  private func skipSpace(_ start: Int) -> Int {
    var index = start
    while index < source.count, PythonText.isSpace(source[index]) { index += 1 }
    return index
  }
}
