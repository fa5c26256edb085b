// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import JSON

/// What is wrong with a file that the guard reads, and where.
public struct IdentityError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// The file cannot be opened.
    case cannotOpen(errno: Int32)
    /// The file cannot be read.
    case cannotRead(errno: Int32)
    /// A byte belongs to no text: it is not UTF-8, or zero.
    case notText(byte: Int)
    /// A line is no JSON.
    case notJSON(JSONError)
    /// A line is JSON, but no document.
    case notADocument(String)
    /// A line is longer than a document may be.
    case lineTooLong(limit: Int)
    /// A line of decisions decides nothing.
    case notADecision(String)
    /// Hits that nobody decided about are left.
    case unresolved(hits: Int, documents: Int)
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
    case .cannotOpen(let code): "the file cannot be opened: \(Self.text(of: code))"
    case .cannotRead(let code): "the file cannot be read: \(Self.text(of: code))"
    case .notText: "the file is not UTF-8 text"
    case .notJSON(let error): error.what
    case .notADocument(let found): "a document has 'text' or 'messages', this line has \(found)"
    case .lineTooLong(let limit): "the line is longer than \(limit) bytes"
    case .notADecision(let found):
      "a decision has a 'hash' and is accept, drop or rewrite, this line has \(found)"
    case .unresolved(let hits, let documents):
      "undecided claims of another assistant's identity: \(hits), documents with some: \(documents); "
        + "nothing was written"
    }
  }

  /// File and line, or file and byte.
  public var place: String? {
    if case .notText(let byte) = reason { return "\(file), byte \(byte)" }
    return file + (line.map { ", line \($0)" } ?? "")
  }

  /// What to do about it.
  public var remedy: String? {
    switch reason {
    case .notText: "convert it to UTF-8, or leave it out"
    case .notJSON, .notADocument:
      #"one object a line: {"text": "…"} or {"messages": [{"role": "…", "content": "…"}]}"#
    case .lineTooLong: "a shorter document"
    case .notADecision: #"{"hash": "…", "decision": "accept"}, with the hash that guard prints"#
    case .unresolved:
      "--identity drop, --identity rewrite, --accept NAME, or --decisions FILE"
    case .cannotOpen, .cannotRead: nil
    }
  }

  /// 66 for what is absent, 77 for what is forbidden, 65 for what is no document.
  public var exitCode: ExitCode {
    switch reason {
    case .cannotOpen(let code): Self.exitCode(of: code)
    case .cannotRead(let code): Self.isFolder(code) ? .noInput : .inputOutput
    default: .badData
    }
  }
}
