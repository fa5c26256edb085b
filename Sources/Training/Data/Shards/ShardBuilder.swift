// SPDX-License-Identifier: Apache-2.0

public import Compute
import Synchronization
public import Tokenization

/// Makes shards of a corpus: without duplicates, checked, split, tokenized.
///
/// What is written is a function of the files, their order and the options; threads change nothing.
public struct ShardBuilder: Sendable {
  /// How shards are made.
  public struct Options: Sendable {
    /// The share of documents that validate, chosen by their hash.
    public var validationShare = 0.0
    /// The share of common shingles from which a document is near an earlier one and dropped; nil
    /// where only equal ones are.
    public var nearThreshold: Double? = 0.8
    /// The share of texts that are rearranged to fill the middle in.
    public var middleFillingRate = 0.0
    /// The key of the random numbers.
    public var seed: UInt64 = 0
    /// The license of the files; nil where none is known.
    public var license: String?
    /// How many tokens a shard has at most; a longer document has a shard of its own.
    public var tokensPerShard = 1 << 25
    /// Looks at each document that is to be kept.
    ///
    /// It gives the document back as it is or rewritten, or nil where it is refused. Many threads
    /// call it at once.
    public var check: (@Sendable (Document) throws -> Document?)?
    /// What shards.json says of the check, asked when it has seen all documents.
    ///
    /// Nil where the check looked for something else than identity. It throws where nothing may be
    /// written.
    public var identity: (@Sendable () throws -> ShardsIndex.IdentityRecord?)?

    /// Creates options.
    public init() {}
  }

  private let corpus: Corpus
  private let options: Options
  private let encoder: DocumentEncoder
  private let pool: ThreadPool
  private let emptyIndex: ShardsIndex
  private let tokenizerDigest: [UInt8]

  /// Prepares shards.
  ///
  /// - Parameters:
  ///   - corpus: The texts.
  ///   - tokenizerFolder: The folder of the tokenizer.
  ///   - template: What writes conversations; nil for the tokenizer's own.
  ///   - options: How shards are made.
  ///   - pool: The threads that work.
  /// - Throws: `DataError` where an option is outside its bounds, or the tokenizer cannot be read.
  public init(
    _ corpus: Corpus,
    tokenizerFolder: String,
    template: (any PromptEncoder)? = nil,
    options: Options,
    pool: ThreadPool
  ) throws(DataError) {
    try Self.check(options)
    let tokenizer: Tokenizer
    let writer: any PromptEncoder
    do {
      tokenizer = try Tokenizer(folder: tokenizerFolder)
      writer = try template ?? ChatTemplateFiles(folder: tokenizerFolder).makeEncoder(tokenizer)
    } catch let error as TokenizationError {
      throw DataError(.tokenization(error), place: error.place)
    } catch let error as TemplateError {
      throw DataError(.template(error), place: error.place)
    } catch {
      throw DataError(.missingToken("\(error)"), place: tokenizerFolder)
    }
    tokenizerDigest = try TokenizerDigest.bytes(ofFolder: tokenizerFolder)
    var middleFilling: MiddleFilling?
    if options.middleFillingRate > 0 {
      middleFilling = try MiddleFilling(
        rate: options.middleFillingRate,
        tokenizer,
        seed: options.seed
      )
    }
    self.corpus = corpus
    self.options = options
    self.pool = pool
    encoder = DocumentEncoder(tokenizer, template: writer, middleFilling: middleFilling)
    emptyIndex = Self.index(corpus, options, tokenizer, tokenizerDigest, writer.name)
  }

  private static func check(_ options: Options) throws(DataError) {
    func check(_ name: String, _ value: Double, _ bounds: ClosedRange<Double>) throws(DataError) {
      guard bounds.contains(value) else {
        let expected = "\(bounds.lowerBound) to \(bounds.upperBound)"
        throw DataError(.outOfBounds(option: name, found: "\(value)", expected: expected))
      }
    }
    try check("--validation", options.validationShare, 0...1)
    try check("--fim", options.middleFillingRate, 0...1)
    // LIMIT: below 0.2 the bands of 128 permutations bring nearly every pair together.
    if let threshold = options.nearThreshold { try check("--near-duplicates", threshold, 0.2...1) }
  }

