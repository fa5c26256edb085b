// SPDX-License-Identifier: Apache-2.0

import GRDB

extension ConversationStore {
  /// Lists conversations, the one that changed last first.
  ///
  /// - Parameter limit: How many at most; nil for all.
  /// - Throws: `StorageError` where the database cannot be read.
  /// - Returns: What a list shows of each.
  public func list(limit: Int? = nil) throws(StorageError) -> [ConversationSummary] {
    try file.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT \(Self.summaryColumns) FROM conversation c LEFT JOIN message l ON l.number = c.leaf
          ORDER BY c.updated DESC, c.number DESC LIMIT ?
          """,
        arguments: [limit ?? -1]
      ).map { try $0.summary(file: file.path) }
    }
  }

  static let summaryColumns =
    "c.id, c.title, c.model, coalesce(l.ordinal + 1, 0) AS messages, c.created, c.updated"

  /// Finds a conversation by its id or the beginning of it, in either case.
  ///
  /// - Throws: `StorageError` where none or several begin so.
  /// - Returns: The whole id.
  public func find(_ prefix: String) throws(StorageError) -> ConversationID {
    let wanted = prefix.lowercased()
    let ids = try file.read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT id FROM conversation WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT 10
          """,
        arguments: [wanted.stored]
      )
    }
    guard let first = ids.first, !wanted.isEmpty else {
      throw StorageError(.noSuchConversation(prefix))
    }
    guard ids.count == 1 else {
      throw StorageError(.ambiguousConversation(prefix, ids: ids))
    }
    return ConversationID(stored: first)
  }

  /// Loads a conversation with every message that it ever had, what was written of unfinished
  /// answers too.
  ///
  /// - Throws: `StorageError` where there is no such conversation, or it cannot be read.
  /// - Returns: The conversation.
  public func load(_ id: ConversationID) throws(StorageError) -> Conversation {
    try file.read { database in
      let number = try Self.number(of: id, database)
      guard
        let row = try Row.fetchOne(
          database,
          sql: "SELECT * FROM conversation WHERE number = ?",
          arguments: [number]
        )
      else { throw StorageError(.noSuchConversation(id.description)) }
      return try row.conversation(
        messages: Self.messages(of: number, database, file: file.path),
        file: file.path
      )
    }
  }

  private static func messages(
    of conversation: Int,
    _ database: Database,
    file: String
  ) throws -> [Message] {
    var messages = try Row.fetchAll(
      database,
      sql: "SELECT * FROM message WHERE conversation = ? ORDER BY number",
      arguments: [conversation]
    ).map { try $0.message(file: file) }
    let pieces = try Pieces.fetchAll(
      database,
      where: "message IN (SELECT number FROM message WHERE conversation = ?)",
      [conversation]
    )
    for index in messages.indices {
      if let pieces = pieces[messages[index].id] { messages[index].append(pieces) }
    }
    return messages
  }
}

extension Message {
  fileprivate mutating func append(_ pieces: Pieces) {
    content += pieces.content
    if !pieces.reasoning.isEmpty { reasoning = (reasoning ?? "") + pieces.reasoning }
  }
}
