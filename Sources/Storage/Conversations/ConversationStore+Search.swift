// SPDX-License-Identifier: Apache-2.0

import GRDB

/// A conversation that a search found.
public struct SearchHit: Sendable, Hashable {
  /// The conversation.
  public var conversation: ConversationSummary
  /// The last message that was found, on any branch; nil where only the title was.
  public var message: MessageID?
  /// What stands around the first word that was looked for, on one line.
  public var excerpt: String
}

extension ConversationStore {
  /// Searches titles and contents, in every script and also within words.
  ///
  /// White space parts words; a message or a title is found if it holds all of them, whatever their
  /// case (words of one or two characters: in ASCII alone). An answer is found once it is finished.
  ///
  /// - Parameters:
  ///   - text: The words.
  ///   - limit: How many conversations at most.
  /// - Complexity: O(what is found) where every word has three characters, else O(all texts).
  /// - Throws: `StorageError` where the database cannot be read.
  /// - Returns: Each conversation once, the one that changed last first.
  public func search(_ text: String, limit: Int = 50) throws(StorageError) -> [SearchHit] {
    let words = text.stored.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let first = words.first else { return [] }
    return try file.read { database in
      let inMessages = try Self.hits(
        database,
        SearchCondition(words, index: "message_search", table: "m", column: "content"),
        """
        SELECT \(Self.summaryColumns), max(m.number) AS found, m.content AS text
        FROM message m JOIN conversation c ON c.number = m.conversation
        """,
        limit
      )
      let inTitles = try Self.hits(
        database,
        SearchCondition(words, index: "conversation_search", table: "c", column: "title"),
        "SELECT \(Self.summaryColumns), NULL AS found, c.title AS text FROM conversation c",
        limit
      )
      let known = Set(inMessages.map { $0.text("id") })
      let rows = inMessages + inTitles.filter { !known.contains($0.text("id")) }
      return try rows.map { row in
        SearchHit(
          conversation: try row.summary(file: file.path),
          message: row.integer("found").map(MessageID.init),
          excerpt: Excerpt.of(row.text("text") ?? "", around: first)
        )
      }
      .sorted { $0.conversation.updated > $1.conversation.updated }
      .prefix(limit).map { $0 }
    }
  }

  private static func hits(
    _ database: Database,
    _ condition: SearchCondition,
    _ selection: String,
    _ limit: Int
  ) throws -> [Row] {
    try Row.fetchAll(
      database,
      sql: """
        \(selection) LEFT JOIN message l ON l.number = c.leaf
        WHERE \(condition.sql) GROUP BY c.number ORDER BY c.updated DESC, c.number DESC LIMIT ?
        """,
      arguments: condition.arguments + [limit]
    )
  }
}

/// The condition that a text holds every word.
private struct SearchCondition {
  var sql: String
  var arguments: StatementArguments

  init(_ words: [String], index: String, table: String, column: String) {
    // The index knows three characters in a row and more.
    let isLong = { (word: String) in word.unicodeScalars.count >= 3 }
    var conditions: [String] = []
    arguments = []
    let long = words.filter(isLong).map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
    if !long.isEmpty {
      conditions.append("\(table).number IN (SELECT rowid FROM \(index) WHERE \(index) MATCH ?)")
      arguments += [long.joined(separator: " ")]
    }
    for word in words where !isLong(word) {
      conditions.append("\(table).\(column) LIKE ? ESCAPE '\\'")
      let escaped = word.map { "%_\\".contains($0) ? "\\\($0)" : String($0) }.joined()
      arguments += ["%\(escaped)%"]
    }
    sql = conditions.joined(separator: " AND ")
  }
}
