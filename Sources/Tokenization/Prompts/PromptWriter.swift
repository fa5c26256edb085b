// SPDX-License-Identifier: Apache-2.0

/// Writes prompts in the built-in forms: its own words may form control tokens, the messages' not.
struct PromptWriter {
  let beginningOfText: String
  let endOfText: String
  private(set) var text = OriginText()

  init(beginningOfText: String, endOfText: String) {
    self.beginningOfText = beginningOfText
    self.endOfText = endOfText
  }

  private mutating func control(_ string: String) { text.append(string, .template) }

  private mutating func data(_ string: String) { text.append(string, .data) }

  // MARK: DeepSeek-V3

  /// DeepSeek-V3's turns: what its published template writes, with the tools in the system prompt.
  mutating func writeDeepSeekV3(_ turns: [Turn], _ request: ChatRequest) {
    control(beginningOfText)
    let system = turns.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
    data(system)
    if let tools = request.tools, tools != .null, tools != .array([]) {
      writeTools(tools, isFirst: system.isEmpty)
    }
    let others = turns.filter { $0.role != .system }
    for (index, turn) in others.enumerated() {
      let follows = index > 0 ? others[index - 1].role : nil
      let isLast = index == others.count - 1
      switch turn.role {
      case .tool:
        if follows != .tool { control("<｜tool▁outputs▁begin｜>") }
        control("<｜tool▁output▁begin｜>")
        data(turn.content)
        control("<｜tool▁output▁end｜>")
        if isLast || others[index + 1].role != .tool { control("<｜tool▁outputs▁end｜>") }
      case .assistant:
        if follows != .tool { control("<｜Assistant｜>") }
        data(withoutReasoning(turn, isContinued: isLast && request.continuesFinalMessage))
        writeCalls(turn)
        if !isLast || !request.continuesFinalMessage { control(endOfText) }
      default:
        control("<｜User｜>")
        data(turn.content)
      }
    }
    if request.addsGenerationPrompt, others.last?.role != .tool { control("<｜Assistant｜>") }
  }

  /// Earlier reasoning is left out, as the models' authors ask.
  private func withoutReasoning(_ turn: Turn, isContinued: Bool) -> String {
    let content = OriginText(turn.content, .data)
    let close = OriginText("</think>", .data)
    guard !isContinued, let place = content.lastIndex(of: close) else { return turn.content }
    return content[place + close.count..<content.count].string
  }

  private mutating func writeCalls(_ turn: Turn) {
    guard !turn.calls.isEmpty else { return }
    control("<｜tool▁calls▁begin｜>")
    for (index, call) in turn.calls.enumerated() {
      control((index > 0 ? "\n" : "") + "<｜tool▁call▁begin｜>function<｜tool▁sep｜>")
      data(call.name)
      control("\n```json\n")
      data(call.arguments)
      control("\n```<｜tool▁call▁end｜>")
    }
    control("<｜tool▁calls▁end｜>")
  }

  private mutating func writeTools(_ tools: PromptValue, isFirst: Bool) {
    var definitions = [tools]
    if case .array(let elements) = tools { definitions = elements }
    control((isFirst ? "" : "\n\n") + "## Tools\n\nYou may call these functions:\n")
    for definition in definitions {
      control("\n```json\n")
      data(definition.jsonText)
      control("\n```\n")
    }
    control(
      "\nTo call them, answer in this form:\n<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function"
        + "<｜tool▁sep｜>NAME\n```json\nARGUMENTS\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>\n"
    )
  }

  // MARK: Others

  /// ChatML: a head with the role, the content, an end token.
  mutating func writeChatML(_ turns: [Turn], _ request: ChatRequest) {
    control(beginningOfText)
    for (index, turn) in turns.enumerated() {
      control("<|im_start|>" + turn.role.rawValue + "\n")
      data(contentWithCalls(turn))
      if index < turns.count - 1 || !request.continuesFinalMessage { control("<|im_end|>\n") }
    }
    if request.addsGenerationPrompt { control("<|im_start|>assistant\n") }
  }

  /// Words alone, for models that have no tokens for turns.
  mutating func writePlain(_ turns: [Turn], _ request: ChatRequest) {
    control(beginningOfText)
    let heads: [Turn.Role: String] = [.user: "User: ", .assistant: "Assistant: ", .tool: "Tool: "]
    for (index, turn) in turns.enumerated() {
      control(heads[turn.role] ?? "")
      data(contentWithCalls(turn))
      let isOpen = index == turns.count - 1 && request.continuesFinalMessage
      if !isOpen { control(turn.role == .assistant ? endOfText + "\n\n" : "\n\n") }
    }
    if request.addsGenerationPrompt { control("Assistant:") }
  }

  private func contentWithCalls(_ turn: Turn) -> String {
    let calls = turn.calls.map { call in
      let name = PromptValue.string(call.name).jsonText
      return "{\"name\": \(name), \"arguments\": \(call.arguments)}"
    }
    let parts = turn.content.isEmpty && !calls.isEmpty ? calls : [turn.content] + calls
    return parts.joined(separator: "\n")
  }
}
