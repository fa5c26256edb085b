// SPDX-License-Identifier: Apache-2.0

/// What a list shows of a conversation.
public struct ConversationSummary: Sendable, Hashable, Identifiable {
  /// The conversation's short name.
  public var id: ConversationID
  /// The title; empty until the first message of the user.
  public var title: String
  /// The name of the model, as it was given.
  public var model: String
  /// How many messages the active path has.
  public var messageCount: Int
  /// When it began.
  public var created: Timestamp
  /// When its messages last changed.
  public var updated: Timestamp
}

/// A conversation with every message that it ever had.
///
/// Messages form a tree: each names the one that it follows. An edited message or another answer
/// is a sibling of what it takes the place of, so nothing is lost; the path to `leaf` is what the
/// conversation says now.
public struct Conversation: Sendable, Hashable, Identifiable {
  /// The conversation's short name.
  public var id: ConversationID
  /// The title; empty until the first message of the user.
  public var title: String
  /// The name of the model, as it was given.
  public var model: String
  /// The system message, if there is one.
  public var system: String?
  /// The settings: a JSON object that the caller gives and understands.
  public var settings: String
  /// When it began.
  public var created: Timestamp
  /// When its messages last changed.
  public var updated: Timestamp
  /// All messages in the order of their making.
  public var messages: [Message]
  /// The last message of the active path; nil before the first one.
  public var leaf: MessageID?

  /// The active path, first message first: what a resumed conversation goes on from.
  public var path: [Message] { path(to: leaf) }

  /// The path from the first message to one.
  ///
  /// - Complexity: O(number of messages).
  public func path(to leaf: MessageID?) -> [Message] {
    let byID = Dictionary(messages.map { ($0.id, $0) }) { first, _ in first }
    var path: [Message] = []
    var next = leaf
    while let id = next, let message = byID[id] {
      path.append(message)
      // A message follows an older one; a damaged file that says otherwise leads nowhere.
      next = message.parent.flatMap { $0 < id ? $0 : nil }
    }
    return path.reversed()
  }
}
