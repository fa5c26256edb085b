// SPDX-License-Identifier: Apache-2.0

import GRDB

extension ConversationStore {
  /// Adds a message that is complete, and makes it the last one of the active path.
  ///
  /// An edited message follows the same parent as the one that it takes the place of; that one and
  /// all that followed it stay on file.
  ///
  /// - Parameters:
  ///   - role: Who says it.
  ///   - content: What is said.
  ///   - reasoning: The reasoning content, if there is one.
  ///   - id: The conversation.
  ///   - parent: The message that it follows; nil for a first one.
  /// - Throws: `StorageError` where there is no such conversation or parent, or it cannot be stored.
  /// - Returns: The message.
  public func add(
    _ role: Role,
    _ content: String,
    reasoning: String? = nil,
    to id: ConversationID,
    after parent: MessageID?
  ) throws(StorageError) -> Message {
    let now = now
    return try file.write { database in
      let conversation = try Self.number(of: id, database)
      var message = Message(
        id: MessageID(0),
        parent: parent,
        ordinal: try Self.ordinal(after: parent, in: conversation, database),
        role: role,
        content: content.stored,
        reasoning: reasoning?.stored,
        finish: nil,
        isBeingWritten: false,
        model: nil,
        seed: nil,
        figures: AnswerFigures(),
        created: Timestamp(milliseconds: now)
      )
      message.id = try Self.insert(message, writer: nil, into: conversation, database)
      try Self.setLeaf(message.id, of: conversation, updated: now, database)
      if role == .user {
        try database.execute(
          sql: "UPDATE conversation SET title = ? WHERE number = ? AND title = ''",
          arguments: [ConversationTitle.made(from: message.content), conversation]
        )
      }
      return message
    }
  }

  /// Makes a message the last one of the active path, or empties the path.
  ///
  /// Nothing is deleted.
  ///
  /// - Parameters:
  ///   - leaf: The message; nil for the empty path.
  ///   - id: The conversation.
  /// - Throws: `StorageError` where there is no such conversation or message.
  public func activate(_ leaf: MessageID?, in id: ConversationID) throws(StorageError) {
    let now = now
    try file.write { database in
      let conversation = try Self.number(of: id, database)
      _ = try Self.ordinal(after: leaf, in: conversation, database)
      try Self.setLeaf(leaf, of: conversation, updated: now, database)
    }
  }

  /// The place in a path that comes after a message.
  static func ordinal(
    after parent: MessageID?,
    in conversation: Int,
    _ database: Database
  ) throws -> Int {
    guard let parent else { return 0 }
    let ordinal = try Int.fetchOne(
      database,
      sql: "SELECT ordinal FROM message WHERE number = ? AND conversation = ?",
      arguments: [parent.number, conversation]
    )
    guard let ordinal else { throw StorageError(.noSuchMessage(parent.number)) }
    return ordinal + 1
  }

  static func setLeaf(
    _ leaf: MessageID?,
    of conversation: Int,
    updated: Int,
    _ database: Database
  ) throws {
    try database.execute(
      sql: "UPDATE conversation SET leaf = ?, updated = ? WHERE number = ?",
      arguments: [leaf?.number, updated, conversation]
    )
  }

  /// Inserts a message's row under the next number.
  static func insert(
    _ message: Message,
    writer: String?,
    into conversation: Int,
    _ database: Database
  ) throws -> MessageID {
    let figures = message.figures
    try database.execute(
      sql: """
        INSERT INTO message (
          conversation, parent, ordinal, role, content, reasoning, finish, writer, model, seed,
          prompt_tokens, completion_tokens, reasoning_tokens,
          reasoning_seconds, prefill_seconds, decode_seconds, created
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        conversation, message.parent?.number, message.ordinal, message.role.rawValue,
        message.content, message.reasoning, message.finish?.rawValue, writer, message.model,
        message.seed.map { Int64(bitPattern: $0) },
        figures.promptTokens, figures.completionTokens, figures.reasoningTokens,
        figures.reasoningSeconds, figures.prefillSeconds, figures.decodeSeconds,
        message.created.milliseconds,
      ]
    )
    return MessageID(Int(database.lastInsertedRowID))
  }
}
