// SPDX-License-Identifier: Apache-2.0

import JSON

/// The JSON form of one conversation, as `Documentation/Conversations.md` describes it.
enum ConversationFormat {
  static let name = "hadal-conversation"
  static let version = 1
}

extension Conversation {
  /// The whole conversation as JSON: reasoning and superseded messages too.
  ///
  /// Messages are numbered from 1 in the order of their making; other numbers of the database stay
  /// behind, so that the same conversation gives the same bytes from every database.
  public var json: String {
    let numbers = Dictionary(
      zip(messages.map(\.id), 1...),
      uniquingKeysWith: { first, _ in first }
    )
    func number(_ id: MessageID?) -> JSONText {
      id.flatMap { numbers[$0] }.map(JSONText.integer) ?? .null
    }
    let members: [(String, JSONText)] = [
      ("format", .string(ConversationFormat.name)),
      ("version", .integer(ConversationFormat.version)),
      ("id", .string(id.description)),
      ("title", .string(title)),
      ("model", .string(model)),
      ("system", JSONText(optional: system)),
      ("settings", settingsJSON),
      ("created", .string(created.description)),
      ("updated", .string(updated.description)),
      ("leaf", number(leaf)),
      (
        "messages",
        .array(messages.map { $0.json(number: number($0.id), parent: number($0.parent)) })
      ),
    ]
    return JSONText.object(members).text
  }

  // What a damaged database holds instead of an object is exported as a text.
  private var settingsJSON: JSONText {
    guard let document = try? JSONDocument(Array(settings.utf8)) else { return .string(settings) }
    return JSONText(document.root)
  }
}

extension Message {
  fileprivate func json(number: JSONText, parent: JSONText) -> JSONText {
    .object([
      ("number", number),
      ("parent", parent),
      ("role", .string(role.rawValue)),
      ("content", .string(content)),
      ("reasoning", JSONText(optional: reasoning)),
      ("finish", JSONText(optional: finish?.rawValue)),
      ("model", JSONText(optional: model)),
      ("seed", JSONText(seed: seed)),
      ("prompt_tokens", JSONText(optional: figures.promptTokens)),
      ("completion_tokens", JSONText(optional: figures.completionTokens)),
      ("reasoning_tokens", JSONText(optional: figures.reasoningTokens)),
      ("reasoning_seconds", JSONText(optional: figures.reasoningSeconds)),
      ("prefill_seconds", JSONText(optional: figures.prefillSeconds)),
      ("decode_seconds", JSONText(optional: figures.decodeSeconds)),
      ("created", .string(created.description)),
    ])
  }
}

extension JSONText {
  fileprivate init(optional value: String?) { self = value.map(JSONText.string) ?? .null }
  fileprivate init(optional value: Int?) { self = value.map(JSONText.integer) ?? .null }
  fileprivate init(optional value: Double?) { self = value.map(JSONText.double) ?? .null }

  // A seed has 64 bits without a sign: what no integer of JSON readers holds is a text.
  fileprivate init(seed: UInt64?) {
    guard let seed else {
      self = .null
      return
    }
    self = Int(exactly: seed).map(JSONText.integer) ?? .string(String(seed))
  }
}
