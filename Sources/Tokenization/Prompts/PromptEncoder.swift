// SPDX-License-Identifier: Apache-2.0

/// Makes the prompt of a conversation: from a model's own template, or in a form that is built in.
public protocol PromptEncoder: Sendable {
  /// What it is called: the template's file, or the name of the built-in form.
  var name: String { get }
  /// The variables of a template that switch thinking on and off; empty where nothing does.
  var thinkingVariables: [String] { get }

  /// Makes a prompt.
  ///
  /// - Parameters:
  ///   - request: The conversation, as a client sends it.
  ///   - time: What a template sees as now.
  /// - Throws: `TemplateError` where the template refuses the conversation or fails.
  /// - Returns: The prompt.
  func prompt(
    for request: ChatRequest,
    time: CalendarTime
  ) throws(TemplateError) -> RenderedPrompt
}

extension Tokenizer {
  /// Returns the ids of a conversation's prompt: those of `encode`, with the beginning-of-text token
  /// before them where the files ask for one and the prompt does not begin with it.
  ///
  /// - Parameter prompt: The prompt.
  /// - Throws: `TokenizationError` with reason `patternTooCostly`.
  /// - Returns: The ids.
  public func chatIDs(_ prompt: RenderedPrompt) throws(TokenizationError) -> [Int32] {
    let ids = try encode(prompt)
    guard let first = prefixIDs.first, first == beginningOfTextID ?? first, ids.first != first
    else { return ids }
    return [first] + ids
  }
}

extension RenderedPrompt {
  /// Whether the answer begins inside its reasoning: whether the prompt's last words open it.
  ///
  /// The last `<think>` that the template wrote counts where nothing but white space follows; and
  /// one in the message that is gone on with, where no `</think>` follows.
  public var opensReasoning: Bool {
    let open = OriginText("<think>", .template)
    let end = marked.stripped(left: false)
    guard let last = end.runs.last else { return false }
    if last.origin == .template { return end[last.range].hasSuffix(open) }
    let tail = end[last.range]
    guard let place = tail.lastIndex(of: open) else { return false }
    return tail.firstIndex(
      of: OriginText("</think>", .template),
      in: place..<tail.count
    ) == nil
  }
}
