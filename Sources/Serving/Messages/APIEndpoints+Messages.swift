// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON

/// Anthropic's Messages API, on the same engine as the chat.
extension APIEndpoints {
  /// Whether a path is one whose clients are Anthropic's.
  static func isMessages(_ path: String) -> Bool {
    path.hasPrefix("/anthropic/") || plain(path).split(separator: "/").first == "messages"
  }

  /// Answers a conversation.
  func messages(_ body: [UInt8]) async throws(APIError) -> APIReply {
    let fields = try RequestFields(body)
    let (name, model, isAlias) = try messagesModel(fields)
    let request = try MessagesRequest(fields, model, name: name, for: .answer).chat
    let wire = wire(.messages, name, model, logProbabilities: false)
    return try await answer(request, model, isAlias: isAlias, wire)
  }

  /// Says how many tokens the prompt of a conversation has.
  func countTokens(_ body: [UInt8]) throws(APIError) -> JSONText {
    let fields = try RequestFields(body)
    let (name, model, isAlias) = try messagesModel(fields)
    let request = try MessagesRequest(fields, model, name: name, for: .count).chat
    return .object([
      ("input_tokens", .integer(try model.prompt(request, isAlias: isAlias).ids.count))
    ])
  }

  /// The model of a request, and the name that answers have.
  ///
  /// Clients that know nothing but names of Anthropic's models get the first one, as from DeepSeek; the
  /// answer has its name, not theirs.
  private func messagesModel(
    _ fields: RequestFields
  ) throws(APIError) -> (name: String, model: ServedModel, isAlias: Bool) {
    let name = try fields.requiredString("model")
    if name.hasPrefix("claude-"), !models.contains(where: { $0.name == name }) {
      return (models[0].name, models[0], false)
    }
    let (model, isAlias) = try model(name)
    return (name, model, isAlias)
  }
}
