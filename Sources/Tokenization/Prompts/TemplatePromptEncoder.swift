// SPDX-License-Identifier: Apache-2.0

/// Makes prompts with a model's own template, after giving conversations the form that it takes.
public struct TemplatePromptEncoder: PromptEncoder {
  private static let thinkingNames = ["enable_thinking", "thinking"]

  private let template: ChatTemplate
  private let toolTemplate: ChatTemplate?
  private let specialTokens: SpecialTokens
  private let form: ConversationForm
  private let toolForm: ConversationForm

  /// Creates an encoder.
  ///
  /// - Parameters:
  ///   - template: The template.
  ///   - toolTemplate: The one for conversations with tools, where the model has one of its own.
  ///   - specialTokens: The model's tokens.
  public init(
    _ template: ChatTemplate,
    toolTemplate: ChatTemplate? = nil,
    specialTokens: SpecialTokens
  ) {
    self.template = template
    self.toolTemplate = toolTemplate
    self.specialTokens = specialTokens
    // Any day will do: only what becomes of the messages is looked at.
    let day = CalendarTime.epoch
    form = ConversationForm(probing: template, specialTokens, time: day)
    toolForm =
      toolTemplate.map { ConversationForm(probing: $0, specialTokens, time: day) } ?? form
  }

  /// The template's file.
  public var name: String { template.name }

  /// Those of the usual switches that the template reads.
  public var thinkingVariables: [String] {
    Self.thinkingNames.filter { template.variableNames.contains($0) }
  }

  /// Makes a prompt.
  public func prompt(
    for request: ChatRequest,
    time: CalendarTime
  ) throws(TemplateError) -> RenderedPrompt {
    let hasTools = request.tools.map { $0 != .null && $0 != .array([]) } ?? false
    let isToolTemplate = hasTools && toolTemplate != nil
    let chosen = isToolTemplate ? toolTemplate ?? template : template
    let fitted = try (isToolTemplate ? toolForm : form).applied(to: request)
    return try chosen.render(fitted, specialTokens: specialTokens, time: time)
  }
}
