// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Hashing
import Inference
import JSON
import Tokenization

/// The API of some models: what each path does with a body.
///
/// | Path, also behind `/v1` and `/beta` | Answer |
/// |---|---|
/// | `POST /chat/completions` | a message |
/// | `POST /completions` | a continued text |
/// | `GET /models`, `GET /models/NAME` | what is served |
/// | `POST /messages`, `/messages/count_tokens`, also behind `/anthropic` | the same as Anthropic's clients ask |
/// | `POST /cache/explain` | what of a conversation's prompt the prefix cache holds |
/// | `GET /receipts/NAME` | by what an answer that has ended can be proved |
/// | `POST /thinking/end` | an answer that streams goes on without thinking |
/// | `POST /tokenize`, `/detokenize`, `/apply-template` | what a model makes of a text, of tokens, of messages |
/// | `GET /user/balance` | what is left to the caller's key |
/// | `GET /metrics` | what the engines do, for Prometheus |
/// | `GET /health` | whether requests are taken |
package struct APIEndpoints: Sendable {
  /// What is there, as an error names it.
  static let paths = [
    "POST /v1/chat/completions", "POST /v1/completions", "GET /v1/models",
    "POST /anthropic/v1/messages", "POST /anthropic/v1/messages/count_tokens",
    "GET /v1/receipts/NAME", "POST /v1/thinking/end", "POST /v1/cache/explain", "POST /tokenize",
    "POST /detokenize", "POST /apply-template",
    "GET /user/balance", "GET /health", "GET /metrics",
  ]

  let models: [ServedModel]
  /// Seconds since 1970.
  let now: @Sendable () -> Int
  /// Makes the name of an answer.
  let makeID: @Sendable () -> String
  let started: Int
  private let thinking = RunningThinking()
  private let receipts: AnswerReceipts

  /// Creates the API.
  package init(
    models: [ServedModel],
    now: @escaping @Sendable () -> Int,
    makeID: @escaping @Sendable () -> String,
    receipts: AnswerReceipts = AnswerReceipts()
  ) {
    self.models = models
    self.receipts = receipts
    self.now = now
    self.makeID = makeID
    started = now()
  }

  /// Answers a request.
  ///
  /// - Parameters:
  ///   - method: The method of HTTP.
  ///   - path: The path, without the query.
  ///   - body: The body.
  /// - Throws: `APIError`.
  /// - Returns: What is sent.
  package func reply(method: String, path: String, body: [UInt8]) async throws(APIError) -> APIReply
  {
    let path = Self.plain(path)
    switch (method, path) {
    case ("POST", "/chat/completions"): return try await chat(body)
    case ("POST", "/completions"): return try await complete(body)
    case ("POST", "/messages"): return try await messages(body)
    case ("POST", "/messages/count_tokens"): return .json(try countTokens(body), headers: [])
    case ("POST", "/cache/explain"): return .json(try await explainCache(body), headers: [])
    case ("POST", "/thinking/end"): return .json(try endThinking(body), headers: [])
    case ("GET", "/metrics"):
      return .text(await metrics().text, mediaType: MetricsPage.mediaType)
    case ("GET", "/user/balance"): return .json(KeyBalance.json(APICaller.current.key), headers: [])
    case ("GET", "/models"): return .json(list, headers: [])
    case ("POST", "/tokenize"): return .json(try tokenize(body), headers: [])
    case ("POST", "/detokenize"): return .json(try detokenize(body), headers: [])
    case ("POST", "/apply-template"): return .json(try applyTemplate(body), headers: [])
    case ("GET", "/health"): return .json(.object([("status", .string("ok"))]), headers: [])
    case ("GET", _) where path.hasPrefix("/models/"):
      let (model, _) = try model(Self.decoded(path.dropFirst("/models/".count)))
      return .json(json(model), headers: [])
    case ("GET", _) where path.hasPrefix("/receipts/"):
      let id = Self.decoded(path.dropFirst("/receipts/".count))
      return .json(try receipts.json(id), headers: [])
    default: throw Self.notThere(method, path)
    }
  }

  /// A path without the prefixes that are optional, and without a last slash.
  static func plain(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.last == "/" { path = path.dropLast() }
    let anthropic = "/anthropic"
    if path.hasPrefix(anthropic + "/v1/messages") { path = path.dropFirst(anthropic.count) }
    for prefix in ["/beta", "/v1"] where path.hasPrefix(prefix + "/") {
      path = path.dropFirst(prefix.count)
    }
    return String(path)
  }

  /// A part of a path without its percent encoding, in which clients send the slash of a hub's name.
  private static func decoded(_ part: Substring) -> String {
    let pieces = part.split(separator: "%", omittingEmptySubsequences: false)
    var bytes = Array((pieces.first ?? "").utf8)
    for piece in pieces.dropFirst() {
      guard let byte = Hexadecimal.bytes(piece.prefix(2).lowercased())?.first else {
        return String(part)
      }
      bytes.append(byte)
      bytes += piece.dropFirst(2).utf8
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func notThere(_ method: String, _ path: String) -> APIError {
    let isKnown = paths.contains { $0.hasSuffix(path) } && path != "/"
    return APIError(
      status: isKnown ? 405 : 404,
      message: "\(method) \(path.prefix(100)) is not answered here; there are: "
        + paths.joined(separator: ", "),
      code: isKnown ? "method_not_allowed" : "not_found"
    )
  }

  private func metrics() async -> MetricsPage {
    var engines: [(name: String, statistics: Engine.Statistics)] = []
    for model in models { engines.append((model.name, await model.engine.statistics)) }
    return MetricsPage(engines)
  }

  // MARK: Models

  /// The model of a name, and whether that is one of DeepSeek's two, for which the first one stands.
  func model(_ name: String) throws(APIError) -> (model: ServedModel, isAlias: Bool) {
    if let model = models.first(where: { $0.name == name }) { return (model, false) }
    if ModelAlias(rawValue: name) != nil, let first = models.first { return (first, true) }
    throw .unknownModel(name, served: models.map(\.name))
  }

  private func json(_ model: ServedModel) -> JSONText {
    .object([
      ("id", .string(model.name)), ("object", .string("model")), ("created", .integer(started)),
      ("owned_by", .string("hadal")), ("max_model_len", .integer(model.contextLength)),
    ])
  }

  private var list: JSONText {
    .object([("object", .string("list")), ("data", .array(models.map(json)))])
  }

  // MARK: Answers

  private func chat(_ body: [UInt8]) async throws(APIError) -> APIReply {
    let fields = try RequestFields(body)
    let name = try fields.requiredString("model")
    let (model, isAlias) = try model(name)
    let request = try ChatCompletionRequest(fields, model, name: name)
    let wire = wire(.chat, name, model, logProbabilities: request.topLogProbabilities != nil)
    return try await answer(request, model, isAlias: isAlias, wire)
  }

  /// Answers a conversation, in the form of a wire.
  func answer(
    _ request: ChatCompletionRequest,
    _ model: ServedModel,
    isAlias: Bool,
    _ wire: AnswerWire
  ) async throws(APIError) -> APIReply {
    // Nobody knows the name of an answer that does not stream before it has ended.
    let plan = try AnswerPlan(chat: request, model, isAlias: isAlias) {
      $0 ? thinking.begin(wire.id) : nil
    }
    return try await reply(plan, model, wire)
  }

  private func explainCache(_ body: [UInt8]) async throws(APIError) -> JSONText {
    let fields = try RequestFields(body)
    let name = try fields.string("model") ?? models[0].name
    let (model, isAlias) = try model(name)
    let request = try ChatCompletionRequest(fields, model, name: name)
    return try await model.explainCache(request, isAlias: isAlias)
  }

  private func endThinking(_ body: [UInt8]) throws(APIError) -> JSONText {
    let id = try RequestFields(body).requiredString("id")
    guard thinking.end(id) else {
      throw APIError(
        status: 404,
        message: "no answer of this name is being streamed",
        code: "not_found",
        parameter: "id"
      )
    }
    return .object([("id", .string(id)), ("ended", .boolean(true))])
  }

  private func complete(_ body: [UInt8]) async throws(APIError) -> APIReply {
    let fields = try RequestFields(body)
    let name = try fields.requiredString("model")
    let (model, _) = try model(name)
    let request = try TextCompletionRequest(fields, model)
    let wire = wire(.text, name, model, logProbabilities: request.topLogProbabilities != nil)
    return try await reply(AnswerPlan(text: request, model), model, wire)
  }

  func wire(
    _ kind: AnswerReceipt.Form,
    _ name: String,
    _ model: ServedModel,
    logProbabilities: Bool
  ) -> AnswerWire {
    AnswerWire(
      kind: kind,
      id: makeID(),
      created: now(),
      model: name,
      fingerprint: model.fingerprint,
      tokens: TokenText(tokenizer: model.prompts.tokenizer),
      reportsLogProbabilities: logProbabilities
    )
  }

  private func reply(
    _ plan: AnswerPlan,
    _ model: ServedModel,
    _ wire: AnswerWire
  ) async throws(APIError) -> APIReply {
    let run = try await AnswerRun(plan, model, wire, receipts)
    // From the seed and the prompt the answer can be had again.
    var headers = [
      ("x-hadal-seed", "\(Int64(bitPattern: plan.options.sampling.seed))"),
      ("x-hadal-receipt", "/v1/receipts/\(wire.id)"),
    ]
    if !plan.ignoredNames.isEmpty {
      headers.append(("x-hadal-ignored", Self.headerText(plan.ignoredNames)))
    }
    return plan.options.streams ? .events(run, headers: headers) : .answer(run, headers: headers)
  }

  /// Names as a header holds them: what is not printable ASCII is left out.
  private static func headerText(_ names: [String]) -> String {
    // LIMIT: a header that every client and proxy takes.
    let text = names.joined(separator: ", ").unicodeScalars.filter {
      (0x20..<0x7F).contains($0.value)
    }
    return String(String.UnicodeScalarView(text.prefix(1000)))
  }

  // MARK: Tokens

  private func optionalModel(_ fields: RequestFields) throws(APIError) -> ServedModel {
    guard let name = try fields.string("model") else { return models[0] }
    return try model(name).model
  }

  private func tokenize(_ body: [UInt8]) throws(APIError) -> JSONText {
    let fields = try RequestFields(body)
    let model = try optionalModel(fields)
    let tokenizer = try model.requiredTokenizer()
    // llama-server's name of the field, and vLLM's.
    let given = (try fields.string("content"), try fields.string("prompt"))
    guard let text = given.0 ?? given.1 else {
      throw .invalid("'content' is missing", "content")
    }
    let special = (try fields.boolean("add_special"), try fields.boolean("add_special_tokens"))
    let withPieces = try fields.boolean("with_pieces") ?? false
    let ids: [Int32]
    do throws(TokenizationError) {
      ids = try tokenizer.encode(text, addsSpecialTokens: special.0 ?? special.1 ?? false)
    } catch {
      throw .invalid(error.description, "content")
    }
    let tokens = TokenText(tokenizer: tokenizer)
    let values = ids.map { id -> JSONText in
      guard withPieces else { return .integer(Int(id)) }
      return .object([("id", .integer(Int(id))), ("piece", .string(tokens.text(id)))])
    }
    return .object([
      ("tokens", .array(values)), ("count", .integer(ids.count)),
      ("max_model_len", .integer(model.contextLength)),
    ])
  }

  private func detokenize(_ body: [UInt8]) throws(APIError) -> JSONText {
    let fields = try RequestFields(body)
    let tokenizer = try optionalModel(fields).requiredTokenizer()
    guard let values = try fields.array("tokens") else {
      throw .invalid("'tokens' is missing", "tokens")
    }
    var ids: [Int32] = []
    for value in values {
      guard let id = value.integer.flatMap({ Int32(exactly: $0) }), id >= 0 else {
        throw .invalid("'tokens' must be token ids", "tokens")
      }
      ids.append(id)
    }
    let text = JSONText.string(tokenizer.decode(ids))
    return .object([("content", text), ("prompt", text)])
  }

  private func applyTemplate(_ body: [UInt8]) throws(APIError) -> JSONText {
    let fields = try RequestFields(body)
    let name = try fields.string("model") ?? models[0].name
    let (model, isAlias) = try model(name)
    let request = try ChatCompletionRequest(fields, model, name: name)
    return .object([("prompt", .string(try model.promptText(request, isAlias: isAlias)))])
  }
}
