// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// What one making of shards has come to: counts of the sources, shards of both splits.
struct ShardRun {
  /// What a document became.
  struct Encoded: Sendable {
    var samples: [EncodedDocument]
    /// The bytes of what is said in it.
    var textByteCount: Int
  }

  private var index: ShardsIndex
  private let folder: String
  private let validationShare: Double
  private var train: ShardWriter
  private var validation: ShardWriter

  init(
    _ index: ShardsIndex,
    _ options: ShardBuilder.Options,
    _ tokenizerDigest: [UInt8],
    folder: String
  ) {
    self.index = index
    self.folder = folder
    validationShare = options.validationShare
    func writer(_ split: DataSplit) -> ShardWriter {
      ShardWriter(
        split,
        vocabularyCount: index.vocabularyCount,
        tokenizerDigest: tokenizerDigest,
        tokensPerShard: max(options.tokensPerShard, 1)
      )
    }
    train = writer(.train)
    validation = writer(.validation)
  }

  /// Counts a document that is dropped.
  mutating func count(_ verdict: DuplicateFinder.Verdict, of source: Int) {
    switch verdict {
    case .first: break
    case .exactDuplicate: index.sources[source].counts.exactDuplicateCount += 1
    case .nearDuplicate: index.sources[source].counts.nearDuplicateCount += 1
    }
  }

  /// Adds the samples of a document.
  ///
  /// - Parameters:
  ///   - encoded: Nil where the document was refused.
  ///   - source: The document's source.
  ///   - extent: Where it lies there.
  ///   - digest: Its hash, which chooses its split.
  /// - Throws: `DataError` where a shard cannot be written.
  mutating func add(
    _ encoded: Encoded?,
    _ source: Int,
    _ extent: CorpusSource.Extent,
    _ digest: DocumentDigest
  ) throws(DataError) {
    guard let encoded else {
      index.sources[source].counts.refusedCount += 1
      return
    }
    guard !encoded.samples.isEmpty else {
      index.sources[source].counts.unansweredCount += 1
      return
    }
    index.sources[source].counts.documentCount += 1
    index.sources[source].counts.documentByteCount += encoded.textByteCount
    let document = ShardDocument(
      tokens: 0..<0,
      source: source,
      line: extent.line,
      offset: extent.offset,
      byteCount: extent.byteCount,
      digest: digest
    )
    let validates = digest.isWithin(share: validationShare)
    for sample in encoded.samples {
      index.sources[source].counts.tokenCount += sample.ids.count
      if validates {
        try validation.add(sample, document, to: folder)
      } else {
        try train.add(sample, document, to: folder)
      }
    }
  }

  /// Writes the last shards and the list of all.
  ///
  /// - Parameter identity: What the identity guard did.
  /// - Throws: `DataError` where they cannot be written.
  /// - Returns: What the list says.
  mutating func finish(
    identity: ShardsIndex.IdentityRecord?
  ) throws(DataError) -> ShardsIndex {
    index.identity = identity
    try train.finish(to: folder)
    try validation.finish(to: folder)
    index.shards = train.shards + validation.shards
    var bytes: [UInt8] = []
    index.json.write(to: &bytes)
    bytes.append(0x0A)
    do {
      let file = try FileWriter(path: "\(folder)/\(ShardsIndex.fileName)")
      try file.write(bytes)
      try file.commit()
    } catch { throw DataError(error) }
    return index
  }
}
