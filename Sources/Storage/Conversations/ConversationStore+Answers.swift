// SPDX-License-Identifier: Apache-2.0

import GRDB

extension ConversationStore {
  /// Begins an answer, and makes it the last message of the active path.
  ///
  /// Another answer to the same message is a sibling of the first, which stays on file.
  ///
  /// - Parameters:
  ///   - id: The conversation.
  ///   - parent: The message that it answers.
  ///   - model: The name of the model that answers.
  ///   - seed: The seed that replays the answer.
  /// - Throws: `StorageError` where there is no such conversation or parent, or it cannot be stored.
  /// - Returns: What takes the answer as it streams.
  public func beginAnswer(
    in id: ConversationID,
    after parent: MessageID?,
    model: String? = nil,
    seed: UInt64? = nil
  ) throws(StorageError) -> AnswerWriter {
    let now = now
    let message = try file.write { database in
      let conversation = try Self.number(of: id, database)
      let message = Message(
        id: MessageID(0),
        parent: parent,
        ordinal: try Self.ordinal(after: parent, in: conversation, database),
        role: .assistant,
        content: "",
        reasoning: nil,
        finish: nil,
        isBeingWritten: true,
        model: model?.stored,
        seed: seed,
        figures: AnswerFigures(),
        created: Timestamp(milliseconds: now)
      )
      let number = try Self.insert(
        message,
        writer: WritingProcess.own,
        into: conversation,
        database
      )
      try Self.setLeaf(number, of: conversation, updated: now, database)
      return number
    }
    return AnswerWriter(message: message, store: self)
  }

  func finish(
    _ message: MessageID,
    _ reason: FinishReason,
    _ figures: AnswerFigures
  ) throws(StorageError) {
    let now = now
    try file.write { database in
      try Self.gatherPieces(of: message, database)
      try database.execute(
        sql: """
          UPDATE message SET finish = ?, writer = NULL, prompt_tokens = ?, completion_tokens = ?,
            reasoning_tokens = ?, reasoning_seconds = ?, prefill_seconds = ?, decode_seconds = ?
          WHERE number = ?
          """,
        arguments: [
          reason.rawValue, figures.promptTokens, figures.completionTokens, figures.reasoningTokens,
          figures.reasoningSeconds, figures.prefillSeconds, figures.decodeSeconds, message.number,
        ]
      )
      guard database.changesCount == 1 else {
        throw StorageError(.noSuchMessage(message.number))
      }
      try database.execute(
        sql: """
          UPDATE conversation SET updated = ?
          WHERE number = (SELECT conversation FROM message WHERE number = ?)
          """,
        arguments: [now, message.number]
      )
    }
  }

  /// Moves the pieces of an answer into its row.
  private static func gatherPieces(of message: MessageID, _ database: Database) throws {
    let pieces = try Pieces.fetchAll(database, where: "message = ?", [message.number])[message]
    guard let pieces else { return }
    try database.execute(
      sql: """
        UPDATE message SET content = content || ?1,
          reasoning = CASE WHEN ?2 = '' THEN reasoning ELSE coalesce(reasoning, '') || ?2 END
        WHERE number = ?3
        """,
      arguments: [pieces.content, pieces.reasoning, message.number]
    )
    try database.execute(
      sql: "DELETE FROM piece WHERE message = ?",
      arguments: [message.number]
    )
  }

  /// Puts together what processes that are gone left unfinished, and marks it as interrupted.
  ///
  /// Nothing is written where nothing was left.
  func recoverAbandonedAnswers() throws(StorageError) {
    let abandoned = try file.read { database in
      try Self.abandonedAnswers(database)
    }
    guard !abandoned.isEmpty else { return }
    try file.write { database in
      // Another process may have done it meanwhile.
      for message in try Self.abandonedAnswers(database) {
        try Self.gatherPieces(of: message, database)
        try database.execute(
          sql: "UPDATE message SET finish = ?, writer = NULL WHERE number = ? AND finish IS NULL",
          arguments: [FinishReason.interrupted.rawValue, message.number]
        )
      }
    }
  }

  private static func abandonedAnswers(_ database: Database) throws -> [MessageID] {
    // A piece without a writer was appended after another process took the answer for abandoned.
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT number, writer FROM message WHERE writer IS NOT NULL
        UNION
        SELECT number, writer FROM message WHERE number IN (SELECT message FROM piece)
        """
    )
    return rows.compactMap { row in
      guard let number = row.integer("number") else { return nil }
      let isAbandoned = row.text("writer").map(WritingProcess.isGone) ?? true
      return isAbandoned ? MessageID(number) : nil
    }
  }
}
