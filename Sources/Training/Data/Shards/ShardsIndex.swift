// SPDX-License-Identifier: Apache-2.0

/// What part of a run documents are for.
public enum DataSplit: String, Sendable, Hashable, CaseIterable {
  /// What is learned from.
  case train
  /// What the loss is measured on, never learned from.
  case validation
}

/// What shards.json says: where the data come from, how they were made, and every shard's hash.
public struct ShardsIndex: Sendable, Hashable {
  /// The file's name.
  public static let fileName = "shards.json"

  /// The SHA-256 of the tokenizer's file, in hexadecimal.
  public var tokenizerDigest: String
  /// How many ids the tokenizer has.
  public var vocabularyCount: Int
  /// The id that fills rows up.
  public var paddingID: Int
  /// How the shards were made.
  public var recipe: Recipe
  /// What the identity guard did; nil where it did not run.
  public var identity: IdentityRecord?
  /// The files that the documents come from.
  public var sources: [Source]
  /// The shards.
  public var shards: [Shard]

  /// The options with which shards were made.
  public struct Recipe: Sendable, Hashable {
    /// What was a document in plain text.
    public var unit: DocumentUnit
    /// The share of documents that validate.
    public var validationShare: Double
    /// The share of common shingles from which documents are near; nil where nearness played no
    /// part.
    public var nearThreshold: Double?
    /// The share of texts that were rearranged to fill the middle in.
    public var middleFillingRate: Double
    /// The key of the random numbers.
    public var seed: UInt64
    /// What wrote conversations.
    public var template: String
  }

  /// A file of texts.
  public struct Source: Sendable, Hashable {
    /// Its path, as it was named.
    public var path: String
    /// Its license, nil where none was named.
    public var license: String?
    /// Its SHA-256, in hexadecimal.
    public var digest: String
    /// How many bytes it has.
    public var byteCount: Int
    /// How its documents ended.
    public var counts = Counts()
  }

  /// How the documents of a source ended.
  public struct Counts: Sendable, Hashable {
    /// Those in the shards.
    public var documentCount = 0
    /// The bytes of their texts, of conversations of what is said in them.
    public var documentByteCount = 0
    /// Their tokens.
    public var tokenCount = 0
    /// Those that equal an earlier one.
    public var exactDuplicateCount = 0
    /// Those that are near an earlier one.
    public var nearDuplicateCount = 0
    /// Those that were refused by the check.
    public var refusedCount = 0
    /// Conversations in which the assistant says nothing.
    public var unansweredCount = 0

    /// Adds other counts.
    public mutating func add(_ other: Counts) {
      documentCount += other.documentCount
      documentByteCount += other.documentByteCount
      tokenCount += other.tokenCount
      exactDuplicateCount += other.exactDuplicateCount
      nearDuplicateCount += other.nearDuplicateCount
      refusedCount += other.refusedCount
      unansweredCount += other.unansweredCount
    }
  }

  /// A shard.
  public struct Shard: Sendable, Hashable {
    /// Its file's name.
    public var file: String
    /// What it is for.
    public var split: DataSplit
    /// Its SHA-256, in hexadecimal.
    public var digest: String
    /// How many bytes it has.
    public var byteCount: Int
    /// How many samples it has: documents, or turns of conversations.
    public var documentCount: Int
    /// How many tokens it has.
    public var tokenCount: Int
    /// How many of them the model is taught to say.
    public var lossCount: Int
    /// How many bytes of the sources its samples take.
    public var sourceByteCount: Int
  }

  /// The counts of all sources.
  public var counts: Counts {
    var counts = Counts()
    for source in sources { counts.add(source.counts) }
    return counts
  }

  /// How many samples a split has.
  public func documentCount(_ split: DataSplit) -> Int {
    shards.lazy.filter { $0.split == split }.reduce(0) { $0 + $1.documentCount }
  }

  /// How many tokens a split has.
  public func tokenCount(_ split: DataSplit) -> Int {
    shards.lazy.filter { $0.split == split }.reduce(0) { $0 + $1.tokenCount }
  }
}
