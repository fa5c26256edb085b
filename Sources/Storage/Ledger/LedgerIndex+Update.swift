// SPDX-License-Identifier: Apache-2.0

import GRDB
import Hashing
import Ledger

/// How the index follows the rows.
extension LedgerIndex {
  func update() throws {
    let files = try LedgerFile.all(in: folder)
    try queue.writeWithoutTransaction { database in
      let known = try String.fetchAll(database, sql: "SELECT writer FROM chain")
      for writer in known where !files.contains(where: { $0.writer == writer }) {
        try database.inTransaction(.immediate) {
          if let state = try ChainState(writer, database) { try state.remove(database) }
          return .commit
        }
      }
      for file in files { try Self.update(file, database) }
    }
  }

  private static func update(_ file: LedgerFile, _ database: Database) throws {
    let reader = try LedgerReader(path: file.path)
    if try ChainState(file.writer, database)?.isCurrent(reader) == true { return }
    try database.inTransaction(.immediate) {
      var state = try ChainState(file.writer, database)
      // Another process may have been faster.
      if let state, state.isCurrent(reader) { return .rollback }
      if let old = state, try !old.isBeginning(of: reader) {
        try old.remove(database)
        state = nil
      }
      var current = try state ?? ChainState(new: file.writer, database)
      // Before the lines are read: what is appended meanwhile is read the next time.
      (current.byteCount, current.modificationTime) = (reader.byteCount, reader.modificationTime)
      try reader.forEachLine(from: current.ended, number: current.lineCount + 1) { line in
        guard line.end <= current.byteCount else { return false }
        try current.insert(line, database)
        return true
      }
      try current.store(database)
      return .commit
    }
  }
}

/// A chain as far as the index has read it.
private struct ChainState {
  let number: Int
  let writer: String
  var byteCount: Int
  var modificationTime: Int
  var lineCount: Int
  var unreadableCount: Int
  var begun: Int
  var ended: Int
  var last: String

  init?(_ writer: String, _ database: Database) throws {
    let sql = "SELECT * FROM chain WHERE writer = ?"
    guard let row = try Row.fetchOne(database, sql: sql, arguments: [writer]),
      let number = row.integer("number"), let byteCount = row.integer("bytes"),
      let modificationTime = row.integer("modified"), let lineCount = row.integer("lines"),
      let unreadableCount = row.integer("unreadable"), let begun = row.integer("begun"),
      let ended = row.integer("ended"), let last = row.text("last")
    else { return nil }
    self.number = number
    self.writer = writer
    self.byteCount = byteCount
    self.modificationTime = modificationTime
    self.lineCount = lineCount
    self.unreadableCount = unreadableCount
    self.begun = begun
    self.ended = ended
    self.last = last
  }

  /// Begins with a chain of which nothing was read.
  init(new writer: String, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO chain (writer, bytes, modified, lines, unreadable, begun, ended, last)
          VALUES (?, 0, 0, 0, 0, 0, 0, '')
        """,
      arguments: [writer]
    )
    number = Int(database.lastInsertedRowID)
    self.writer = writer
    (byteCount, modificationTime, lineCount, unreadableCount) = (0, 0, 0, 0)
    (begun, ended, last) = (0, 0, "")
  }

  /// Whether the file is the one that was read.
  func isCurrent(_ reader: LedgerReader) -> Bool {
    reader.byteCount == byteCount && reader.modificationTime == modificationTime
  }

  /// Whether the file begins with what was read, as far as its length and the last line tell.
  func isBeginning(of reader: LedgerReader) throws -> Bool {
    // A file that is as long as it was and was written to since has changed in its midst.
    guard reader.byteCount > byteCount else { return false }
    return try ended == begun || Self.hash(of: reader.bytes(begun..<ended)) == last
  }

  private static func hash(of bytes: [UInt8]) -> String {
    Hexadecimal.text(SHA256Hash.digest(of: bytes))
  }

  func remove(_ database: Database) throws {
    for table in ["tokens", "entry"] {
      try database.execute(sql: "DELETE FROM \(table) WHERE chain = ?", arguments: [number])
    }
    try database.execute(sql: "DELETE FROM chain WHERE number = ?", arguments: [number])
  }

  mutating func insert(_ line: LedgerReader.Line, _ database: Database) throws {
    lineCount = line.number
    (begun, ended) = (line.offset, line.end)
    last = Self.hash(of: line.bytes + [UInt8(ascii: "\n")])
    guard let chained = try? ChainedRow(line: line.bytes) else {
      unreadableCount += 1
      return
    }
    let row = chained.row
    let values: [(any DatabaseValueConvertible)?] = [
      number, line.number, chained.n, line.offset, line.byteCount, row.isPlan ? 1 : 0, row.time,
      row.kind.rawValue, row.run, row.recipe, row.weights, row.device, row.seconds, row.operations,
      row.joules, row.energySource.rawValue, row.dollars,
    ]
    try database.cachedStatement(
      sql: """
        INSERT INTO entry (chain, line, n, offset, bytes, is_plan, time, kind, run, recipe, weights,
          device, seconds, operations, joules, joules_source, usd)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: StatementArguments(values))
    for (purpose, count) in row.tokens {
      try database.cachedStatement(
        sql: "INSERT INTO tokens (chain, line, purpose, count) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [number, line.number, purpose, count])
    }
  }

  func store(_ database: Database) throws {
    try database.execute(
      sql: """
        UPDATE chain SET bytes = ?, modified = ?, lines = ?, unreadable = ?, begun = ?, ended = ?,
          last = ? WHERE number = ?
        """,
      arguments: [
        byteCount, modificationTime, lineCount, unreadableCount, begun, ended, last, number,
      ]
    )
  }
}
