// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Diagnostics
public import JSON
public import Tokenization

/// What is wrong with training data, and where.
public struct DataError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// A file could not be read or written.
    case system(ComputeError)
    /// A file holds bytes that are no UTF-8 text; the 0-based byte of the first.
    case notText(offset: Int)
    /// A line is no JSON object.
    case notJSON(JSONError)
    /// A line is JSON, but no document.
    case notDocument(String)
    /// The files that were named hold no document.
    case noDocuments
    /// A chat template refused a conversation, or failed.
    case template(TemplateError)
    /// A tokenizer could not be read, or could not encode a text.
    case tokenization(TokenizationError)
    /// A tokenizer lacks a token that an option needs.
    case missingToken(String)
    /// An option has a value outside its bounds.
    case outOfBounds(option: String, found: String, expected: String)
    /// A file is no shard, or of another version.
    case notShard(found: String)
    /// A shard has more or fewer bytes than its index or header says.
    case wrongByteCount(found: Int, expected: Int)
    /// A shard's bytes are not those that were written.
    case wrongHash(found: String, expected: String)
    /// A shard's parts do not fit together.
    case malformedShard(String)
    /// A token's id is beyond the vocabulary.
    case idOutsideVocabulary(id: Int, position: Int, vocabularyCount: Int)
    /// shards.json is not as it was written.
    case malformedIndex(String)
    /// Shards were made with another tokenizer.
    case otherTokenizer(found: String, expected: String)
    /// A model has fewer ids than the shards.
    case otherVocabulary(found: Int, expected: Int)
    /// The identity guard did not run over the documents of shards.
    case uncheckedIdentity
    /// The data have fewer rows than one batch.
    case tooFewRows(tokenCount: Int, rowCount: Int, neededRows: Int, neededTokens: Int)
    /// A source's weight is no share of the rows.
    case unusableWeight(Double)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file, and the line, byte or field in it.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  /// Creates the error of a file.
  init(_ error: ComputeError) { self.init(.system(error), place: error.place) }
}
