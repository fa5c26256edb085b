// SPDX-License-Identifier: Apache-2.0

import Storage
import Terminal
import Tokenization

/// Conversations as lines of a table.
enum ConversationList {
  private static let titleColumns = 44

  /// One line a conversation: number, id, when it changed, messages, title, model.
  static func lines(_ list: [ConversationSummary], numbered: Bool) -> [String] {
    let width = DisplayWidth()
    return list.enumerated().map { index, entry in
      let number =
        numbered ? "\(String(repeating: " ", count: index < 9 ? 1 : 0))\(index + 1). " : ""
      let title = fitted(width.safe(entry.title.isEmpty ? "(no message yet)" : entry.title), width)
      let count = entry.messageCount == 1 ? "1 message" : "\(entry.messageCount) messages"
      return
        "\(number)\(entry.id)  \(day(entry.updated))  \(title)  \(count), \(width.safe(model(entry.model)))"
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
  private static func fitted(_ title: String, _ width: DisplayWidth) -> String {
    var text = ""
    var columns = 0
    for character in title {
      let next = width.columns(of: String(character))
      if columns + next > titleColumns - 1 {
        text += "…"
        columns += 1
        break
      }
      text.append(character)
      columns += next
    }
    return text + String(repeating: " ", count: max(titleColumns - columns, 0))
  }
}
