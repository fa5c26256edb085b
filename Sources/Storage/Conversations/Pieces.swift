// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What was written of an answer since it was last put together.
struct Pieces {
  var content = ""
  var reasoning = ""

  /// Fetches the pieces that a condition names, put together by message.
  static func fetchAll(
    _ database: Database,
    where condition: String,
    _ arguments: StatementArguments
  ) throws -> [MessageID: Pieces] {
    var result: [MessageID: Pieces] = [:]
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT message, content, reasoning FROM piece WHERE \(condition) ORDER BY number",
      arguments: arguments
    )
    while let row = try rows.next() {
      guard let message = row.integer("message") else { continue }
      result[MessageID(message), default: Pieces()].append(
        content: row.text("content") ?? "",
        reasoning: row.text("reasoning") ?? ""
      )
    }
    return result
  }

  private mutating func append(content: String, reasoning: String) {
    self.content += content
    self.reasoning += reasoning
  }
}
