// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import FoundationEssentials
import Inference
import Models
import Tokenization

/// The model of a conversation, and what it keeps from answer to answer.
struct ChatModel {
  /// As it was named.
  let name: String
  let loaded: LoadedModel
  let encoder: any PromptEncoder
  let generator: Generator
  let cache: PromptCache

  /// Loads a model.
  init(_ options: ModelOptions, name: String?) throws {
    loaded = try options.load(name)
    self.name = Self.lasting(name ?? options.model ?? BuiltInModel.name)
    encoder = try loaded.prompts.makeEncoder()
    generator = loaded.makeGenerator(prefillChunk: options.prefillChunk)
    cache = generator.makePromptCache()
  }

  /// Whether it is the model within the program.
  var isBuiltIn: Bool { BuiltInModel.isFolder(loaded.checkpoint.path) }

  /// A folder's name as it is found from everywhere.
  private static func lasting(_ name: String) -> String {
    let files = FileManager.default
    guard name != BuiltInModel.name, !name.hasPrefix("/"), files.fileExists(atPath: name) else {
      return name
    }
    return files.currentDirectoryPath + "/" + name
  }

  /// What a setting is that nobody set; nil where it has no value then.
  func standard(_ setting: String, _ settings: ChatSettings) -> String? {
    var unset = settings
    unset.resetAll()
    let sampling = loaded.request(promptIDs: [], unset.options).sampling
    return switch setting {
    case "temperature": "\(sampling.temperature)"
    case "top_p": "\(sampling.topP)"
    case "top_k": "\(sampling.topK)"
    case "min_p": "\(sampling.minP)"
    case "repetition_penalty": "\(sampling.penalties.repetition)"
    default: nil
    }
  }

  /// A prompt that fits, and how many exchanges were left out for that.
  struct FittingPrompt {
    var prompt: PreparedPrompt
    var droppedCount: Int
  }

  // LIMIT: an answer of less is none; a short context gives a quarter of itself.
  private static let answerTokenCountMin = 256

  /// Makes the prompt of a conversation.
  ///
  /// - Throws: `ChatFault.contextFull` where it does not fit, and nothing is to be left out, or all.
  func prompt(_ conversation: ChatConversation, _ settings: ChatSettings) throws -> FittingPrompt {
    let room = min(Self.answerTokenCountMin, loaded.contextLength / 4)
    var fitting: FittingPrompt?
    var tokenCount = 0
    // A prompt gets shorter with each exchange less: the first count that fits is searched by halves.
    // The whole conversation is tried first, because it nearly always fits.
    var counts = 0..<(settings.overflow == .drop ? conversation.earlierExchangeCount + 1 : 1)
    var count = 0
    while !counts.isEmpty {
      let prompt = try prompt(conversation.messages(dropping: count), settings)
      if prompt.ids.count + room <= loaded.contextLength {
        fitting = FittingPrompt(prompt: prompt, droppedCount: count)
        counts = counts.lowerBound..<count
      } else {
        tokenCount = prompt.ids.count
        counts = (count + 1)..<counts.upperBound
      }
      count = counts.lowerBound + counts.count / 2
    }
    guard let fitting else {
      throw ChatFault.contextFull(tokens: tokenCount, limit: loaded.contextLength)
    }
    return fitting
  }

  private func prompt(
    _ messages: [PromptValue],
    _ settings: ChatSettings
  ) throws -> PreparedPrompt {
    let request = ChatRequest(messages: messages, variables: try thinkingVariables(settings))
    return try loaded.prompts.chat(request, encoder, time: LocalTime.now)
  }

  /// The template's variables that say whether to think.
  ///
  /// - Throws: `Input.Failure` where something is set and the template has no switch for it.
  private func thinkingVariables(_ settings: ChatSettings) throws -> [PromptValue.Member] {
    try ThinkingOptions.variables(encoder.thinkingVariables, thinks: settings.thinks)
  }

  /// Checks what is set against what the model has.
  ///
  /// - Throws: `Input.Failure` where its template lacks the switch for thinking; `ModelError` where a
  ///   token is none of its own.
  func check(_ settings: ChatSettings) throws {
    _ = try thinkingVariables(settings)
    // Any prompt will do.
    _ = try request(PreparedPrompt(ids: [0]), settings)
  }

  /// A request for the answer to a prompt.
  ///
  /// - Throws: `ModelError` where a token that is set is none of the model's.
  func request(_ prompt: PreparedPrompt, _ settings: ChatSettings) throws -> GenerationRequest {
    var request = loaded.request(promptIDs: prompt.ids, settings.options)
    request.maxTokens = settings.options.maxTokens ?? loaded.contextLength
    request.endsLoops = settings.loops == .stop
    try generator.validate(request)
    return request
  }
}
