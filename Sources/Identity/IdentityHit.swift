// SPDX-License-Identifier: Apache-2.0

import Hashing

/// A place where a model would claim to be somebody else's.
public struct IdentityHit: Sendable, Hashable {
  /// How sure it is.
  public enum Label: String, Sendable, Hashable {
    /// The text says it.
    case claim
    /// A trace of another assistant, or a part that the user asked to be played.
    case suspicious
  }

  /// How sure it is.
  public var label: Label
  /// The construction.
  public var rule: IdentityRule
  /// The name as the text spells it, without invisible marks; empty where none is named.
  public var name: String
  /// The company of the name, where the table knows it.
  public var maker: String?
  /// Whether the name is a model's, not a company's.
  public var isModel: Bool
  /// The code of the sentence's language; `und` for one that the guard has no rules for.
  public var language: String
  /// The index of the turn.
  public var turn: Int
  /// The name's bytes in that turn's text; empty where none is named.
  public var nameBytes: Range<Int>
  /// The sentence's bytes in that turn's text.
  public var sentenceBytes: Range<Int>
  /// The sentence.
  public var text: String

  /// What a decision names the hit by.
  ///
  /// These are 16 hexadecimal digits of the SHA-256 of rule, name and sentence: equal sentences have
  /// equal ones, wherever they stand.
  public var hash: String {
    let parts = [rule.rawValue, name, text].joined(separator: "\0")
    return String(Hexadecimal.text(SHA256Hash.digest(of: Array(parts.utf8))).prefix(16))
  }
}
