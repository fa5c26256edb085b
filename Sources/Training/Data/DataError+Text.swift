// SPDX-License-Identifier: Apache-2.0

import Compute
public import Diagnostics
import JSON
import Tokenization

extension DataError {
  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .system(let error): error.what
    case .notText(let offset): "byte \(offset) is not UTF-8 text"
    case .notJSON(let error): error.what
    case .notDocument(let found): "\(found), expected an object with 'text' or 'messages'"
    case .noDocuments: "there is no text in what was named"
    case .template(let error): error.what
    case .tokenization(let error): error.what
    case .missingToken(let token): "the tokenizer has no token '\(token)'"
    case .outOfBounds(let option, let found, let expected):
      "\(option) is \(found), but must be \(expected)"
    case .notShard(let found): "found \(found), expected a shard of tokens of version 1"
    case .wrongByteCount(let found, let expected):
      "the shard has \(found) bytes, expected \(expected)"
    case .wrongHash(let found, let expected):
      "the SHA-256 is \(found.prefix(16))…, expected \(expected.prefix(16))…"
    case .malformedShard(let part): "the shard's \(part)"
    case .idOutsideVocabulary(let id, let position, let count):
      "token \(position) is \(id), the vocabulary ends at \(count - 1)"
    case .malformedIndex(let what): what
    case .otherTokenizer(let found, let expected):
      "the shards were made with tokenizer \(found.prefix(16))…, the run has \(expected.prefix(16))…"
    case .otherVocabulary(let found, let expected):
      "the shards hold ids up to \(expected - 1), the model ends at \(found - 1)"
    case .uncheckedIdentity:
      "the identity guard did not run over these shards' documents"
    case .tooFewRows(let tokens, let rows, let neededRows, let neededTokens):
      "the data have \(tokens) tokens, which fill \(rows) rows; one batch needs \(neededRows) rows "
        + "of \(neededTokens) tokens in all"
    case .unusableWeight(let weight): "\(weight) is no weight that gives the source a row"
    }
  }

  /// What to do about it.
  public var remedy: String? {
    switch reason {
    case .system(let error): error.remedy
    case .notText: "a file of UTF-8 text, or JSON lines in a .jsonl file"
    case .notJSON, .notDocument: "one {\"text\":\"…\"} or {\"messages\":[…]} a line"
    case .noDocuments: ".txt or .jsonl files that are not empty, or folders that hold some"
    case .template(let error): error.remedy
    case .tokenization(let error): error.remedy
    case .missingToken: "a tokenizer that has it, or leave the option out"
    case .outOfBounds: nil
    case .notShard, .malformedIndex: "a folder that hadal data shards has written"
    case .wrongByteCount, .wrongHash, .malformedShard, .idOutsideVocabulary:
      "copy the shards again, or make them again with hadal data shards"
    case .otherTokenizer, .otherVocabulary:
      "the tokenizer of the shards, or make them again with the model's"
    case .uncheckedIdentity:
      "make them with hadal data shards, or write 'identity: unchecked' beside them in the recipe"
    case .tooFewRows: "more text, a smaller batch, or shorter rows"
    case .unusableWeight: "weights above 0 that differ by less than a factor of 1,000"
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode {
    switch reason {
    case .system(let error): error.exitCode
    case .template(let error): error.exitCode
    case .tokenization(let error): error.exitCode
    case .outOfBounds: .usage
    case .missingToken, .unusableWeight: .configuration
    default: .badData
    }
  }
}
