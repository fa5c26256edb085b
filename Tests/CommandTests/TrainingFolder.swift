// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A folder with all that a small recipe needs, made by the program itself.
struct TrainingFolder: ~Copyable {
  let path: String
  /// The recipe's file.
  var recipe: String { path + "/recipe.yaml" }

  /// Keeps the ledger of a test's runs out of the user's.
  var environment: [String: String] { ["XDG_DATA_HOME": path + "/data"] }

  /// Makes texts, a tokenizer, shards, a `config.json` and a recipe.
  ///
  /// - Parameter more: Further lines of the recipe.
  /// - Throws: An error where the program does not make them.
  init(_ more: String = "steps: 12\ncheckpoints: {every: 3, keep: 2}") throws {
    path = try Self.make(more)
  }

  deinit { SystemFolder.remove(path) }

  private static func make(_ more: String) throws -> String {
    let path = try SystemFolder.makeTemporary()
    try SystemFolder.write(Array(texts.utf8), to: path + "/texts/a.txt")
    let configuration = TinyConfiguration.deepseekV3(vocabularySize: 320)
    try SystemFolder.write(Array(configuration.utf8), to: path + "/config.json")
    try SystemFolder.write(Array("\(head)\n\(more)\n".utf8), to: path + "/recipe.yaml")
    try require([
      "data", "tokenizer", path + "/texts", "--vocabulary-size", "300", "--out",
      path + "/tokenizer",
    ])
    try require([
      "data", "shards", path + "/texts", "--tokenizer", path + "/tokenizer", "--out",
      path + "/shards", "--documents", "paragraphs", "--near-duplicates", "0", "--validation",
      "0.2",
    ])
    return path
  }

  private struct Failure: Error {
    var errors: String
  }

  private static func require(_ arguments: [String]) throws {
    let run = try HadalProcess.run(arguments)
    if run.exitCode != 0 { throw Failure(errors: run.errors) }
  }

  // Words in another order each time, so that no two paragraphs are one.
  private static let texts: String = {
    var generator = SplitMix64(seed: 5)
    let words = ["the", "fox", "went", "up", "down", "hill", "and", "was", "in", "shade"]
    let paragraphs = (0..<60).map { _ in
      (0..<20).map { _ in words[Int(generator.next() % 10)] }.joined(separator: " ")
    }
    return paragraphs.joined(separator: "\n\n")
  }()

  // The rate is far too high, so that the validation loss rises: the best checkpoint is an early one, and
  // is kept beside the newest.
  private static let head = """
    model: {config: config.json, deviation: 0.1}
    tokenizer: tokenizer
    data: [{shards: shards}]
    sequence: 24
    batch: 4
    slots: 2
    learning_rate: {peak: 3, warm_up: 2, schedule: constant}
    validation: {every: 3, rows: 2}
    """
}
