// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON
import Tokenization

extension ServedModel {
  /// Says how many tokens of a conversation's prompt its owner would not wait for, and where the nearest
  /// of the owner's prompts differs.
  ///
  /// - Throws: `APIError` where the template refuses the conversation.
  func explainCache(
    _ request: ChatCompletionRequest,
    isAlias: Bool
  ) async throws(APIError) -> JSONText {
    let ids = try prompt(request, isAlias: isAlias).ids
    guard ids.count < contextLength else {
      throw .tooLong(promptCount: ids.count, contextLength: contextLength, "messages")
    }
    let explanation = await engine.explainPrefix(ids, owner: request.options.owner)
    let (reason, index, tokens) = Self.parts(explanation.reason)
    let message = index.flatMap { messageIndex(ofToken: $0, ids, request, isAlias: isAlias) }
    func text(_ id: Int32) -> JSONText {
      .string(TokenText(tokenizer: prompts.tokenizer).text(id))
    }
    return .object([
      ("prompt_tokens", .integer(ids.count)), ("hit_tokens", .integer(explanation.hitCount)),
      ("reason", .string(reason)), ("token_index", index.map(JSONText.integer) ?? .null),
      ("message_index", message.map(JSONText.integer) ?? .null),
      ("cached_token", tokens.map { text($0.cached) } ?? .null),
      ("prompt_token", tokens.map { text($0.given) } ?? .null),
    ])
  }

  private static func parts(
    _ reason: PrefixExplanation.Reason
  ) -> (name: String, index: Int?, tokens: (cached: Int32, given: Int32)?) {
    switch reason {
    case .nothingHeld: ("nothing_cached", nil, nil)
    case .differs(let index, let expected, let found):
      ("different_token", index, (cached: expected, given: found))
    case .ends(let index): ("cached_ends", index, nil)
    case .whole: ("whole", nil, nil)
    }
  }

  /// The first message with which the prompt's token comes; nil where only what opens the answer has it.
  private func messageIndex(
    ofToken index: Int,
    _ ids: [Int32],
    _ request: ChatCompletionRequest,
    isAlias: Bool
  ) -> Int? {
    // Of prompts of the first messages alone, the first that goes on beyond the token.
    func goesBeyond(_ count: Int) -> Bool {
      var chat = request.chat
      chat.messages = Array(chat.messages.prefix(count))
      (chat.addsGenerationPrompt, chat.continuesFinalMessage) = (false, false)
      // A template may refuse a conversation that ends here.
      guard let part = try? prompt(chat, request.thinking, isAlias: isAlias).ids else {
        return false
      }
      return zip(part, ids).prefix { $0 == $1 }.count > index
    }
    var (least, most) = (1, request.chat.messages.count)
    guard goesBeyond(most) else { return nil }
    while least < most {
      let middle = (least + most) / 2
      if goesBeyond(middle) { most = middle } else { least = middle + 1 }
    }
    return most - 1
  }
}
