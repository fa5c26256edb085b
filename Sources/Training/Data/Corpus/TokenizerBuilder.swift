// SPDX-License-Identifier: Apache-2.0

public import Compute
import Synchronization
public import Tokenization

/// Trains a tokenizer on a corpus.
public struct TokenizerBuilder: Sendable {
  /// What is done at present.
  public enum Stage: Sendable, Hashable {
    /// The pieces of the texts are counted; in bytes.
    case counting
    /// Merges are learned; in tokens.
    case merging
  }

  // LIMIT: what is in memory at a time.
  private static let groupByteCount = 16 << 20

  private let corpus: Corpus
  private let training: TokenizerTraining
  private let pool: ThreadPool

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - corpus: The texts; of conversations what is said in them.
  ///   - options: What the tokenizer shall be like.
  ///   - pool: The threads that count.
  /// - Throws: `TokenizationError` where the options do not fit together.
  public init(
    _ corpus: Corpus,
    _ options: TokenizerTraining.Options,
    pool: ThreadPool
  ) throws(TokenizationError) {
    self.corpus = corpus
    training = try TokenizerTraining(options)
    self.pool = pool
  }

  /// Trains.
  ///
  /// - Parameter goesOn: Is told the stage, how much of it is done and how much there is, and says
  ///   whether to go on.
  /// - Throws: `DataError` where a document cannot be read.
  /// - Returns: The tokenizer; nil where it was stopped.
  public func run(
    while goesOn: (_ stage: Stage, _ done: Int, _ total: Int) -> Bool = { _, _, _ in true }
  ) throws(DataError) -> TrainedTokenizer? {
    var counts = PieceCounts()
    var group: [[UInt8]] = []
    var byteCount = 0
    var done = 0
    for reference in corpus.references {
      for text in Self.texts(of: try corpus.document(reference)) {
        for stretch in TokenizerTraining.stretches(of: text) { group.append(Array(text[stretch])) }
        byteCount += text.count
      }
      done += corpus.extent(reference).byteCount
      guard byteCount >= Self.groupByteCount else { continue }
      try count(group, in: &counts)
      (group, byteCount) = ([], 0)
      guard goesOn(.counting, done, corpus.byteCount) else { return nil }
    }
    try count(group, in: &counts)
    let total = training.options.vocabularyCount
    guard goesOn(.counting, done, corpus.byteCount) else { return nil }
    return training.learn(from: counts) { goesOn(.merging, $0, total) }
  }

  /// What of a document is text.
  private static func texts(of document: Document) -> [[UInt8]] {
    switch document.content {
    case .text(let bytes): [bytes]
    case .conversation(let messages, _):
      messages.flatMap { message in
        ["content", "reasoning_content"].compactMap { message[$0]?.string.map { Array($0.utf8) } }
      }
    }
  }

  private func count(_ texts: [[UInt8]], in counts: inout PieceCounts) throws(DataError) {
    typealias Answer = Result<PieceCounts, TokenizationError>
    let results = Mutex([Answer?](repeating: nil, count: texts.count))
    pool.run(chunkCount: texts.count) { index, _ in
      let result = Result { () throws(TokenizationError) in try training.counts(of: texts[index]) }
      results.withLock { $0[index] = result }
    }
    for result in results.withLock({ $0 }) {
      guard let result else { continue }
      do { counts.add(try result.get()) } catch { throw DataError(.tokenization(error)) }
    }
  }
}

extension TrainedTokenizer {
  /// Writes the tokenizer's files to a folder that appears when it is whole.
  ///
  /// - Parameters:
  ///   - path: The folder, which must not be there.
  ///   - template: A chat template to lie beside them; nil for none.
  /// - Throws: `DataError` where they cannot be written.
  public func write(to path: String, template: [UInt8]? = nil) throws(DataError) {
    var files = [("tokenizer.json", json), ("tokenizer_config.json", configuration)]
    if let template { files.append(("chat_template.jinja", template)) }
    do {
      let folder = try FolderWriter(path: path)
      for (name, bytes) in files {
        let file = try FileWriter(path: "\(folder.asidePath)/\(name)")
        try file.write(bytes)
        try file.commit()
      }
      try folder.commit()
    } catch { throw DataError(error) }
  }
}
