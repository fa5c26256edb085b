// SPDX-License-Identifier: Apache-2.0

import Inference
import Tokenization

extension Model {
  /// The prompt of a text that is gone on with.
  func prompt(_ text: String) throws(HadalError) -> PreparedPrompt {
    do { return try prompts.raw(text) } catch { throw HadalError(.prompt, error) }
  }

  /// The prompt of a conversation.
  ///
  /// - Parameters:
  ///   - messages: What was said, the last one to be answered.
  ///   - tools: What may be called; nil for nothing.
  ///   - thinks: Whether the model is to think; nil leaves it to the template.
  ///   - time: What the template sees as now.
  /// - Throws: `HadalError` where the template refuses the messages, or cannot be told to think.
  /// - Returns: The prompt.
  func prompt(
    _ messages: [Message],
    _ tools: PromptValue?,
    _ thinks: Bool?,
    _ time: CalendarTime
  ) throws(HadalError) -> PreparedPrompt {
    let encoder = try encoder.get()
    let lastQuestion = messages.lastIndex { $0.role == .user } ?? 0
    let request = ChatRequest(
      messages: messages.enumerated().map { $1.value(showsReasoning: $0 > lastQuestion) },
      tools: tools,
      variables: try thinkingVariables(encoder, thinks)
    )
    do { return try prompts.chat(request, encoder, time: time) } catch {
      throw HadalError(.prompt, error)
    }
  }

  private func thinkingVariables(
    _ encoder: any PromptEncoder,
    _ thinks: Bool?
  ) throws(HadalError) -> [PromptValue.Member] {
    guard let thinks else { return [] }
    let names = encoder.thinkingVariables
    // Without a switch a model that knows the tags thinks when it likes.
    guard !names.isEmpty || (thinks && constraints?.openingID != nil) else {
      throw HadalError(
        .option,
        "the model's template has no switch for thinking",
        place: "AnswerOptions.thinks",
        remedy: "leave it nil"
      )
    }
    return names.map { PromptValue.Member($0, .boolean(thinks)) }
  }
}
