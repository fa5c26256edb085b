// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON
import Tokenization

/// A request of `/chat/completions`.
struct ChatCompletionRequest {
  /// Whether the model is to think first.
  enum Thinking {
    /// As its template has it.
    case unsaid
    case enabled
    case disabled
  }

  /// What would change an answer's meaning and is not done here.
  private static let refused = [
    "functions", "function_call", "prediction", "audio", "modalities",
  ]
  private static let read: Set<String> = AnswerOptions.fields.union([
    "model", "messages", "logprobs", "top_logprobs", "thinking", "reasoning_effort",
    "chat_template_kwargs", "response_format", "tools", "tool_choice", "parallel_tool_calls",
    "thinking_budget",
  ])
  // LIMIT: what DeepSeek's and OpenAI's APIs give.
  private static let mostLogProbabilities = 20
  static let efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]

  /// The conversation, without what the model's template says of thinking.
  let chat: ChatRequest
  let options: AnswerOptions
  let thinking: Thinking
  /// The most tokens of reasoning; nil for any number.
  let thinkingBudget: Int?
  /// What the model may call; nil where there is nothing.
  let tools: ToolDefinitions?
  /// What the answer must be; nil for any text.
  let format: ResponseFormat?
  /// What of the answer stands already, in the message that it goes on with.
  let prefix: String
  /// How many of the likeliest tokens are reported for each place; nil reports nothing.
  let topLogProbabilities: Int?
  /// Fields that were not looked at.
  let ignoredNames: [String]

  /// Reads a request.
  init(_ request: RequestFields, _ model: ServedModel, name: String) throws(APIError) {
    try Self.refuse(request)
    let messages = try ChatMessages(request)
    (tools, format) = (try ToolDefinitions.read(request), try ResponseFormat.read(request))
    prefix = messages.continuesLast ? messages.values.last?["content"]?.string ?? "" : ""
    thinkingBudget = try Self.thinkingBudget(request)
    options = try AnswerOptions(request, model.defaults)
    (topLogProbabilities, thinking) = (
      try Self.logProbabilities(request), try Self.thinking(request, name: name)
    )
    chat = ChatRequest(
      messages: messages.values,
      tools: tools?.prompt,
      variables: try Self.variables(request),
      addsGenerationPrompt: !messages.continuesLast,
      continuesFinalMessage: messages.continuesLast
    )
    var ignored = request.names(besides: Self.read) + (format?.ignored ?? [])
    if tools == nil, request.value("tools") != nil { ignored.append("tools") }
    ignoredNames = ignored.sorted()
  }

  private static func refuse(_ request: RequestFields) throws(APIError) {
    for name in refused {
      guard let value = request.value(name) else { continue }
      if name == "modalities", let array = value.array, array.allSatisfy({ $0.string == "text" }) {
        continue
      }
      throw .invalid("'\(name)' is not supported here, and would change the answer", name)
    }
  }

  /// How many tokens of reasoning there may be: Anthropic's field, or Qwen's.
  private static func thinkingBudget(_ request: RequestFields) throws(APIError) -> Int? {
    // LIMIT: no context holds more.
    let range = 0...1 << 24
    let within = try request.object("thinking")?.integer("budget_tokens", in: range)
    let apart = try request.integer("thinking_budget", in: range)
    return within ?? apart
  }

  private static func logProbabilities(_ request: RequestFields) throws(APIError) -> Int? {
    let isWanted = try request.boolean("logprobs") ?? false
    let count = try request.integer("top_logprobs", in: 0...mostLogProbabilities)
    guard isWanted || count == nil else {
      throw .invalid("'top_logprobs' is for 'logprobs': true", "top_logprobs")
    }
    return isWanted ? count ?? 0 : nil
  }

  /// What the request says of thinking: in the body, else by the name that DeepSeek gave its two models.
  private static func thinking(_ request: RequestFields, name: String) throws(APIError) -> Thinking
  {
    if let thinking = try request.object("thinking") {
      let type = try thinking.requiredString("type")
      switch type {
      case "enabled": return .enabled
      case "disabled": return .disabled
      default:
        throw .invalid("'thinking.type' is '\(type)', but must be enabled or disabled", "thinking")
      }
    }
    if let effort = try request.string("reasoning_effort") {
      guard efforts.contains(effort) else {
        throw .invalid(
          "'reasoning_effort' is '\(effort)', but must be one of \(efforts.joined(separator: ", "))",
          "reasoning_effort"
        )
      }
      if effort == "none" { return .disabled }
    }
    return ModelAlias(rawValue: name)?.thinking ?? .unsaid
  }

  /// The template's variables.
  private static func variables(_ request: RequestFields) throws(APIError) -> [PromptValue.Member] {
    var variables: [PromptValue.Member] = []
    if let effort = try request.string("reasoning_effort"), effort != "none" {
      variables.append(.init("reasoning_effort", .string(effort)))
    }
    for (name, value) in try request.object("chat_template_kwargs")?.all ?? [] {
      let place = "chat_template_kwargs.\(name)"
      variables.removeAll { $0.key == name }
      variables.append(.init(name, try ChatMessages.promptValue(value, place)))
    }
    return variables
  }
}

/// The names by which DeepSeek's clients ask, each for the first model here.
enum ModelAlias: String {
  case chat = "deepseek-chat"
  case reasoner = "deepseek-reasoner"

  /// What the name says of thinking, where the model's template has a switch for it.
  var thinking: ChatCompletionRequest.Thinking {
    switch self {
    case .chat: .disabled
    case .reasoner: .enabled
    }
  }
}
