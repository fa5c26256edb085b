// SPDX-License-Identifier: Apache-2.0

/// One line of a phrase book: a text with alternatives, references and slots.
///
/// `{a|b}` is one of two, `{@section}` a phrase of another section, `$name` what the exchange has
/// for it, `\n` a line break, and a backslash before `{ } | $ \` that character.
struct PhrasePattern: Sendable, Hashable {
  /// A part of a pattern.
  indirect enum Part: Sendable, Hashable {
    case text(String)
    case choice([PhrasePattern])
    case reference(String)
    case slot(String)
  }

  var parts: [Part]

  /// Reads a line.
  ///
  /// - Throws: `PhraseFault` with what is wrong.
  init(_ line: Substring) throws(PhraseFault) {
    var reader = Reader(rest: line)
    self = try reader.pattern(isInner: false)
  }

  private init(parts: [Part]) { self.parts = parts }

  /// All sections that it refers to, and all slots.
  func visit(_ body: (Part) -> Void) {
    for part in parts {
      body(part)
      guard case .choice(let patterns) = part else { continue }
      for pattern in patterns { pattern.visit(body) }
    }
  }

  private struct Reader {
    var rest: Substring
    private var depth = 0

    init(rest: Substring) { self.rest = rest }

    // LIMIT: what a person can still read.
    private static let depthLimit = 8

    mutating func pattern(isInner: Bool) throws(PhraseFault) -> PhrasePattern {
      var parts: [Part] = []
      var text = ""
      func flush() {
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
      }
      while let character = rest.first {
        if isInner, character == "|" || character == "}" { break }
        rest.removeFirst()
        switch character {
        case "\\": text.append(try escaped())
        case "{":
          flush()
          parts.append(try braces())
        case "}", "|": throw .unexpected(character)
        case "$":
          flush()
          parts.append(.slot(try name()))
        default: text.append(character)
        }
      }
      flush()
      return PhrasePattern(parts: parts)
    }

    private mutating func escaped() throws(PhraseFault) -> Character {
      guard let next = rest.popFirst() else { throw .unexpected("\\") }
      switch next {
      case "n": return "\n"
      case "{", "}", "|", "$", "\\": return next
      default: throw .unexpected(next)
      }
    }

    private mutating func braces() throws(PhraseFault) -> Part {
      if rest.first == "@" {
        rest.removeFirst()
        let end = rest.firstIndex(of: "}")
        guard let end, end > rest.startIndex else { throw .unclosed }
        defer { rest = rest[rest.index(after: end)...] }
        return .reference(String(rest[..<end]))
      }
      depth += 1
      guard depth <= Self.depthLimit else { throw .tooDeep(Self.depthLimit) }
      var choices: [PhrasePattern] = []
      while true {
        choices.append(try pattern(isInner: true))
        guard let end = rest.popFirst() else { throw .unclosed }
        if end == "}" { break }
      }
      depth -= 1
      return .choice(choices)
    }

    private mutating func name() throws(PhraseFault) -> String {
      let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
      guard let first = name.first, first.isLetter else { throw .unexpected("$") }
      rest = rest.dropFirst(name.count)
      return String(name)
    }
  }
}
