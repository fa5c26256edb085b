// SPDX-License-Identifier: Apache-2.0

import Inference
import Tokenization

/// Makes prompts of what a person, a batch or a task gives: a text as it is, or a conversation.
struct PromptMaker {
  private let model: LoadedModel
  private let thinking: ThinkingOptions
  private let encoder: Result<any PromptEncoder, any Error>
  private let takesTextsAsTheyAre: Bool
  private let formsControl: Bool
  /// What templates see as now.
  let time = LocalTime.now

  /// Prepares prompts; a template that does not compile is an error before anything is read.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - thinking: Whether it is to think.
  ///   - isRaw: Whether a text is taken as it is, although the model has a chat template.
  ///   - formsControl: Whether such a text may form control tokens.
  /// - Throws: The error of a template that cannot be read or does not compile.
  init(
    _ model: LoadedModel,
    thinking: ThinkingOptions,
    isRaw: Bool = false,
    formsControl: Bool = false
  ) throws {
    self.model = model
    self.thinking = thinking
    self.formsControl = formsControl
    takesTextsAsTheyAre = isRaw || !model.prompts.hasChatTemplate
    encoder = Result { try model.prompts.makeEncoder() }
    if !takesTextsAsTheyAre { _ = try encoder.get() }
  }

  /// Prepares the prompts of `run`.
  init(_ command: RunCommand, _ model: LoadedModel) throws {
    try self.init(
      model,
      thinking: command.thinking,
      isRaw: command.raw,
      formsControl: command.control
    )
  }

  /// The prompt of a text: the text itself, or one message of a user.
  func prompt(_ text: String) throws -> PreparedPrompt {
    if takesTextsAsTheyAre { return try model.prompts.raw(text, formsControl: formsControl) }
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
      variables: try thinking.variables(encoder.thinkingVariables)
    )
    return try model.prompts.chat(request, encoder, time: time)
  }
}
