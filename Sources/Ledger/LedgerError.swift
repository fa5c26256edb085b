// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Diagnostics

/// Why a ledger cannot be written or read, and where.
public struct LedgerError: DiagnosableError, Hashable {
  /// The kinds of fault.
  public enum Reason: Hashable, Sendable {
    /// A writer's name cannot be the name of a file.
    case badWriterName(String)
    /// A row's time is no time of RFC 3339 in UTC.
    case badTime(String)
    /// All files of a writer are held by other processes.
    case allFilesHeld(count: Int)
    /// The last row of the file that a writer would go on with is wrong.
    case damagedEnd(String)
    /// The file was changed while its writer held it.
    case changedByOthers
    /// A row is longer than a line may be.
    case rowTooLong(limit: Int)
    /// The file of the key that signs holds something else.
    case badKey
    /// A line of a file of witnessed heads is none.
    case badWitness(String)
    /// The system refused.
    case system(ComputeError)
  }

  /// The kind of fault.
  public var reason: Reason
  /// The file, and the line where one is concerned.
  public var place: String?

  /// Creates an error.
  public init(_ reason: Reason, place: String? = nil) {
    self.reason = reason
    self.place = place
  }

  /// What is wrong.
  public var what: String {
    switch reason {
    case .badWriterName(let name): "'\(name)' cannot name a ledger's file"
    case .badTime(let time): "'\(time)' is no time of a ledger row"
    case .allFilesHeld(let count):
      "\(count) ledger files of this writer are held by other processes"
    case .damagedEnd(let detail): "the ledger's last row is damaged: \(detail)"
    case .changedByOthers: "the ledger was changed while it was being written"
    case .rowTooLong(let limit): "a ledger row is longer than \(limit) bytes"
    case .badKey: "the file holds no key of 64 hexadecimal digits"
    case .badWitness(let detail): "the line is no head of a chain: \(detail)"
    case .system(let error): error.what
    }
  }

  /// What to do about it.
  public var remedy: String? {
    switch reason {
    case .badWriterName: "letters, digits, '-', '_' and '.', not first a '.', at most 64"
    case .badTime: "the form 2026-11-21T22:30:17Z"
    case .allFilesHeld: "another name for the writer, or end a process"
    case .damagedEnd: "look at the row, move the file away, and a new chain begins"
    case .changedByOthers: "let no other program write to it"
    case .rowTooLong: "hashes in place of texts"
    case .badKey: "a copy of the key, or move the file away: a new key is made"
    case .badWitness: "a file that hadal ledger witness wrote, or a checkpoint's record.json"
    case .system(let error): error.remedy
    }
  }

  /// How a command ends.
  public var exitCode: ExitCode {
    switch reason {
    case .badWriterName, .badTime: .usage
    case .allFilesHeld: .tryAgain
    case .damagedEnd, .badKey, .badWitness: .badData
    case .changedByOthers: .inputOutput
    case .rowTooLong: .badData
    case .system(let error): error.exitCode
    }
  }

  static func system(_ error: ComputeError) -> LedgerError {
    LedgerError(.system(error), place: error.place)
  }

  /// Does work with files, whose errors become this module's.
  static func raising<Value>(
    _ work: () throws(ComputeError) -> Value
  ) throws(LedgerError) -> Value {
    do { return try work() } catch { throw .system(error) }
  }
}
