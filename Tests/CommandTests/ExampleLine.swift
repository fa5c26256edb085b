// SPDX-License-Identifier: Apache-2.0

/// A line of an example, as a shell reads it.
struct ExampleLine {
  /// The words of each command of a pipeline or list, without redirections.
  private(set) var commands: [[String]] = []

  /// Takes a line apart.
  ///
  /// A comment ends it, and so do two spaces: behind them stands what the line does.
  init(_ line: String) {
    var reader = Reader(rest: line.drop { $0 == " " }[...])
    if reader.rest.hasPrefix("$ ") { reader.rest = reader.rest.dropFirst(2) }
    var words: [String] = []
    while let token = reader.next() {
      switch token {
      case .word(let word): words.append(word)
      case .redirection: _ = reader.next()
      case .separator:
        commands.append(words)
        words = []
      }
    }
    commands = (commands + [words]).filter { !$0.isEmpty }
  }

  /// What is given to the program, each time that it is called.
  var programArguments: [[String]] {
    commands.compactMap { words in
      // `NAME=value hadal …` sets a variable for the command.
      let words = words.drop { word in
        word.first?.isLetter == true && word.prefix { $0 != " " }.contains("=")
      }
      return words.first == "hadal" ? Array(words.dropFirst()) : nil
    }
  }

  /// The lines of the blocks of code in a document, those that end with a backslash joined.
  static func codeLines(ofMarkdown text: String) -> [String] {
    var lines: [String] = []
    var isCode = false
    var joins = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.drop(while: { $0 == " " }).hasPrefix("```") {
        isCode.toggle()
        joins = false
        continue
      }
      guard isCode else { continue }
      let bare = line.last == "\\" ? line.dropLast() : line
      if joins { lines[lines.count - 1] += bare } else { lines.append(String(bare)) }
      joins = line.last == "\\"
    }
    return lines
  }

  private enum Token {
    case word(String)
    case redirection
    case separator
  }

  private struct Reader {
    var rest: Substring

    mutating func next() -> Token? {
      let spaces = rest.prefix { $0 == " " }.count
      rest = rest.dropFirst(spaces)
      guard spaces < 2, let first = rest.first, first != "#" else { return nil }
      if "|;&".contains(first) {
        rest = rest.drop { "|;&".contains($0) }
        return .separator
      }
      if "<>".contains(first) || rest.hasPrefix("2>") {
        rest = rest.drop { "<>2&".contains($0) }
        return .redirection
      }
      return .word(word())
    }

    private mutating func word() -> String {
      var word = ""
      var quote: Character?
      while let character = rest.first {
        if quote == nil, " |;<>".contains(character) { break }
        rest = rest.dropFirst()
        if character == quote {
          quote = nil
        } else if quote == nil, character == "'" || character == "\"" {
          quote = character
        } else if character == "\\", quote != "'", let next = rest.first {
          rest = rest.dropFirst()
          word.append(next)
        } else {
          word.append(character)
        }
      }
      return word
    }
  }
}
