// SPDX-License-Identifier: Apache-2.0

import Storage
import Terminal
import Tokenization

/// Conversations as lines of a table.
enum ConversationList {
  private static let titleColumns = 44
  // LIMIT: what a line takes with a number, a title and a short model's name.
  private static let lineColumns = 100

  /// Conversations with number, id, when they changed, title, messages and model: a line each, or two
  /// where the window is narrow.
  static func lines(_ list: [ConversationSummary], numbered: Bool, columns: Int) -> [String] {
    let width = DisplayWidth()
    return list.enumerated().flatMap { index, entry in
      let number =
        numbered ? "\(String(repeating: " ", count: index < 9 ? 1 : 0))\(index + 1). " : ""
      let head = "\(number)\(entry.id)  \(day(entry.updated))"
      let title = width.safe(entry.title.isEmpty ? "(no message yet)" : entry.title)
      let count = entry.messageCount == 1 ? "1 message" : "\(entry.messageCount) messages"
      let name = width.safe(model(entry.model))
      guard columns < lineColumns else {
        return ["\(head)  \(fitted(title, width, titleColumns))  \(count), \(name)"]
      }
      let room = max(columns - number.count - count.count - 3, 8)
      let indent = String(repeating: " ", count: number.count)
      return [head, "\(indent)\(fitted(title, width, room))  \(count)"]
    }
  }

  private static func day(_ time: Timestamp) -> String {
    // RFC 3339 without seconds.
    String(time.description.prefix(16).map { $0 == "T" ? " " : $0 })
  }

  private static func model(_ name: String) -> String {
    name.split(separator: "/").last.map(String.init) ?? name
  }

  /// A title in a column of its own.
  private static func fitted(_ title: String, _ width: DisplayWidth, _ room: Int) -> String {
    var text = ""
    var columns = 0
    for character in title {
      let next = width.columns(of: String(character))
      if columns + next > room - 1 {
        text += "…"
        columns += 1
        break
      }
      text.append(character)
      columns += next
    }
    return text + String(repeating: " ", count: max(room - columns, 0))
  }
}
