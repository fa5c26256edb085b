// SPDX-License-Identifier: Apache-2.0

import Checkpoints
public import Compute
import HadalKit
import Hashing
public import Inference
import Models
public import Tokenization

/// A model that is served: its engine, and what makes prompts of what clients send.
public struct ServedModel: Sendable {
  /// The name by which clients ask for it.
  public let name: String
  /// What says which weights, template and arithmetic make the answers.
  ///
  /// The SHA-256 of the weights' hash, the template's, the compute type and the arithmetic version, its
  /// first 32 digits: where the weights' hash is known, equal ones promise equal logits for equal
  /// tokens.
  public let fingerprint: String
  /// What makes its answers, as receipts name it.
  package let origin: AnswerReceipt.Origin
  let engine: Engine
  /// What its answers can be made to keep to; nil without a tokenizer.
  let constraints: ModelConstraints?
  let prompts: ModelPrompts
  let encoder: (any PromptEncoder)?
  /// Why there is no encoder.
  let encoderFault: APIError?
  let defaults: GenerationDefaults
  let contextLength: Int
  /// What templates see as now.
  let now: @Sendable () -> CalendarTime

  /// Makes a model ready.
  ///
  /// - Parameters:
  ///   - model: The model, which the engine uses alone from now on.
  ///   - name: The name by which clients ask for it.
  ///   - weights: The hash of its weights; nil where it is not known.
  ///   - limits: What its engine may take.
  ///   - prefixFolder: Where its prefix cache lies from run to run; without one it is in memory alone.
  ///   - ended: Hears of each answer that ended.
  ///   - now: What templates see as now.
  /// - Throws: `ComputeError` where no thread can be had.
  public init(
    _ model: sending LoadedModel,
    name: String,
    weights: String?,
    limits: EngineLimits,
    prefixFolder: PrefixFolder? = nil,
    ended: @escaping Engine.Ended = { _, _, _ in },
    now: @escaping @Sendable () -> CalendarTime
  ) throws(ComputeError) {
    self.name = name
    prompts = model.prompts
    defaults = model.defaults
    contextLength = model.contextLength
    self.now = now
    do {
      encoder = try model.prompts.makeEncoder()
      encoderFault = nil
    } catch {
      encoder = nil
      encoderFault = APIError(promptFault: error)
    }
    origin = AnswerReceipt.Origin(model, weights: weights)
    let parts = [
      weights ?? "unknown", origin.template ?? "", origin.computeType, "\(origin.arithmetic)",
    ]
    let identity = parts.joined(separator: " ")
    fingerprint = String(Hexadecimal.text(SHA256Hash.digest(of: Array(identity.utf8))).prefix(32))
    let encoder = encoder
    constraints = prompts.tokenizer.map { [endIDs = model.endIDs] in
      ModelConstraints($0, endIDs: endIDs, encoder: encoder)
    }
    if let constraints { Task.detached(priority: .background) { constraints.prepare() } }
    engine = try Engine(model, limits: limits, prefixFolder: prefixFolder, ended: ended)
  }

  /// The prompt of a conversation.
  ///
  /// - Throws: `APIError` where the template refuses it, or has no switch for what is asked.
  func prompt(
    _ request: ChatCompletionRequest,
    isAlias: Bool,
    time: CalendarTime? = nil
  ) throws(APIError) -> PreparedPrompt {
    try prompt(request.chat, request.thinking, isAlias: isAlias, time: time)
  }

  /// The prompt of a conversation that is to be thought about or not.
  func prompt(
    _ chat: ChatRequest,
    _ thinking: ChatCompletionRequest.Thinking,
    isAlias: Bool,
    time: CalendarTime? = nil
  ) throws(APIError) -> PreparedPrompt {
    var chat = chat
    chat.variables += try thinkingVariables(thinking, isAlias: isAlias)
    do { return try prompts.chat(chat, try requiredEncoder(), time: time ?? now()) } catch {
      throw APIError(promptFault: error)
    }
  }

  /// The prompt of a text that is gone on with.
  func rawPrompt(_ text: String) throws(APIError) -> [Int32] {
    do { return try prompts.raw(text).ids } catch {
      var error = APIError(promptFault: error)
      error.parameter = "prompt"
      throw error
    }
  }

  /// The text of tokens.
  func text(of ids: [Int32]) -> String { prompts.tokenizer?.decode(ids) ?? "" }

  /// The text of a conversation's prompt.
  func promptText(_ request: ChatCompletionRequest, isAlias: Bool) throws(APIError) -> String {
    var chat = request.chat
    chat.variables += try thinkingVariables(request.thinking, isAlias: isAlias)
    do { return try requiredEncoder().prompt(for: chat, time: now()).text } catch {
      throw APIError(promptFault: error)
    }
  }

  private func requiredEncoder() throws(APIError) -> any PromptEncoder {
    guard let encoder else { throw encoderFault ?? .invalid("the model has no template") }
    return encoder
  }

  func requiredTokenizer() throws(APIError) -> Tokenizer {
    guard let tokenizer = prompts.tokenizer else {
      throw .invalid("the model has no tokenizer, so that it takes token ids alone", "prompt")
    }
    return tokenizer
  }

  /// The variables of the template that say whether to think.
  private func thinkingVariables(
    _ thinking: ChatCompletionRequest.Thinking,
    isAlias: Bool
  ) throws(APIError) -> [PromptValue.Member] {
    let names = encoder?.thinkingVariables ?? []
    guard thinking != .unsaid else { return [] }
    // Without a switch a model that knows the tags thinks when it likes.
    let mayThink = thinking == .enabled && constraints?.openingID != nil
    guard !names.isEmpty || isAlias || mayThink else {
      throw .invalid("the model's template has no switch for thinking", "thinking")
    }
    return names.map { PromptValue.Member($0, .boolean(thinking == .enabled)) }
  }
}