  // MARK: Work

  /// Makes the shards.
  ///
  /// - Parameters:
  ///   - path: The folder, which must not be there; it appears when it is whole.
  ///   - goesOn: Is told how many bytes are done of how many, and says whether to go on.
  /// - Throws: `DataError`, or what the check throws.
  /// - Returns: What shards.json says; nil where it was stopped, and then nothing is left.
  public func run(
    to path: String,
    while goesOn: (_ done: Int, _ total: Int) -> Bool = { _, _ in true }
  ) throws -> ShardsIndex? {
    let folder: FolderWriter
    do { folder = try FolderWriter(path: path) } catch { throw DataError(error) }
    let references = corpus.references
    let total = 2 * references.reduce(0) { $0 + corpus.extent($1).byteCount }
    var done = 0
    var run = ShardRun(emptyIndex, options, tokenizerDigest, folder: folder.asidePath)
    let minimumHash = options.nearThreshold.map {
      MinimumHash(threshold: $0, seed: options.seed)
    }
    var finder = DuplicateFinder(threshold: options.nearThreshold)
    var kept: [(reference: DocumentReference, digest: DocumentDigest)] = []
    for group in groups(references) {
      let prints = try mapped(references[group]) { document in
        Fingerprint(of: document, minimumHash)
      }
      for (index, fingerprint) in zip(group, prints) {
        let reference = references[index]
        let verdict = try finder.look(at: Int32(index), fingerprint) {
          number throws(DataError) in
          let document = try corpus.document(references[Int(number)])
          return Shingles(of: ComparableText.bytes(of: document))
        }
        run.count(verdict, of: reference.source)
        if verdict == .first { kept.append((reference, fingerprint.digest)) }
      }
      done += byteCount(references[group])
      guard goesOn(done, total) else { return nil }
    }
    let keptReferences = kept.map(\.reference)
    for group in groups(keptReferences) {
      let encoded = try mapped(keptReferences[group]) { try encode($0) }
      for (index, encoded) in zip(group, encoded) {
        let document = kept[index]
        let extent = corpus.extent(document.reference)
        try run.add(encoded, document.reference.source, extent, document.digest)
      }
      done += byteCount(keptReferences[group])
      guard goesOn(done, total) else { return nil }
    }
    let index = try run.finish(identity: try options.identity?())
    do { try folder.commit() } catch { throw DataError(error) }
    return index
  }

  /// A document's samples; nil where the check refuses it.
  private func encode(_ document: Document) throws -> ShardRun.Encoded? {
    var document = document
    if let check = options.check {
      guard let checked = try check(document) else { return nil }
      document = checked
    }
    return ShardRun.Encoded(
      samples: try encoder.samples(of: document),
      textByteCount: document.textByteCount
    )
  }

  private func byteCount(_ references: ArraySlice<DocumentReference>) -> Int {
    references.reduce(0) { $0 + corpus.extent($1).byteCount }
  }

  // LIMIT: what is in memory at a time; enough that threads seldom wait for the last of a group.
  private static let groupByteCount = 8 << 20
  private static let groupDocumentCount = 1 << 14

  /// Cuts a list of documents into stretches that are worked on at a time.
  private func groups(_ references: [DocumentReference]) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = 0
    var bytes = 0
    for index in references.indices {
      bytes += corpus.extent(references[index]).byteCount
      if bytes >= Self.groupByteCount || index - start + 1 >= Self.groupDocumentCount {
        groups.append(start..<index + 1)
        (start, bytes) = (index + 1, 0)
      }
    }
    if start < references.count { groups.append(start..<references.count) }
    return groups
  }

  /// What a function makes of documents, in their order; all threads work.
  private func mapped<Value: Sendable>(
    _ references: ArraySlice<DocumentReference>,
    _ transform: (Document) throws -> Value
  ) throws -> [Value] {
    let results = Mutex([Result<Value, any Error>?](repeating: nil, count: references.count))
    pool.run(chunkCount: references.count) { index, _ in
      let result = Result {
        try transform(try corpus.document(references[references.startIndex + index]))
      }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }
}
