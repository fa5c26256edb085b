// SPDX-License-Identifier: Apache-2.0

import Inference
import Tokenization

/// Makes prompts of what a person or a batch gives: a text as it is, or a conversation.
struct PromptMaker {
  private let command: RunCommand
  private let model: LoadedModel
  private let encoder: Result<any PromptEncoder, any Error>
  private let takesTextsAsTheyAre: Bool
  private let time = LocalTime.now

  /// Prepares prompts; a template that does not compile is an error before anything is read.
  init(_ command: RunCommand, _ model: LoadedModel) throws {
    self.command = command
    self.model = model
    takesTextsAsTheyAre = command.raw || !model.hasChatTemplate
    encoder = Result { try model.makePromptEncoder() }
    if !takesTextsAsTheyAre { _ = try encoder.get() }
  }

  /// The prompt of a text: the text itself, or one message of a user.
  func prompt(_ text: String) throws -> PreparedPrompt {
    if takesTextsAsTheyAre { return try model.rawPrompt(text, formsControl: command.control) }
    let message = PromptValue.object([
      .init("role", .string("user")), .init("content", .string(text)),
    ])
    return try prompt(messages: [message], tools: nil)
  }

  /// The prompt of a conversation.
  func prompt(messages: [PromptValue], tools: PromptValue?) throws -> PreparedPrompt {
    let encoder = try encoder.get()
    let request = ChatRequest(
      messages: messages,
      tools: tools,
      variables: try command.thinking.variables(encoder.thinkingVariables)
    )
    return try model.chatPrompt(request, encoder, time: time)
  }
}
