// SPDX-License-Identifier: Apache-2.0

extension Conversation {
  /// The active path as Markdown for people: reasoning folded away, texts as they are.
  ///
  /// A text may hold headings of its own, so who said what can be trusted in `json` alone.
  public var markdown: String {
    var parts = ["# " + Self.escaped(title.isEmpty ? id.description : title)]
    parts.append("*\(Self.escaped(model)), \(created), conversation \(id)*")
    if let system { parts += ["## System", MarkdownText.closed(system)] }
    for message in path { parts += message.markdown }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// A text within a line: what Markdown would read as more than text is escaped.
  private static func escaped(_ text: String) -> String {
    text.map { "\\`*_[]<>#&".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}

extension Message {
  fileprivate var markdown: [String] {
    var parts = ["## " + role.rawValue.prefix(1).uppercased() + role.rawValue.dropFirst()]
    if let reasoning {
      let seconds = figures.reasoningSeconds.map { ", \(Self.rounded($0)) s" } ?? ""
      parts += [
        "<details>\n<summary>Reasoning\(seconds)</summary>",
        // The block ends where it is to end.
        MarkdownText.closed(reasoning.replacing("</details", with: "&lt;/details")),
        "</details>",
      ]
    }
    if !content.isEmpty { parts.append(MarkdownText.closed(content)) }
    if isBeingWritten {
      parts.append("*(unfinished)*")
    } else if let finish, finish != .stop {
      parts.append("*(\(finish.rawValue))*")
    }
    return parts
  }

  private static func rounded(_ seconds: Double) -> String {
    "\((seconds * 10).rounded() / 10)"
  }
}

/// Markdown that others wrote, between parts of ours.
enum MarkdownText {
  /// The text, with the fence of a code block that it leaves open closed: an answer that was cut
  /// would else take all that follows for code.
  static func closed(_ text: String) -> String {
    var open: Substring?
    for line in text.split(whereSeparator: \.isNewline) {
      guard let fence = Self.fence(of: line) else { continue }
      if let opening = open {
        let isEnd = fence.marks.first == opening.first && fence.marks.count >= opening.count
        if isEnd && fence.isBare { open = nil }
      } else {
        open = fence.marks
      }
    }
    return open.map { text + (text.hasSuffix("\n") ? "" : "\n") + $0 } ?? text
  }

  /// The marks that begin a line, if they are a fence (CommonMark 0.31.2, 4.5).
  private static func fence(of line: Substring) -> (marks: Substring, isBare: Bool)? {
    let indentation = line.prefix { $0 == " " }
    let rest = line[indentation.endIndex...]
    guard indentation.count <= 3, let mark = rest.first, mark == "`" || mark == "~" else {
      return nil
    }
    let marks = rest.prefix { $0 == mark }
    let information = rest[marks.endIndex...]
    guard marks.count >= 3, mark == "~" || !information.contains("`") else { return nil }
    return (marks, information.allSatisfy { $0 == " " || $0 == "\t" || $0 == "\r" })
  }
}
