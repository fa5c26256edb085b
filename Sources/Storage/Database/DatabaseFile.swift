// SPDX-License-Identifier: Apache-2.0

import GRDB

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Hadal's database, opened: known to be ours, with the newest tables, in write-ahead mode.
///
/// What was committed survives the process, however it ends. Against a power cut `write` waits for
/// the disk, `append` does not.
struct DatabaseFile: Sendable {
  let path: String
  private let queue: DatabaseQueue

  /// Opens the database, creates its folder and file where they are absent, and brings its tables
  /// up to date.
  ///
  /// Nothing is changed in a file that is no database, another program's, or a newer version's.
  init(path: String, busyTimeout: Duration) throws(StorageError) {
    // SQLite takes names such as "file:x?mode=…" and ":memory:" for something else than a path.
    let path = path.hasPrefix("/") ? path : "./" + path
    try Self.createIfAbsent(path)
    var configuration = Configuration()
    configuration.label = "Hadal.database"
    configuration.busyMode = .timeout(busyTimeout / .seconds(1))
    let deadline = ContinuousClock.now + busyTimeout
    do {
      self.path = path
      queue = try Self.retry(until: deadline) {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try Self.prepare($0, path) }
        try Schema.migrate(queue)
        return queue
      }
    } catch {
      throw StorageError(error, file: path)
    }
  }

  /// Reads within one state of the database.
  func read<Value>(_ body: (Database) throws -> Value) throws(StorageError) -> Value {
    do { return try queue.read(body) } catch { throw StorageError(error, file: path) }
  }

  /// Writes in one transaction and returns when it has reached the disk.
  func write<Value>(_ body: (Database) throws -> Value) throws(StorageError) -> Value {
    do {
      return try queue.writeWithoutTransaction { database in
        try database.cachedStatement(sql: "PRAGMA synchronous = FULL").execute()
        let result = Result { try Self.transaction(database, body) }
        try database.cachedStatement(sql: "PRAGMA synchronous = NORMAL").execute()
        return try result.get()
      }
    } catch {
      throw StorageError(error, file: path)
    }
  }

  /// Executes one statement, a transaction by itself that does not wait for the disk.
  ///
  /// - Returns: How many rows it changed.
  func append(_ sql: String, _ arguments: StatementArguments) throws(StorageError) -> Int {
    do {
      return try queue.writeWithoutTransaction { database in
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
        return database.changesCount
      }
    } catch {
      throw StorageError(error, file: path)
    }
  }

  /// Moves what was written to the database's file and empties the write-ahead log, so that neither
  /// holds what was deleted; while another process reads, that is left for later.
  func settle() throws(StorageError) {
    do {
      try queue.writeWithoutTransaction { database in
        _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      }
    } catch {
      throw StorageError(error, file: path)
    }
  }

  /// Bounds the file, as a full disk does.
  func limitPages(to count: Int) throws(StorageError) {
    do {
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA max_page_count = \(count)")
      }
    } catch {
      throw StorageError(error, file: path)
    }
  }

  private static func transaction<Value>(
    _ database: Database,
    _ body: (Database) throws -> Value
  ) throws -> Value {
    var value: Value?
    try database.inTransaction(.immediate) {
      value = try body(database)
      return .commit
    }
    guard let value else { throw StorageError(.unexpected("a transaction without an end")) }
    return value
  }

  private static func prepare(_ database: Database, _ path: String) throws {
    try identify(database, path)
    try database.execute(
      sql: """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA secure_delete = ON;
        """
    )
  }

  /// Refuses what is not ours, and marks an empty file as ours.
  private static func identify(_ database: Database, _ path: String) throws {
    if try isBlank(database) {
      try database.inTransaction(.immediate) {
        // Another process may have been faster.
        if try isBlank(database) {
          try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
        }
        return .commit
      }
    }
    guard try applicationID(of: database) == Schema.applicationID else {
      throw StorageError(.foreignDatabase, file: path)
    }
    let unknown = try Schema.appliedSteps(database).subtracting(Schema.migrator.migrations)
    guard unknown.isEmpty else {
      throw StorageError(.newerDatabase(unknown.sorted()), file: path)
    }
  }

  private static func isBlank(_ database: Database) throws -> Bool {
    let tableCount = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
    return try tableCount == 0 && applicationID(of: database) == 0
  }

  private static func applicationID(of database: Database) throws -> Int? {
    try Int.fetchOne(database, sql: "PRAGMA application_id")
  }

  /// Repeats what fails because of another process: a change of the journal's mode is refused at
  /// once where two create the database together, whatever the timeout.
  private static func retry<Value>(
    until deadline: ContinuousClock.Instant,
    _ body: () throws -> Value
  ) throws -> Value {
    while true {
      do {
        return try body()
      } catch let error as DatabaseError
        where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < deadline
      {
        usleep(5000)
      }
    }
  }
}
