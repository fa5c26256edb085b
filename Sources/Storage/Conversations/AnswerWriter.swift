// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Writes one answer while it streams.
///
/// A piece is stored when `append` returns: show it then, and a process that is killed has lost
/// nothing that was shown. One call may take the text of several tokens.
public struct AnswerWriter: Sendable {
  /// The message that is being written.
  public let message: MessageID

  private let store: ConversationStore

  init(message: MessageID, store: ConversationStore) {
    self.message = message
    self.store = store
  }

  /// Stores what came since the last call.
  ///
  /// - Throws: `StorageError` where the conversation was deleted meanwhile, or the piece cannot be
  ///   stored; what was stored before stays, and the call may be repeated.
  public func append(content: String = "", reasoning: String = "") throws(StorageError) {
    guard !(content.isEmpty && reasoning.isEmpty) else { return }
    let count = try store.file.append(
      """
      INSERT INTO piece (message, content, reasoning)
      SELECT number, ?, ? FROM message WHERE number = ?
      """,
      [content.stored, reasoning.stored, message.number]
    )
    guard count == 1 else { throw StorageError(.noSuchMessage(message.number)) }
  }

  /// Puts the pieces together and notes how the answer ended; it can be searched from now on.
  ///
  /// - Throws: `StorageError` where the conversation was deleted meanwhile, or it cannot be stored;
  ///   the call may be repeated.
  public func finish(
    _ reason: FinishReason,
    figures: AnswerFigures = AnswerFigures()
  ) throws(StorageError) {
    try store.finish(message, reason, figures)
  }
}
