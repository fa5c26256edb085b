// SPDX-License-Identifier: Apache-2.0

/// What a prompt is made of: a conversation, and what else a chat template may read.
public struct ChatRequest: Sendable {
  /// The messages, objects with `role` and `content` as the chat APIs have them.
  public var messages: [PromptValue]
  /// The definitions of tools that the model may call; nil where there are none.
  public var tools: PromptValue?
  /// Documents that the model may cite; nil where there are none.
  public var documents: PromptValue?
  /// Other variables of the template.
  public var variables: [PromptValue.Member]
  /// Whether the prompt ends with the opening of the assistant's turn.
  public var addsGenerationPrompt: Bool
  /// Whether the prompt ends inside the last message, for the model to go on with it.
  public var continuesFinalMessage: Bool

  /// Creates a request.
  public init(
    messages: [PromptValue],
    tools: PromptValue? = nil,
    documents: PromptValue? = nil,
    variables: [PromptValue.Member] = [],
    addsGenerationPrompt: Bool = true,
    continuesFinalMessage: Bool = false
  ) {
    self.messages = messages
    self.tools = tools
    self.documents = documents
    self.variables = variables
    self.addsGenerationPrompt = addsGenerationPrompt
    self.continuesFinalMessage = continuesFinalMessage
  }
}
