// SPDX-License-Identifier: Apache-2.0

import Compute
import TestSupport
import Tokenization
import Training

/// A folder of one test, with the texts, tokenizer and shards that the test makes there.
struct TextFolder: ~Copyable {
  let path: String

  init() throws { path = try SystemFolder.makeTemporary() }

  deinit { SystemFolder.remove(path) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try SystemFolder.write(bytes, to: "\(path)/\(name)")
    return "\(path)/\(name)"
  }

  /// Trains a tokenizer on a text and returns its folder.
  func makeTokenizer(
    _ text: String = TextFolder.story,
    vocabularyCount: Int = 320
  ) throws -> String {
    let training = try TokenizerTraining(.init(vocabularyCount: vocabularyCount))
    let trained = training.learn(from: try training.counts(of: Array(text.utf8)))
    try trained?.write(to: "\(path)/tokenizer")
    return "\(path)/tokenizer"
  }

  /// Makes shards of files and returns what shards.json says.
  @discardableResult
  func makeShards(
    _ paths: [String],
    tokenizer: String,
    out: String = "shards",
    unit: DocumentUnit = .files,
    threads: Int = 2,
    _ change: (inout ShardBuilder.Options) -> Void = { _ in }
  ) throws -> ShardsIndex {
    let pool = try ThreadPool(threadCount: threads)
    var options = ShardBuilder.Options()
    change(&options)
    let builder = try ShardBuilder(
      Corpus(paths: paths, unit: unit, pool: pool),
      tokenizerFolder: tokenizer,
      options: options,
      pool: pool
    )
    guard let index = try builder.run(to: "\(path)/\(out)") else {
      throw DataError(.noDocuments, place: "stopped")
    }
    return index
  }

  func shards(_ name: String = "shards") throws -> ShardFolder {
    try ShardFolder(path: "\(path)/\(name)")
  }

  static let story = """
    The fox went up the hill, and the fox came down the hill again. The other fox stayed where it
    was, in the shade of the other hill, where the shade was deep and the hill was high.
    """

  /// A text of some words, other words for other numbers.
  static func text(_ number: Int, wordCount: Int) -> String {
    var generator = SplitMix64(seed: UInt64(number) &* 7919 &+ 1)
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return (0..<wordCount)
      .map { _ in String((0..<3).map { _ in letters[Int(generator.next() % 26)] }) }
      .joined(separator: " ")
  }
}
