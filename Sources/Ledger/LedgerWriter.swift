// SPDX-License-Identifier: Apache-2.0

import Compute
import FoundationEssentials

/// Appends rows to one chain; nobody else can append to it meanwhile.
///
/// One owner calls it, one call after the other; what several tasks share puts it into an actor. A
/// row is there once `append` returns, however the process ends; after `flush` it survives a power cut
/// too. A row whose append failed is not there.
public final class LedgerWriter {
  // LIMIT: no row of ours has more than some kilobytes; a reader must hold a line whole.
  static let longestLine = 1 << 20
  // LIMIT: each process of a writer's name holds one; more are a fault of whoever starts them.
  static let mostFiles = 1000

  /// Bytes after the last whole row, from a process that ended while it appended.
  public struct Repair: Sendable, Hashable {
    /// Where the bytes are now.
    public let path: String
    /// How many they are.
    public let byteCount: Int
    /// The number of the last whole row.
    public let lastRow: Int

    /// What a person is told.
    public var notice: String {
      "the ledger ended inside a row after row \(lastRow), as a process leaves it that is killed; "
        + "its \(byteCount) bytes are now in \(path)"
    }
  }

  /// Whose chain it is: the name of the file without `.jsonl`.
  public let writer: String
  /// The chain's file.
  public let path: String
  /// The end of the chain.
  public private(set) var head: LedgerHead
  /// What was put aside when the file was opened, nil where it ended with a whole row.
  ///
  /// Whoever opens a ledger says so to its reader.
  public let repair: Repair?

  private let file: GrowingFile
  /// Where the last whole row ends.
  private var end: Int

  /// Opens the chain of a writer, or begins it.
  ///
  /// Where another process holds `NAME.jsonl`, the chain is that of `NAME-2.jsonl`, and so on.
  ///
  /// - Parameters:
  ///   - folder: The folder of ledgers; it is created where it is missing, for its owner alone.
  ///   - name: The writer's name.
  /// - Throws: `LedgerError` where no file can be had, or the last row of the chain is wrong.
  public init(folder: String, writer name: String) throws(LedgerError) {
    guard Self.isName(name) else { throw LedgerError(.badWriterName(name), place: folder) }
    Self.createFolder(folder)
    for number in 1...Self.mostFiles {
      let writer = number == 1 ? name : "\(name)-\(number)"
      let path = "\(folder)/\(writer).jsonl"
      guard let file = try Self.openFree(path) else { continue }
      let tail = try LedgerTail(file, path: path)
      self.repair = try tail.putTornBytesAside(of: file, path: path)
      (self.file, self.path, self.writer) = (file, path, writer)
      (self.head, self.end) = (tail.head, tail.end)
      return
    }
    throw LedgerError(.allFilesHeld(count: Self.mostFiles), place: "\(folder)/\(name).jsonl")
  }

  /// Appends a row without waiting for the disk: some microseconds.
  ///
  /// - Throws: `LedgerError`; the chain is then as it was before.
  /// - Returns: The row with its place in the chain.
  @discardableResult
  public func append(_ row: LedgerRow) throws(LedgerError) -> ChainedRow {
    guard LedgerRow.isTime(row.time) else { throw LedgerError(.badTime(row.time), place: path) }
    let chained = ChainedRow(row, writer: writer, after: head)
    guard chained.line.count < Self.longestLine else {
      throw LedgerError(.rowTooLong(limit: Self.longestLine), place: path)
    }
    // What an append that failed left may lie there, if it could not be taken back then.
    guard file.byteCount == end || isOwnRest else {
      throw LedgerError(.changedByOthers, place: path)
    }
    let bytes = chained.line + [UInt8(ascii: "\n")]
    do {
      if isOwnRest { try file.truncate(to: end) }
      isOwnRest = true
      try file.write(bytes, at: end)
    } catch {
      if (try? file.truncate(to: end)) != nil { isOwnRest = false }
      throw .system(error)
    }
    isOwnRest = false
    end += bytes.count
    head = chained.head
    isFlushed = false
    return chained
  }

  /// Waits until all rows are on the disk; at once where they are.
  ///
  /// - Throws: `LedgerError` where they cannot be brought there.
  public func flush() throws(LedgerError) {
    guard !isFlushed else { return }
    try LedgerError.raising { () throws(ComputeError) in try file.flush() }
    isFlushed = true
  }

  private var isFlushed = true

  /// Creates the folder of ledgers where it is missing, for its owner alone.
  static func createFolder(_ path: String) {
    // Whatever stands in the way shows when a file in it is opened.
    try? FileManager.default.createDirectory(
      atPath: path,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700]
    )
  }

  /// Whether bytes after `end` are those of an append of ours that failed.
  private var isOwnRest = false

  /// Whether a text can name a writer and its file.
  static func isName(_ name: String) -> Bool {
    let letters = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    return letters && (1...64).contains(name.utf8.count) && name.first != "."
  }

  /// Opens a file that no other process holds; nil where one does.
  private static func openFree(_ path: String) throws(LedgerError) -> GrowingFile? {
    try LedgerError.raising { () throws(ComputeError) in
      let file = try GrowingFile(path: path)
      guard try file.lock() else { return nil }
      if file.byteCount == 0 { try file.flush(isNew: true) }
      return file
    }
  }
}
