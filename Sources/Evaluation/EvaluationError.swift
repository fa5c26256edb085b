// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import JSON

/// What is wrong with a file of questions, and where.
public struct EvaluationError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// The file has no question.
    case empty
    /// The file has more questions than a task may.
    case tooManyQuestions(limit: Int)
    /// A line is longer than a question may be, in bytes.
    case lineTooLong(limit: Int)
    /// A line is no JSON.
    case notJSON(JSONError)
    /// A line is JSON, but no object.
    case notAnObject
    /// A field is absent or has a value that it cannot have: what is wrong, and what to do.
    case badField(String, problem: String, remedy: String)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file.
  public var file: String
  /// The 1-based line, where one is concerned.
  public var line: Int?

  /// Creates an error.
  public init(_ reason: Reason, file: String, line: Int? = nil) {
    self.reason = reason
    self.file = file
    self.line = line
  }

  /// What is wrong.
  public var what: String {
    switch reason {
    case .empty: "the task has no question"
    case .tooManyQuestions(let limit): "the task has more than \(limit) questions"
    case .lineTooLong(let limit): "the line is longer than \(limit) bytes"
    case .notJSON(let error): error.what
    case .notAnObject: "a question must be a JSON object"
    case .badField(_, let problem, _): problem
    }
  }

  /// File, line and field.
  public var place: String? {
    var place = file
    if let line { place += ", line \(line)" }
    if case .badField(let field, _, _) = reason { place += ", field \(field)" }
    return place
  }

  /// What to do about it.
  public var remedy: String? {
    switch reason {
    case .empty, .notJSON, .notAnObject:
      #"one question a line: {"prompt": "What is 2 + 3?", "answer": 5}"#
    case .tooManyQuestions: "several files, each with --task"
    case .lineTooLong: "a shorter question"
    case .badField(_, _, let remedy): remedy
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode { .badData }
}
