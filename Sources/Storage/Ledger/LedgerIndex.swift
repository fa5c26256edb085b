// SPDX-License-Identifier: Apache-2.0

import GRDB

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the rows of a ledger say, in tables that can be asked.
///
/// The index is made of the rows alone and is brought up to date whenever it is opened: chains that
/// grew are read on, chains that changed otherwise are read anew. It finds rows and adds them up; whether
/// they are what they were, `LedgerVerification` says, which never looks here.
public final class LedgerIndex: Sendable {
  /// The folder of the ledger.
  public let folder: String

  let queue: DatabaseQueue
  let place: String

  /// Opens the index of a ledger and brings it up to date.
  ///
  /// - Parameters:
  ///   - path: Its file, which is created where it is absent; nil for one in memory, made of all rows.
  ///   - folder: The folder of the ledger.
  /// - Throws: `StorageError` where the file cannot be used, `LedgerError` where a chain cannot be read.
  public init(path: String?, ledger folder: String) throws {
    self.folder = folder
    place = path ?? folder
    do {
      queue = try path.map(Self.open) ?? Self.makeInMemory()
      try update()
    } catch let error as DatabaseError {
      throw StorageError(error, file: place)
    }
  }

  /// Opens the index of a ledger, in memory where its file cannot be used.
  ///
  /// - Throws: `LedgerError` where a chain cannot be read.
  public static func open(preferring path: String, ledger folder: String) throws -> LedgerIndex {
    do {
      return try LedgerIndex(path: path, ledger: folder)
    } catch is StorageError {
      // It holds nothing that the rows do not.
      return try LedgerIndex(path: nil, ledger: folder)
    }
  }

  /// Opens the index of a ledger where there is one, and brings it up to date.
  ///
  /// - Throws: `StorageError` where the file cannot be used, `LedgerError` where a chain cannot be read.
  /// - Returns: Nil where there is no such file.
  public static func existing(path: String, ledger folder: String) throws -> LedgerIndex? {
    guard unsafe access(path, F_OK) == 0 else { return nil }
    return try LedgerIndex(path: path, ledger: folder)
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StorageError) -> Value {
    do { return try queue.read(body) } catch { throw StorageError(error, file: place) }
  }

  // MARK: The file

  // What SQLite's header says of the file: "HdlI".
  private static let applicationID = 0x4864_6C49
  // Raised when a table changes: an index of another version is made anew.
  private static let version = 1

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "Hadal.ledgerIndex"
    configuration.busyMode = .timeout(5)
    return configuration
  }

  private static func makeInMemory() throws -> DatabaseQueue {
    let queue = try DatabaseQueue(configuration: configuration)
    try queue.write { try $0.execute(sql: tables) }
    return queue
  }

  private static func open(_ path: String) throws -> DatabaseQueue {
    // SQLite takes names such as "file:x?mode=…" and ":memory:" for something else than a path.
    let path = path.hasPrefix("/") ? path : "./" + path
    try DatabaseFile.createIfAbsent(path)
    do {
      return try prepared(path)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
      for ending in ["", "-wal", "-shm"] { _ = unsafe unlink(path + ending) }
      try DatabaseFile.createIfAbsent(path)
      return try prepared(path)
    }
  }

  private static func prepared(_ path: String) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
      try database.inTransaction(.immediate) {
        let found = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let names = try String.fetchAll(
          database,
          sql: "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        guard found == applicationID || found == 0 && names.isEmpty else {
          throw StorageError(.foreignDatabase, file: path)
        }
        if try Int.fetchOne(database, sql: "PRAGMA user_version") != version {
          for name in names {
            try database.execute(sql: "DROP TABLE \(name.quotedDatabaseIdentifier)")
          }
          try database.execute(sql: tables)
          try database.execute(sql: "PRAGMA application_id = \(applicationID)")
          try database.execute(sql: "PRAGMA user_version = \(version)")
        }
        return .commit
      }
    }
    return queue
  }

  // A chain's `bytes` and `modified` are those of its file when it was read, `ended` is where its last
  // whole line ends, which begins at `begun` and has the hash `last`.
  private static let tables = """
    CREATE TABLE chain (
      number INTEGER PRIMARY KEY,
      writer TEXT NOT NULL UNIQUE,
      bytes INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      lines INTEGER NOT NULL,
      unreadable INTEGER NOT NULL,
      begun INTEGER NOT NULL,
      ended INTEGER NOT NULL,
      last TEXT NOT NULL
    ) STRICT;
    CREATE TABLE entry (
      chain INTEGER NOT NULL,
      line INTEGER NOT NULL,
      n INTEGER NOT NULL,
      offset INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      is_plan INTEGER NOT NULL,
      time TEXT NOT NULL,
      kind TEXT NOT NULL,
      run TEXT,
      recipe TEXT,
      weights TEXT,
      device TEXT,
      seconds REAL,
      operations REAL,
      joules REAL,
      joules_source TEXT NOT NULL,
      usd REAL,
      PRIMARY KEY (chain, line)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entry_time ON entry(time);
    CREATE INDEX entry_weights ON entry(weights) WHERE weights IS NOT NULL;
    CREATE INDEX entry_recipe ON entry(recipe) WHERE recipe IS NOT NULL;
    CREATE TABLE tokens (
      chain INTEGER NOT NULL,
      line INTEGER NOT NULL,
      purpose TEXT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (chain, line, purpose)
    ) STRICT, WITHOUT ROWID;
    """
}
