// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What is wrong with a terminal or with the file of its history, and where.
public struct TerminalError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// The other side is gone: a closed window, a broken pipe, a lost connection.
    case closed
    /// A signal asked the program to stop while it waited for the terminal.
    case interrupted
    /// Reading failed.
    case cannotRead(errno: Int32)
    /// Writing failed.
    case cannotWrite(errno: Int32)
    /// The terminal's mode cannot be read or set.
    case cannotSetMode(errno: Int32)
    /// The history's file cannot be read.
    case historyUnreadable(errno: Int32)
    /// The history's file cannot be written.
    case historyUnwritable(errno: Int32)
    /// The history's path names something that is no regular file.
    case historyNotAFile
    /// Another process has kept the history's file locked.
    case historyLocked
  }

  /// The kind of fault.
  public var reason: Reason
  /// The stream or the file.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  /// What is wrong: found and expected.
  public var what: String {
    switch reason {
    case .closed: "the terminal or pipe was closed"
    case .interrupted: "interrupted while waiting for the terminal"
    case .cannotRead(let code): "the terminal cannot be read: \(Self.text(of: code))"
    case .cannotWrite(let code): "the terminal cannot be written: \(Self.text(of: code))"
    case .cannotSetMode(let code): "the terminal's mode cannot be set: \(Self.text(of: code))"
    case .historyUnreadable(let code): "the history cannot be read: \(Self.text(of: code))"
    case .historyUnwritable(let code): "the history cannot be written: \(Self.text(of: code))"
    case .historyNotAFile: "the history's path is no regular file"
    case .historyLocked: "another process keeps the history locked"
    }
  }

  /// What the reader can do about it.
  public var remedy: String? {
    switch reason {
    case .historyUnreadable, .historyUnwritable, .historyNotAFile:
      "a file in a folder that you may write"
    case .historyLocked: "end the other process, or try again"
    case .closed, .interrupted, .cannotRead, .cannotWrite, .cannotSetMode: nil
    }
  }

  /// 130 for an interruption, 73 or 77 for a history that cannot be kept, else 74.
  public var exitCode: ExitCode {
    switch reason {
    case .interrupted: .interrupted
    case .historyUnwritable(let code):
      code == EACCES || code == EPERM ? .notPermitted : .cannotCreate
    case .historyNotAFile: .cannotCreate
    case .historyLocked: .tryAgain
    case .closed, .cannotRead, .cannotWrite, .cannotSetMode, .historyUnreadable: .inputOutput
    }
  }

  private static func text(of code: Int32) -> String {
    // SAFETY: strerror returns a terminated string; it is copied before anything else can run.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
