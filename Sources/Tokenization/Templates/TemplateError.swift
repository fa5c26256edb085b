// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Why a chat template cannot be read or refuses to render, and where.
///
/// A template is a program in a language of its own, so its errors carry a line and a column rather
/// than the field of a file.
public struct TemplateError: DiagnosableError, Hashable {
  /// The kinds of fault, after the exceptions of the published implementation.
  public enum Kind: Hashable, Sendable {
    /// The text is no template, or holds a construct that is not known. Seen when it is loaded.
    case syntax
    /// A value that is undefined was used as if it were there.
    case undefined
    /// An operation met a value of a kind that it does not take.
    case type
    /// An argument has a value that an operation does not take.
    case value
    /// A key or an index that a format asks for is not among its arguments.
    case lookup
    /// A division by zero.
    case division
    /// A number is beyond what its operation takes.
    case overflow
    /// The template reached for what a template must not touch.
    case security
    /// Anything else that only running it shows.
    case runtime
    /// The template itself refused, with `raise_exception`.
    case raised
    /// A limit on work, memory or nesting was reached.
    case limit
  }

  /// The kind of fault.
  public var kind: Kind
  /// What the template raised, or what is wrong in words.
  public var message: String
  /// The 1-based line of the template, nil where no one line is at fault.
  public var line: Int?
  /// The 1-based column of that line, in scalars.
  public var column: Int?
  /// What the template is called: its file.
  public var template: String?

  /// Creates an error.
  public init(
    _ kind: Kind,
    _ message: String,
    line: Int? = nil,
    column: Int? = nil,
    template: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.line = line
    self.column = column
    self.template = template
  }

  /// What is wrong.
  public var what: String { message.isEmpty ? "the template raised an empty message" : message }

  /// The template, the line and the column.
  public var place: String? {
    var parts = [template ?? "chat template"]
    if let line { parts.append("line \(line)") }
    if let column { parts.append("column \(column)") }
    return parts.joined(separator: ", ")
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch kind {
    case .syntax: "correct the template; Documentation/Templates.md lists what is read"
    case .undefined: "give the messages that field, or the template that variable"
    case .raised: "a conversation of the form that the template asks for"
    case .limit: "a template that does less, or a shorter conversation"
    case .type, .value, .lookup, .division, .overflow, .runtime:
      "messages of the form that the template reads, or another template"
    case .security: "a template that leaves its inputs as they are"
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode { .badData }

  /// The error with a place, where it has none yet.
  func at(_ position: TemplatePosition) -> TemplateError {
    guard line == nil else { return self }
    var error = self
    error.line = position.line
    error.column = position.column
    return error
  }
}

/// A place in a template's text, 1-based, columns in scalars.
struct TemplatePosition: Sendable, Hashable {
  var line: Int
  var column: Int
}
