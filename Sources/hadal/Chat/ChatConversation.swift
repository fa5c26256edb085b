// SPDX-License-Identifier: Apache-2.0

import Storage
import Tokenization

/// What is said in a conversation, in memory and, unless it is not to be kept, on file.
///
/// Everything is stored before it is shown. Nothing is deleted: what is edited, regenerated or taken
/// back stays on file beside the path that goes on.
final class ChatConversation {
  /// One message of the path that goes on.
  struct Turn {
    var id: MessageID?
    var role: Role
    var content: String
  }

  /// The messages, first one first.
  private(set) var turns: [Turn] = []
  /// The conversation's name on file; nil before its first message, or where it is not kept.
  private(set) var id: ConversationID?
  /// The system message.
  private(set) var system: String?
  private(set) var title = ""
  private let store: ConversationStore?
  private var modelName: String
  private var settings: String

  /// Begins a conversation, which is stored with its first message.
  init(store: ConversationStore?, modelName: String, system: String?, settings: String) {
    self.store = store
    self.modelName = modelName
    self.system = system
    self.settings = settings
  }

  /// Takes a conversation up where it stands.
  convenience init(store: ConversationStore, _ conversation: Conversation) {
    self.init(
      store: store,
      modelName: conversation.model,
      system: conversation.system,
      settings: conversation.settings
    )
    id = conversation.id
    title = conversation.title
    turns = conversation.path.map { Turn(id: $0.id, role: $0.role, content: $0.content) }
  }

  /// Adds what the user says.
  func add(_ text: String) throws {
    var turn = Turn(id: nil, role: .user, content: text)
    if let store {
      let id = try id ?? create(in: store)
      turn.id = try store.add(.user, text, to: id, after: turns.last?.id).id
    }
    turns.append(turn)
  }

  private func create(in store: ConversationStore) throws -> ConversationID {
    let summary = try store.create(model: modelName, system: system, settings: settings)
    id = summary.id
    return summary.id
  }

  /// Begins the answer to the last message.
  ///
  /// - Returns: What stores it as it comes; nil where it is not kept.
  func beginAnswer(seed: UInt64?) throws -> AnswerWriter? {
    var writer: AnswerWriter?
    if let store, let id {
      writer = try store.beginAnswer(in: id, after: turns.last?.id, model: modelName, seed: seed)
    }
    turns.append(Turn(id: writer?.message, role: .assistant, content: ""))
    return writer
  }

  /// Adds to the answer that was begun last.
  func append(toAnswer text: String) { turns[turns.count - 1].content += text }

  /// Takes back the last message of the user and all that followed it.
  ///
  /// - Returns: The message; nil where there is none.
  func takeBackLastExchange() throws -> String? {
    guard let index = turns.lastIndex(where: { $0.role == .user }) else { return nil }
    let text = turns[index].content
    try cut(to: index)
    return text
  }

  /// Takes back the answer to the last message of the user.
  ///
  /// - Returns: Whether there is a message to answer.
  func takeBackLastAnswer() throws -> Bool {
    guard let index = turns.lastIndex(where: { $0.role == .user }) else { return false }
    try cut(to: index + 1)
    return true
  }

  /// Goes on from messages that stood here before what failed.
  func restore(_ turns: [Turn]) {
    self.turns = turns
    // What failed may be the file; the next message names the one that it follows.
    if let store, let id { try? store.activate(turns.last?.id, in: id) }
  }

  private func cut(to count: Int) throws {
    let rest = Array(turns[..<count])
    if let store, let id { try store.activate(rest.last?.id, in: id) }
    turns = rest
  }

  /// Notes what the conversation goes on with.
  func update(modelName: String, system: String?, settings: String) throws {
    if let store, let id {
      try store.update(id, model: modelName, system: system, settings: settings)
    }
    self.modelName = modelName
    self.system = system
    self.settings = settings
  }

  /// Gives it a title.
  func rename(to title: String) throws {
    guard let store, let id else {
      throw ChatFault.nothingToDo("there is no conversation to rename yet")
    }
    try store.rename(id, to: title)
  }

  /// The messages as a template takes them, without the oldest `dropped` exchanges.
  ///
  /// The reasoning of earlier answers stays out, as the models' authors ask.
  func messages(dropping dropped: Int) -> [PromptValue] {
    var rest = turns[...]
    for _ in 0..<dropped {
      rest = rest.dropFirst()
      while let first = rest.first, first.role != .user { rest = rest.dropFirst() }
    }
    return (system.map { [Self.message("system", $0)] } ?? [])
      + rest.map { Self.message($0.role.rawValue, $0.content) }
  }

  /// How many exchanges stand before the last message.
  var earlierExchangeCount: Int { max(turns.filter { $0.role == .user }.count - 1, 0) }

  private static func message(_ role: String, _ content: String) -> PromptValue {
    .object([.init("role", .string(role)), .init("content", .string(content))])
  }
}
