// SPDX-License-Identifier: Apache-2.0

import JSON
import Tokenization

/// What is rendered: from options, or from a line of a batch.
struct RenderRequest {
  /// Nil for a template alone.
  var messages: [PromptValue]?
  var tools: PromptValue?
  var documents: PromptValue?
  var variables: [PromptValue.Member]
  /// Nil where nothing was said: then the prompt ends with it, unless a message is gone on with.
  var addsGenerationPrompt: Bool?
  var continuesFinalMessage: Bool
  /// A template of the line's own, with the place that errors name.
  var template: (text: String, place: String)?
}

extension RenderRequest {
  init(_ line: BatchLine, defaults command: RenderCommand) throws {
    messages = try line.array("messages")
    tools = try line.json("tools")
    documents = try line.json("documents")
    variables = try command.variables()
    for member in try line.members("variables") {
      variables.removeAll { $0.key == member.key }
      variables.append(member)
    }
    addsGenerationPrompt =
      try line.boolean("add_generation_prompt") ?? (command.noGenerationPrompt ? false : nil)
    continuesFinalMessage =
      try line.boolean("continue_final_message") ?? command.continueFinal
    template = try line.string("template").map { (text: $0, place: line.place("template")) }
    if messages == nil, template == nil, command.template == nil {
      throw line.failure("the request has neither 'messages' nor 'template'", field: nil)
    }
    if continuesFinalMessage, addsGenerationPrompt == true {
      throw line.failure(
        "'continue_final_message' and 'add_generation_prompt' exclude each other",
        field: "continue_final_message"
      )
    }
  }
}

/// Renders requests; a template that comes again is compiled once.
struct Renderer {
  struct Answer {
    var prompt: RenderedPrompt
    var ids: [Int32]?

    var members: [(String, JSONText)] {
      let ids = ids.map { [("ids", JSONText.array($0.map { .integer(Int($0)) }))] } ?? []
      return [("text", .string(prompt.text))] + ids
    }
  }

  /// What a model's folder has for prompts.
  private struct Model {
    var tokenizer: Tokenizer
    var files: ChatTemplateFiles

    init(_ options: TokenizerOptions) throws {
      let folder = try options.folder()
      tokenizer = try Tokenizer(folder: folder)
      files = try ChatTemplateFiles(folder: folder)
    }
  }

  // LIMIT: a batch may bring a template a line; those before the last hundred are forgotten.
  private static let cacheLimit = 100

  private let time: CalendarTime
  private let thinking: ThinkingOptions
  private let options: TokenizerOptions
  private var model: Model?
  private let given: (text: String, place: String)?
  private var compiled: [String: ChatTemplate] = [:]

  init(_ command: RenderCommand, time: CalendarTime) throws {
    self.time = time
    thinking = command.thinking
    given = try command.template.map { path in
      (text: try Input.text(Input.bytes(of: path), source: path), place: path)
    }
    options = command.options
    // A model that was named is an error before anything is read.
    if options.model != nil { model = try Model(options) }
  }

  mutating func render(_ request: RenderRequest) throws -> Answer {
    var request = request
    let model = try model(for: request)
    var tokens = model?.files.specialTokens ?? SpecialTokens()
    tokens.take(from: &request.variables)
    let prompt: RenderedPrompt
    if let source = try source(for: request, model) {
      let template = try template(source)
      try addThinking(to: &request, template.variableNames)
      prompt =
        request.messages == nil
        ? try template.renderBare(request.variables, specialTokens: tokens, time: time)
        : try template.render(chat(request), specialTokens: tokens, time: time)
    } else {
      guard let model else { throw MissingModel() }
      try addThinking(to: &request, [])
      let encoder = BuiltInPromptEncoder(fitting: model.tokenizer, specialTokens: tokens)
      prompt = try encoder.prompt(for: chat(request), time: time)
    }
    return Answer(prompt: prompt, ids: try model?.tokenizer.chatIDs(prompt))
  }

  /// The model that was named for all requests; without a name, the program's own for those that have
  /// no template, and none for the others, whatever came before them.
  private mutating func model(for request: RenderRequest) throws -> Model? {
    guard options.model == nil else { return model }
    guard (request.template ?? given) == nil else { return nil }
    let own = try model ?? Model(options)
    model = own
    return own
  }

  private func chat(_ request: RenderRequest) -> ChatRequest {
    ChatRequest(
      messages: request.messages ?? [],
      tools: request.tools,
      documents: request.documents,
      variables: request.variables,
      addsGenerationPrompt: request.addsGenerationPrompt ?? !request.continuesFinalMessage,
      continuesFinalMessage: request.continuesFinalMessage
    )
  }

  private func source(
    for request: RenderRequest,
    _ model: Model?
  ) throws -> (text: String, place: String)? {
    if let own = request.template ?? given { return own }
    guard let files = model?.files else { throw MissingModel() }
    let hasTools = request.tools.map { $0 != .null } ?? false
    if let own = files.template(hasTools: hasTools) { return own }
    // Several templates, none of them the default, are no reason to take another form.
    guard files.isEmpty else {
      throw Input.Failure(
        what: "the model has several templates, none of them named 'default'",
        remedy: "--template FILE"
      )
    }
    return nil
  }

  private mutating func template(
    _ source: (text: String, place: String)
  ) throws -> ChatTemplate {
    if let known = compiled[source.text] { return known.named(source.place) }
    let template = try ChatTemplate(source.text, name: source.place)
    if compiled.count >= Self.cacheLimit { compiled = [:] }
    compiled[source.text] = template
    return template
  }

  private func addThinking(to request: inout RenderRequest, _ names: Set<String>) throws {
    let known = ThinkingOptions.variableNames.filter { names.contains($0) }
    for member in try thinking.variables(known)
    where !request.variables.contains(where: { $0.key == member.key }) {
      request.variables.append(member)
    }
  }
}
