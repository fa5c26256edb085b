// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import TestSupport
import Training

/// A folder with all that a small run reads: texts, tokenizer, shards, a V3 model and a recipe.
final class RecipeFolder {
  /// The folder's path.
  let path: String
  /// Removes the folder; nil where another process made it.
  private let texts: TextFolder?

  /// Makes the data.
  ///
  /// - Parameter tokenizerFolder: The tokenizer; nil for one of its own, in `tokenizer`.
  /// - Throws: The error of the data that cannot be made.
  init(tokenizerFolder: String? = nil) throws {
    let texts = try TextFolder()
    let tokenizer = try tokenizerFolder ?? texts.makeTokenizer(vocabularyCount: 320)
    let documents = (0..<40).map { TextFolder.text($0, wordCount: 8 + $0 % 30) }
    let file = try texts.write("a.txt", documents.joined(separator: "\n\n"))
    try texts.makeShards([file], tokenizer: tokenizer, unit: .paragraphs) {
      $0.validationShare = 0.2
    }
    try texts.write("config.json", TinyConfiguration.deepseekV3(vocabularySize: 320))
    path = texts.path
    self.texts = consume texts
  }

  /// Takes a folder that another process made.
  init(at path: String) {
    self.path = path
    texts = nil
  }

  /// Makes the data of conversations of a question and an answer, a line each.
  init(conversations: [(question: String, answer: String)]) throws {
    let texts = try TextFolder()
    let tokenizer = try texts.makeTokenizer(vocabularyCount: 320)
    let lines = conversations.map { question, answer in
      #"{"messages":[{"role":"user","content":"\#(question)"},"#
        + #"{"role":"assistant","content":"\#(answer)"}]}"#
    }
    let file = try texts.write("a.jsonl", lines.joined(separator: "\n"))
    try texts.makeShards([file], tokenizer: tokenizer)
    try texts.write("config.json", TinyConfiguration.deepseekV3(vocabularySize: 320))
    path = texts.path
    self.texts = consume texts
  }

  /// A recipe of the folder from its text.
  func recipe(text: String) throws -> Recipe {
    try Recipe(Array(text.utf8), file: path + "/recipe.yaml")
  }

  /// The recipe: six steps of two rows, with all that a run does beside them.
  func recipe(_ changes: String = "", learningRate: Double = 3e-3) throws -> Recipe {
    let text = """
      name: tiny
      model: {config: config.json, deviation: 0.1}
      tokenizer: tokenizer
      data: [{shards: shards, identity: unchecked}]
      sequence: 32
      batch: 4
      steps: 6
      slots: 2
      learning_rate: {peak: \(learningRate), warm_up: 2}
      checkpoints: {every: 2, keep: 2}
      validation: {every: 3, rows: 2}
      samples: {every: 3, tokens: 8, prompts: ["the fox"]}
      \(changes)
      """
    return try recipe(text: text)
  }

  /// Opens a run.
  func run(
    _ recipe: Recipe,
    out: String,
    resumes: Bool = false,
    threadCount: Int = 2,
    passRowCount: Int = 2,
    surroundings: RunSurroundings = RunSurroundings(),
    hooks: TrainingRun.Hooks = TrainingRun.Hooks()
  ) throws -> TrainingRun {
    try TrainingRun(
      recipe,
      folder: "\(path)/\(out)",
      resumes: resumes,
      device: CPUDevice(threadCount: threadCount),
      passRowCount: passRowCount,
      surroundings: surroundings,
      hooks: hooks
    )
  }

  /// The files of a checkpoint that are compared, by their paths below it.
  func files(_ out: String, step: Int) throws -> [String: [UInt8]] {
    let folder = "\(path)/\(out)/checkpoints/step-0000000\(step)"
    var files: [String: [UInt8]] = [:]
    for name in try SystemFolder.names(in: folder) where name != "record.json" && name != "state" {
      files[name] = try Oracles.bytes(at: "\(folder)/\(name)")
    }
    for name in try SystemFolder.names(in: folder + "/state") {
      files["state/" + name] = try Oracles.bytes(at: "\(folder)/state/\(name)")
    }
    return files
  }
}
