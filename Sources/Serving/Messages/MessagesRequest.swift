// SPDX-License-Identifier: Apache-2.0

import Constraints
import JSON
import Tokenization

/// A request of Anthropic's Messages API, as the request of a chat that asks for the same.
struct MessagesRequest {
  /// What is to come of it.
  enum Purpose {
    case answer
    /// Its prompt is counted alone, so that it needs no bound of an answer.
    case count
  }

  /// Fields that mean the same as in a chat request.
  private static let shared: Set<String> = [
    "max_tokens", "temperature", "top_p", "top_k", "min_p", "seed", "presence_penalty",
    "frequency_penalty", "repetition_penalty", "logit_bias", "ignore_eos", "stream", "cache_prompt",
  ]
  private static let read: Set<String> = shared.union([
    "model", "messages", "system", "stop_sequences", "tools", "tool_choice", "thinking",
    "output_config", "metadata", "mcp_servers", "container",
  ])
  /// What would change an answer's meaning and is not done here.
  private static let refused = ["mcp_servers", "container", "output_format"]

  /// The same as a chat's request.
  let chat: ChatCompletionRequest

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - request: The body.
  ///   - model: The model that is asked for.
  ///   - name: Its name, as the client gave it.
  ///   - purpose: What is to come of it.
  /// - Throws: `APIError` with the field that is at fault.
  init(
    _ request: RequestFields,
    _ model: ServedModel,
    name: String,
    for purpose: Purpose
  ) throws(APIError) {
    try Self.refuse(request)
    if purpose == .answer, request.value("max_tokens") == nil {
      throw .invalid("'max_tokens' is missing", "max_tokens")
    }
    let conversation = try MessagesConversation(request)
    let tools = try ToolDefinitions.readMessages(request)
    let (thinking, budget) = try Self.thinking(request, name: name)
    let output = try request.object("output_config")
    let format = try output?.object("format").map(Self.format)
    let variables = try output.map(Self.variables) ?? []
    var ignored = try Self.unread(request) + conversation.ignoredNames + (format?.ignored ?? [])
    if tools == nil, request.value("tools") != nil { ignored.append("tools") }
    let prefix = conversation.prefix
    chat = ChatCompletionRequest(
      chat: ChatRequest(
        messages: conversation.values,
        tools: tools?.prompt,
        variables: variables,
        addsGenerationPrompt: prefix == nil,
        continuesFinalMessage: prefix != nil
      ),
      options: try Self.options(request, model),
      thinking: thinking,
      thinkingBudget: budget,
      tools: tools,
      format: format,
      prefix: prefix ?? "",
      ignoredNames: ignored.sorted()
    )
  }

  /// Fields that are not looked at.
  private static func unread(_ request: RequestFields) throws(APIError) -> [String] {
    var names = request.names(besides: read)
    for (field, known) in [
      ("metadata", ["user_id"]), ("output_config", ["effort", "format"]),
      ("thinking", ["type", "budget_tokens"]),
    ] {
      let fields = try request.object(field)
      names += fields?.names(besides: Set(known)).map { "\(field).\($0)" } ?? []
    }
    return names
  }

  private static func refuse(_ request: RequestFields) throws(APIError) {
    for name in refused {
      guard let value = request.value(name), value.array?.count != 0 else { continue }
      throw .invalid("'\(name)' is not supported here, and would change the answer", name)
    }
  }

  private static func options(
    _ request: RequestFields,
    _ model: ServedModel
  ) throws(APIError) -> AnswerOptions {
    var options = try AnswerOptions(request.only(shared), model.defaults)
    let stops = try request.array("stop_sequences") == nil ? nil : request.strings("stop_sequences")
    options.stops = try AnswerOptions.stops(stops, "stop_sequences")
    if let metadata = try request.object("metadata") {
      options.owner = try AnswerOptions.owner(metadata)
    }
    return options
  }

  /// Whether to think, and how many tokens at most.
  private static func thinking(
    _ request: RequestFields,
    name: String
  ) throws(APIError) -> (ChatCompletionRequest.Thinking, budget: Int?) {
    let byName = ModelAlias(rawValue: name)?.thinking ?? .unsaid
    guard let thinking = try request.object("thinking") else { return (byName, nil) }
    // LIMIT: no context holds more.
    let budget = try thinking.integer("budget_tokens", in: 0...1 << 24)
    let type = try thinking.requiredString("type")
    switch type {
    case "enabled": return (.enabled, budget)
    case "disabled": return (.disabled, nil)
    // The model decides: as its template has it.
    case "adaptive": return (byName, budget)
    default:
      throw .invalid(
        "'thinking.type' is '\(type)', but must be enabled, adaptive or disabled",
        "thinking.type"
      )
    }
  }

  private static func format(_ format: RequestFields) throws(APIError) -> ResponseFormat {
    let type = try format.requiredString("type")
    guard type == "json_schema" else {
      throw .invalid(
        "'\(format.place("type"))' is '\(type)', but must be json_schema",
        format.place("type")
      )
    }
    guard let schema = format.value("schema") else {
      throw .invalid("'\(format.place("schema"))' is missing", format.place("schema"))
    }
    return try ResponseFormat(schema, format.place("schema"))
  }

  /// The template's variables.
  private static func variables(_ output: RequestFields) throws(APIError) -> [PromptValue.Member] {
    guard let effort = try output.string("effort") else { return [] }
    let efforts = ChatCompletionRequest.efforts.filter { $0 != "none" }
    guard efforts.contains(effort) else {
      throw .invalid(
        "'output_config.effort' is '\(effort)', but must be one of "
          + efforts.joined(separator: ", "),
        "output_config.effort"
      )
    }
    return [.init("reasoning_effort", .string(effort))]
  }
}

extension ChatCompletionRequest {
  /// Takes the parts of a request that was read in another form.
  fileprivate init(
    chat: ChatRequest,
    options: AnswerOptions,
    thinking: Thinking,
    thinkingBudget: Int?,
    tools: ToolDefinitions?,
    format: ResponseFormat?,
    prefix: String,
    ignoredNames: [String]
  ) {
    self.chat = chat
    self.options = options
    self.thinking = thinking
    self.thinkingBudget = thinkingBudget
    self.tools = tools
    self.format = format
    self.prefix = prefix
    self.ignoredNames = ignoredNames
    topLogProbabilities = nil
  }
}
