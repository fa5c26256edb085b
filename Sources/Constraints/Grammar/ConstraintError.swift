// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Why a schema or a grammar cannot constrain an answer, and where.
public struct ConstraintError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// A keyword would change what fits, and cannot be kept to.
    case unsupported(keyword: String)
    /// A keyword's value is of another kind.
    case malformed(keyword: String, expected: String)
    /// Nothing fits.
    case unsatisfiable(String)
    /// A reference leads nowhere within the schema.
    case unresolved(reference: String)
    /// A reference leads to another document.
    case remote(reference: String)
    /// A reference comes back to itself before it says anything.
    case endless(reference: String)
    /// An object has a name twice.
    case duplicate(name: String)
    /// The schema or grammar is larger than what is compiled.
    case tooLarge(what: String, limit: Int)
    /// A regular expression is not one, or not of the subset that is read.
    case pattern(String)
    /// Strict mode asks for more than the schema has.
    case notStrict(String)
    /// A grammar names a control token that the vocabulary has not, or has as text.
    case notControl(token: Int32)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The JSON pointer of the place in the schema; `#` is the whole.
  public var pointer: String

  /// Creates an error.
  public init(_ reason: Reason, at pointer: String) {
    self.reason = reason
    self.pointer = pointer
  }

  /// What is wrong.
  public var what: String {
    switch reason {
    case .unsupported(let keyword): "the keyword '\(keyword)' is not supported here"
    case .malformed(let keyword, let expected): "'\(keyword)' must be \(expected)"
    case .unsatisfiable(let why): "nothing fits the schema: \(why)"
    case .unresolved(let reference): "the reference '\(reference)' leads nowhere"
    case .remote(let reference): "the reference '\(reference)' leads out of the schema"
    case .endless(let reference): "the reference '\(reference)' comes back to itself"
    case .duplicate(let name): "the name '\(name)' is given twice"
    case .tooLarge(let what, let limit): "the schema has more than \(limit) \(what)"
    case .pattern(let why): "the pattern cannot be read: \(why)"
    case .notStrict(let why): "a strict schema needs \(why)"
    case .notControl(let token): "\(token) is no control token of the model"
    }
  }

  /// Where it is wrong.
  public var place: String? { "schema \(pointer)" }

  /// What to do about it.
  public var remedy: String? {
    switch reason {
    case .unsupported: "leave the keyword out, and say in its description what is meant"
    case .remote: "put the definition into '$defs'"
    case .tooLarge: "a smaller schema"
    case .pattern: "classes, groups, alternatives, repeats, and '^' and '$' at the ends"
    case .notStrict: "'additionalProperties': false, and every property in 'required'"
    default: nil
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode { .badData }
}
