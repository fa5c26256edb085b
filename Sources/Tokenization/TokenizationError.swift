// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Diagnostics
public import JSON

/// What is wrong with a tokenizer's files or with a text, and where.
public struct TokenizationError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// A folder holds neither tokenizer.json nor vocab.json with merges.txt.
    case noTokenizer
    /// A file could not be read.
    case unreadable(ComputeError)
    /// A file is no JSON document.
    case notJSON(JSONError)
    /// A file or a text is not UTF-8; the 0-based byte of the first fault.
    case notUTF8(offset: Int)
    /// A field that must be there is absent.
    case missingField(String)
    /// A field holds a value of another kind.
    case wrongKind(found: String, expected: String)
    /// A part of the tokenizer is of a kind that is not read.
    case unsupported(part: String, kind: String)
    /// A regular expression holds a construct that is not read; the 0-based character of it.
    case unsupportedPattern(construct: String, offset: Int)
    /// A regular expression took more steps than a text of this length may cost.
    case patternTooCostly(pattern: String)
    /// A merge names a piece that the vocabulary lacks; `number` counts from 1.
    case mergeWithoutPiece(number: Int, piece: String)
    /// A merge is not two pieces; `number` counts from 1.
    case malformedMerge(number: Int)
    /// A piece stands in the vocabulary twice.
    case duplicatePiece(String)
    /// Two pieces have the same id.
    case duplicateID(Int, first: String, second: String)
    /// An id is negative or beyond what a vocabulary of this many pieces may use.
    case idOutOfRange(Int, limit: Int)
    /// A token that another field names is not in the vocabulary.
    case unknownToken(String)
    /// A vocabulary to be trained has no room for the bytes and the control tokens.
    case vocabularyTooSmall(Int, least: Int)
    /// A control token to be is empty, or comes twice.
    case unusableControlToken(String)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file and the field, or the text.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .noTokenizer: "no tokenizer.json, and no vocab.json with merges.txt"
    case .unreadable(let error): error.what
    case .notJSON(let error): error.what
    case .notUTF8(let offset): "byte \(offset) is not valid UTF-8"
    case .missingField(let name): "field '\(name)' is missing"
    case .wrongKind(let found, let expected): "found \(found), expected \(expected)"
    case .unsupported(let part, let kind): "\(part) '\(kind)' is not supported"
    case .unsupportedPattern(let construct, let offset):
      "'\(construct)' at character \(offset) of a regular expression is not supported"
    case .patternTooCostly(let pattern):
      "the regular expression '\(pattern)' takes too many steps on this text"
    case .mergeWithoutPiece(let number, let piece):
      "merge \(number) names the piece '\(piece)', which the vocabulary lacks"
    case .malformedMerge(let number): "merge \(number) is not a pair of pieces"
    case .duplicatePiece(let piece): "the piece '\(piece)' stands in the vocabulary twice"
    case .duplicateID(let id, let first, let second):
      "id \(id) belongs to two pieces, '\(first)' and '\(second)'"
    case .idOutOfRange(let id, let limit): "id \(id) is outside 0…\(limit - 1)"
    case .unknownToken(let token): "the token '\(token)' is not in the vocabulary"
    case .vocabularyTooSmall(let count, let least):
      "a vocabulary of \(count) has no room for the bytes and the control tokens, \(least) in all"
    case .unusableControlToken(let token):
      "the control token '\(token)' is empty, or comes twice"
    }
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .noTokenizer: "a Hugging Face folder with its tokenizer files"
    case .unreadable(let error): error.remedy
    case .notUTF8: place == nil ? "--lossy" : "fetch the file again"
    case .unsupported, .unsupportedPattern:
      "a tokenizer of a Llama, Qwen or DeepSeek checkpoint"
    case .patternTooCostly: "a shorter text"
    case .mergeWithoutPiece, .malformedMerge:
      "fetch the file again; BPE is read, byte-level or with byte fallback"
    case .notJSON, .missingField, .wrongKind, .duplicatePiece, .duplicateID, .idOutOfRange,
      .unknownToken:
      "fetch the file again"
    case .vocabularyTooSmall(_, let least): "\(least) or more"
    case .unusableControlToken: "each control token once"
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitCode: ExitCode {
    switch reason {
    case .noTokenizer: .noInput
    case .unreadable(let error): error.exitCode
    case .vocabularyTooSmall, .unusableControlToken: .usage
    default: .badData
    }
  }
}
