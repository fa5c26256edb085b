// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// What is wrong with one line of a ledger.
public struct LedgerProblem: Sendable, Hashable {
  /// The kinds of problem.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A line is no row.
    case notARow
    /// A row's bytes have another hash than it says.
    case edited
    /// A row follows another row than the one before it: that one was replaced.
    case replaced
    /// Rows before this one are not there.
    case missing
    /// A row stands after a later one.
    case reordered
    /// A row is there twice.
    case repeated
    /// A row is of another chain.
    case foreign
    /// The file ends inside a row.
    case torn
    /// The file ends before a row that was known to be there, or that row is another one.
    case cutOff
  }

  /// The 1-based line.
  public let row: Int
  /// The kind of problem.
  public let kind: Kind
  /// What is wrong, in words.
  public let what: String
}

/// A walk over one chain, in which every edit shows.
///
/// A chain cannot know of rows that were cut off its end: a head that was kept elsewhere shows them.
public struct LedgerVerification: Sendable, Hashable {
  /// How many whole lines there are.
  public let rowCount: Int
  /// The last row of the chain, as far as it was found.
  public let head: LedgerHead
  /// What all lines that are rows come to, be something wrong with them or not.
  public let total: LedgerTotal
  /// What is wrong, by lines; none where all is well.
  public let problems: [LedgerProblem]

  /// Whether nothing is wrong.
  public var isIntact: Bool { problems.isEmpty }

  /// Walks over the bytes of a chain.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - known: Heads that were kept elsewhere, which the chain must hold.
  /// - Complexity: O(n).
  public init(_ bytes: [UInt8], known: [LedgerHead] = []) {
    self.init(bytes, known: known, scans: true)
  }

  /// Walks over the bytes of a chain, each row scanned first or each read as JSON: both come to the
  /// same.
  package init(_ bytes: [UInt8], known: [LedgerHead] = [], scans: Bool) {
    var walk = LedgerWalk(known: known, scans: scans)
    walk.take(bytes, count: bytes.count)
    self = walk.finished()
  }

  /// Walks over a file, in pieces, so that it may be of any length.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - writer: Whose rows they must be; nil for whoever wrote the first one.
  ///   - known: Heads that were kept elsewhere, which the chain must hold.
  ///   - goesOn: Hears how many bytes were read, and says whether to read more; what was not read has
  ///     no part in the result.
  /// - Throws: `LedgerError` where the file cannot be read.
  public init(
    path: String,
    writer: String? = nil,
    known: [LedgerHead] = [],
    goesOn: (Int) -> Bool = { _ in true }
  ) throws(LedgerError) {
    var walk = LedgerWalk(writer: writer, known: known)
    let file = try LedgerError.raising { () throws(ComputeError) in
      try GrowingFile(reading: path)
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    repeat {
      let count = try LedgerError.raising { () throws(ComputeError) in
        try file.read(into: &buffer, at: offset)
      }
      guard count > 0 else { break }
      walk.take(buffer, count: count)
      offset += count
    } while goesOn(offset)
    self = walk.finished()
  }

  init(rowCount: Int, head: LedgerHead, total: LedgerTotal, problems: [LedgerProblem]) {
    self.rowCount = rowCount
    self.head = head
    self.total = total
    self.problems = problems
  }
}
