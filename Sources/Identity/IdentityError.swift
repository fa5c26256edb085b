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
