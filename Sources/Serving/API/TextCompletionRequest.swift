// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON

/// A request of `/completions`.
struct TextCompletionRequest {
  private static let read: Set<String> = AnswerOptions.fields.union([
    "model", "prompt", "logprobs", "echo", "suffix", "best_of",
  ])
  // LIMIT: a batch of evaluation tools; each is a sequence of its own.
  private static let mostPrompts = 256
  // LIMIT: as the chat API.
  private static let mostLogProbabilities = 20

  /// The prompts' tokens.
  let prompts: [[Int32]]
  let options: AnswerOptions
  /// What stands before each answer: the prompts' texts, where they are to be repeated.
  let echoes: [String]
  /// How many of the likeliest tokens are reported for each place; nil reports nothing.
  let topLogProbabilities: Int?
  /// The same for the prompt's places.
  let promptLogProbabilities: Int?
  /// Fields that were not looked at.
  let ignoredNames: [String]

  /// Reads a request.
  init(_ request: RequestFields, _ model: ServedModel) throws(APIError) {
    options = try AnswerOptions(request, model.defaults)
    topLogProbabilities = try request.integer("logprobs", in: 0...Self.mostLogProbabilities)
    if let suffix = try request.string("suffix"), !suffix.isEmpty {
      throw .invalid("'suffix' is not supported yet: the model fills nothing in", "suffix")
    }
    if let count = try request.integer("best_of", in: 1...1 << 16), count > 1 {
      throw .invalid("'best_of' is not supported here; 'n' gives several answers", "best_of")
    }
    prompts = try Self.prompts(request, model)
    let isEchoed = try request.boolean("echo") ?? false
    promptLogProbabilities = isEchoed ? topLogProbabilities : nil
    echoes = try Self.echoes(request, prompts, model, isWanted: isEchoed)
    ignoredNames = request.names(besides: Self.read)
  }

  private static func prompts(
    _ request: RequestFields,
    _ model: ServedModel
  ) throws(APIError) -> [[Int32]] {
    guard let value = request.value("prompt") else {
      throw .invalid("'prompt' is missing", "prompt")
    }
    if let text = value.string { return [try model.rawPrompt(text)] }
    guard let array = value.array.map(Array.init), !array.isEmpty else { throw wrongKind }
    if array.allSatisfy({ $0.integer != nil }) { return [try ids(array)] }
    guard array.count <= mostPrompts else {
      throw .outOfRange(
        "'prompt' holds \(array.count) prompts, but may hold \(mostPrompts)",
        "prompt"
      )
    }
    var prompts: [[Int32]] = []
    for element in array {
      if let text = element.string {
        prompts.append(try model.rawPrompt(text))
      } else if let list = element.array {
        prompts.append(try ids(Array(list)))
      } else {
        throw wrongKind
      }
    }
    return prompts
  }

  private static func ids(_ values: [JSONValue]) throws(APIError) -> [Int32] {
    var ids: [Int32] = []
    for value in values {
      guard let id = value.integer.flatMap({ Int32(exactly: $0) }) else { throw wrongKind }
      ids.append(id)
    }
    guard !ids.isEmpty else { throw wrongKind }
    return ids
  }

  private static var wrongKind: APIError {
    .invalid("'prompt' must be a text, token ids, or an array of either; none empty", "prompt")
  }

  /// The prompts' texts, as they were given, else as the tokens have them.
  private static func echoes(
    _ request: RequestFields,
    _ prompts: [[Int32]],
    _ model: ServedModel,
    isWanted: Bool
  ) throws(APIError) -> [String] {
    guard isWanted else { return prompts.map { _ in "" } }
    let given = try? request.strings("prompt")
    return prompts.indices.map { index in
      given?[index] ?? model.text(of: prompts[index])
    }
  }
}
