// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Settings
import Terminal

/// Breaks the parser's help texts into lines that fit.
///
/// The parser breaks lines that a source has broken already, and its usage line not at all.
enum HelpText {
  // The parser asks for a width; at this one it breaks nothing.
  static let unbroken = 1 << 20
  // The parser's own: where the second column begins.
  private static let column = 26
  // LIMIT: longer lines are hard to read, shorter ones are shorter than options.
  private static let widths = 30...100
  // LIMIT: on shorter lines what an option does stands below it, not in a second column.
  private static let columnsFrom = 60

  /// The width that the user asks for, else the terminal's, else 80.
  static var width: Int {
    let asked = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    let columns = asked ?? (WindowSize(of: 1) ?? .usual).columns
    return min(max(columns, widths.lowerBound), widths.upperBound)
  }

  /// Breaks a text, if it is help.
  ///
  /// - Parameters:
  ///   - text: What the parser answers, unbroken: help, a version, a script for a shell.
  ///   - width: The characters of a line.
  /// - Returns: The text; as it was, where it is no help.
  static func fitted(_ text: String, width: Int) -> String {
    let usage = "\nUSAGE: "
    guard text.hasPrefix("OVERVIEW: "), let start = text.firstRange(of: usage) else { return text }
    var lines = [Discussion(String(text[..<start.lowerBound])).filled(to: width), ""]
    let rest = text[text.index(after: start.lowerBound)...]
    for line in rest.split(separator: "\n", omittingEmptySubsequences: false) {
      lines += line.hasPrefix("USAGE: ") ? usageLines(line, width) : rowLines(line, width)
    }
    return lines.joined(separator: "\n")
  }

  /// Words in brackets stay together.
  private static func usageLines(_ line: Substring, _ width: Int) -> [String] {
    var words: [String] = []
    var depth = 0
    for word in line.split(separator: " ") {
      if depth > 0 { words[words.count - 1] += " \(word)" } else { words.append(String(word)) }
      depth += word.count { "[<(".contains($0) } - word.count { "]>)".contains($0) }
    }
    let indentation = width < columnsFrom ? 2 : "USAGE: ".count + 2
    return TextFill.lines(of: words, width: width, indentation: indentation)
  }

  /// Breaks the second column alone; on a short line it stands below the first.
  private static func rowLines(_ line: Substring, _ width: Int) -> [String] {
    let isShort = width < columnsFrom
    guard line.first == " ", isShort || line.count > width else { return [String(line)] }
    let label = line.prefix(column)
    guard line.count > column, label.last == " " else {
      return TextFill.lines(of: String(line), width: width - 2).map { "  " + $0 }
    }
    let indentation = isShort ? 6 : column
    let margin = String(repeating: " ", count: indentation)
    let text = TextFill.lines(of: String(line.dropFirst(column)), width: width - indentation)
    var lines = text.map { margin + $0 }
    if !isShort {
      lines[0] = label + text[0]
    } else if label.contains(where: { $0 != " " }) {
      lines.insert("  " + label.split(separator: " ").joined(separator: " "), at: 0)
    }
    return lines
  }
}
