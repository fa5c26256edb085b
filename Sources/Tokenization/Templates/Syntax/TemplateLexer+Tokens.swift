// SPDX-License-Identifier: Apache-2.0

/// The tokens inside a tag.
extension TemplateLexer {
  mutating func cutToken() -> Bool {
    let start = position
    let scalar = source[start]
    if scalar == "'" || scalar == "\"" { return cutText(scalar) }
    if PythonText.isDecimal(scalar) { return cutNumber() }
    if PythonText.isWord(scalar) {
      while position < source.count, PythonText.isWord(source[position]) { position += 1 }
      let name = Array(source[start..<position])
      guard PythonText.isIdentifier(name) else {
        return fault("Invalid character in identifier", at: start)
      }
      append(.name(OriginText(name, .template).string), at: start)
      return true
    }
    return cutMark()
  }

  private mutating func cutMark() -> Bool {
    let start = position
    for length in [2, 1] where start + length <= source.count {
      let text = OriginText(Array(source[start..<start + length]), .template).string
      guard let mark = TemplateToken.Mark(rawValue: text) else { continue }
      if let message = balance(mark) { return fault(message, at: start) }
      append(.mark(mark), at: start)
      position += length
      return true
    }
    return fault(
      "unexpected char \(PythonQuote.quoted(String(source[start]))) at \(start)",
      at: start
    )
  }

  /// Keeps the stack of brackets; a message where one closes that is not open.
  private mutating func balance(_ mark: TemplateToken.Mark) -> String? {
    switch mark {
    case .openBrace: brackets.append(.closeBrace)
    case .openParenthesis: brackets.append(.closeParenthesis)
    case .openBracket: brackets.append(.closeBracket)
    case .closeBrace, .closeParenthesis, .closeBracket:
      guard let expected = brackets.popLast() else { return "unexpected '\(mark.rawValue)'" }
      if expected != mark {
        return "unexpected '\(mark.rawValue)', expected '\(expected.rawValue)'"
      }
    default: break
    }
    return nil
  }

  private mutating func cutText(_ quote: Unicode.Scalar) -> Bool {
    let start = position
    var index = start + 1
    while index < source.count, source[index] != quote {
      index += source[index] == "\\" ? 2 : 1
    }
    guard index < source.count else {
      return fault(
        "unexpected char \(PythonQuote.quoted(String(quote))) at \(start)",
        at: start
      )
    }
    switch TemplateEscapes.resolved(source[(start + 1)..<index]) {
    case .success(let scalars): append(.text(scalars), at: start)
    case .failure(let problem): return fault(problem.message, at: start)
    }
    position = index + 1
    return true
  }

  private mutating func cutNumber() -> Bool {
    let start = position
    var scanner = NumberScanner(source, start, followsDot: start > 0 && source[start - 1] == ".")
    guard let kind = scanner.scan() else {
      return fault("an integer has more than 38 digits", at: start)
    }
    append(kind, at: start)
    position = scanner.end
    return true
  }
}
