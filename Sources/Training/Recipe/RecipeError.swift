// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import YAML

/// What is wrong with a recipe, and on which line.
public struct RecipeError: DiagnosableError, Hashable, Sendable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// The file cannot be read.
    case unreadable(String, ExitCode)
    /// A key that no part of a recipe has.
    case unknownKey(String, section: String?, nearest: String?)
    /// A key that must be there is not.
    case missing(String, example: String)
    /// A value is of another kind, or out of bounds.
    case unfit(key: String, found: String, expected: String)
    /// Two keys that exclude each other.
    case together(String, String)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The recipe's path.
  public var file: String
  /// The place in it.
  public var position: YAMLPosition?

  /// Creates an error.
  public init(_ reason: Reason, file: String, at position: YAMLPosition? = nil) {
    self.reason = reason
    self.file = file
    self.position = position
  }

  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .unreadable(let detail, _): "the recipe cannot be read: \(detail)"
    case .unknownKey(let key, let section, _):
      "unknown key '\(key)'" + (section.map { " in '\($0)'" } ?? "")
    case .missing(let key, _): "the recipe has no '\(key)'"
    case .unfit(let key, let found, let expected): "'\(key)' is \(found), but must be \(expected)"
    case .together(let first, let second): "'\(first)' and '\(second)' exclude each other"
    }
  }

  /// The file and the line.
  public var place: String? { position?.place(in: file) ?? file }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .unreadable: nil
    case .unknownKey(_, _, let nearest):
      nearest ?? "Training.md lists a recipe's keys, Data.md a plan's, both in Documentation"
    case .missing(_, let example): example
    case .unfit: nil
    case .together(let first, _): "keep one of the two, such as '\(first)'"
    }
  }

  /// 66 or 74 for a file that cannot be had, else 78.
  public var exitCode: ExitCode {
    if case .unreadable(_, let code) = reason { return code }
    return .configuration
  }
}
