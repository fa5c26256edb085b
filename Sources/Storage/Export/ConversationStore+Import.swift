// SPDX-License-Identifier: Apache-2.0

import GRDB

extension ConversationStore {
  /// Stores a conversation that was read from a file, with all its branches.
  ///
  /// - Parameter conversation: What to store; its messages in the order of their making.
  /// - Throws: `StorageError` where it cannot be stored.
  /// - Returns: Its id, another one where a conversation here has it.
  public func add(_ conversation: Conversation) throws(StorageError) -> ConversationID {
    try file.write { database in
      var generator = SystemRandomNumberGenerator()
      let (id, number) = try Self.insertConversation(
        database,
        preferring: conversation.id,
        using: &generator,
        [
          conversation.title, conversation.model, conversation.system, conversation.settings,
          conversation.created.milliseconds, conversation.updated.milliseconds,
        ]
      )
      var ids: [MessageID: MessageID] = [:]
      for var message in conversation.messages {
        let original = message.id
        message.parent = message.parent.flatMap { ids[$0] }
        ids[original] = try Self.insert(message, writer: nil, into: Int(number), database)
      }
      try Self.setLeaf(
        conversation.leaf.flatMap { ids[$0] },
        of: Int(number),
        updated: conversation.updated.milliseconds,
        database
      )
      return id
    }
  }
}
