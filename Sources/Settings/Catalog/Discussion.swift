// SPDX-License-Identifier: Apache-2.0

/// The longer help text of a command: paragraphs, and lines that stand as they are.
package struct Discussion: Sendable, Hashable {
  /// A part of it.
  package enum Block: Sendable, Hashable {
    /// A text that is broken where a line is full.
    case paragraph(String)
    /// Indented lines: examples and lists.
    case lines([String])
  }

  /// The text as the command has it.
  package var text: String

  /// Takes a text as a command has it.
  package init(_ text: String) { self.text = text }

  /// The parts, and whether an empty line stands before each.
  package var parts: [(block: Block, isApart: Bool)] {
    var parts: [(block: Block, isApart: Bool)] = []
    var isApart = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.contains(where: { $0 != " " }) else {
        isApart = true
        continue
      }
      let isIndented = line.first == " "
      switch parts.last?.block {
      case .paragraph(let before)? where !isIndented && !isApart:
        parts[parts.count - 1].block = .paragraph("\(before) \(line)")
      case .lines(let before)? where isIndented && !isApart:
        parts[parts.count - 1].block = .lines(before + [String(line)])
      default:
        let block: Block = isIndented ? .lines([String(line)]) : .paragraph(String(line))
        parts.append((block, isApart))
      }
      isApart = false
    }
    return parts
  }

  /// The indented lines, without their indentation.
  package var indentedLines: [String] {
    parts.flatMap { part in
      guard case .lines(let lines) = part.block else { return [String]() }
      return lines.map { String($0.drop { $0 == " " }) }
    }
  }

  /// The text, its paragraphs broken into lines of a width.
  package func filled(to width: Int) -> String {
    var result: [String] = []
    for part in parts {
      if part.isApart { result.append("") }
      switch part.block {
      case .paragraph(let text): result += TextFill.lines(of: text, width: width)
      case .lines(let lines): result += lines
      }
    }
    return result.joined(separator: "\n")
  }
}

/// Breaks texts into lines.
package enum TextFill {
  /// The lines of a text, each as long as the width allows; a longer word has its own.
  ///
  /// - Parameters:
  ///   - words: What is not broken.
  ///   - width: The characters of a line.
  ///   - indentation: The spaces before every line but the first.
  /// - Returns: At least one line.
  package static func lines(of words: [String], width: Int, indentation: Int = 0) -> [String] {
    var lines = [""]
    let margin = String(repeating: " ", count: indentation)
    for word in words {
      let last = lines[lines.count - 1]
      if last.isEmpty || last == margin {
        lines[lines.count - 1] += word
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(margin + word)
      }
    }
    return lines
  }

  /// The lines of a text whose words stand apart by spaces.
  package static func lines(of text: String, width: Int, indentation: Int = 0) -> [String] {
    lines(of: text.split(separator: " ").map(String.init), width: width, indentation: indentation)
  }
}
