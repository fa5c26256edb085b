// SPDX-License-Identifier: Apache-2.0

import GRDB
import Hashing

/// The keys of the API in one database file, and what was used with each.
///
/// Every method blocks until the database has answered: microseconds, longer while another process
/// writes (up to the timeout). Several processes may use one file, and several threads one store.
///
/// What `create`, `revoke` and `charge` did survives the process, however it ends. Against a power cut
/// the first two wait for the disk; `charge` does not, since one waits for it before every answer: a
/// power cut can take away the uses that the system had not written yet.
public final class KeyStore: Sendable {
  /// The database's file.
  public let path: String

  private let file: DatabaseFile
  private let clock: @Sendable () -> Timestamp

  /// Opens a database, and creates it with its folder where it is absent, for its owner alone.
  ///
  /// - Parameters:
  ///   - path: The file, for example a `DataFolder`'s `databasePath`.
  ///   - busyTimeout: How long to wait for another process that is writing.
  ///   - clock: What says now.
  /// - Throws: `StorageError` where that fails; a file that is not understood is left as it is.
  public init(
    path: String,
    busyTimeout: Duration = .seconds(5),
    clock: @escaping @Sendable () -> Timestamp = { .now }
  ) throws(StorageError) {
    self.path = path
    self.clock = clock
    file = try DatabaseFile(path: path, busyTimeout: busyTimeout)
  }

  /// Makes a key.
  ///
  /// - Parameters:
  ///   - name: Whom or what it is for.
  ///   - limits: What it may use.
  /// - Throws: `StorageError` where it cannot be stored.
  /// - Returns: The key, and its secret, which nobody can ask for again.
  public func create(
    name: String,
    limits: APIKey.Limits = APIKey.Limits()
  ) throws(StorageError) -> (key: APIKey, secret: KeySecret) {
    var generator = SystemRandomNumberGenerator()
    let secret = KeySecret(using: &generator)
    let hash = KeySecret.hash(of: secret.text)
    let (path, now) = (file.path, clock().milliseconds)
    let prices = limits.prices?.perToken
    let key = try file.write { database in
      var id = ConversationID(using: &generator).description
      while try Self.row(database, "id", id) != nil {
        id = ConversationID(using: &generator).description
      }
      try database.execute(
        sql: """
          INSERT INTO api_key (
            id, hash, name, created, most_requests, most_tokens, hit_price, miss_price,
            output_price, paid
          ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          id, Self.digits(hash), name.stored, now, limits.requestCount, limits.tokenCount,
          prices?.cacheHit, prices?.cacheMiss, prices?.output, limits.paid?.picodollars,
        ]
      )
      return try Self.key(database, "id", id, file: path)
    }
    guard let key else { throw StorageError(.unexpected("a key that was just made"), file: path) }
    return (key, secret)
  }

  /// All keys, the oldest first, revoked ones too.
  public func list() throws(StorageError) -> [APIKey] {
    let path = file.path
    return try file.read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM api_key ORDER BY number")
        .map { try $0.apiKey(file: path) }
    }
  }

  /// Whether there is a key, revoked ones included.
  public func hasKeys() throws(StorageError) -> Bool {
    try file.read { database in
      try Int.fetchOne(database, sql: "SELECT 1 FROM api_key LIMIT 1") != nil
    }
  }

  /// The key whose secret a client showed, also a revoked one; nil where there is none.
  public func key(secret: String) throws(StorageError) -> APIKey? {
    let (path, hash) = (file.path, KeySecret.hash(of: secret))
    return try file.read { try Self.key($0, "hash", Self.digits(hash), file: path) }
  }

  /// Lets nobody in with a key any more; one that was revoked keeps its time.
  ///
  /// - Throws: `StorageError` where there is no key of this id.
  /// - Returns: The key.
  public func revoke(_ id: String) throws(StorageError) -> APIKey {
    let (path, now) = (file.path, clock().milliseconds)
    return try file.write { database in
      try database.execute(
        sql: "UPDATE api_key SET revoked = coalesce(revoked, ?) WHERE id = ?",
        arguments: [now, id]
      )
      guard let key = try Self.key(database, "id", id, file: path) else {
        throw StorageError(.noSuchKey(id), file: path)
      }
      return key
    }
  }

  /// Notes what answers used, at the prices of the key.
  ///
  /// - Parameters:
  ///   - id: The key's id.
  ///   - use: Their tokens.
  ///   - answerCount: How many they were.
  /// - Throws: `StorageError`; nothing was noted then.
  public func charge(_ id: String, _ use: TokenUse, answerCount: Int = 1) throws(StorageError) {
    let changed = try file.append(
      """
      UPDATE api_key SET answers = answers + ?, hit_tokens = hit_tokens + ?,
        miss_tokens = miss_tokens + ?, output_tokens = output_tokens + ?,
        spent = min(spent + coalesce(hit_price, 0) * ? + coalesce(miss_price, 0) * ?
          + coalesce(output_price, 0) * ?, \(Self.mostSpent))
      WHERE id = ?
      """,
      [
        answerCount, use.cacheHits, use.cacheMisses, use.outputs, use.cacheHits, use.cacheMisses,
        use.outputs, id,
      ]
    )
    guard changed == 1 else { throw StorageError(.noSuchKey(id), file: path) }
  }

  // LIMIT: below it an answer's cost can be added without leaving SQLite's integers.
  private static let mostSpent = 8_000_000 * Money.unit

  private static func key(
    _ database: Database,
    _ column: String,
    _ value: some DatabaseValueConvertible,
    file: String
  ) throws -> APIKey? {
    try row(database, column, value)?.apiKey(file: file)
  }

  private static func row(
    _ database: Database,
    _ column: String,
    _ value: some DatabaseValueConvertible
  ) throws -> Row? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM api_key WHERE \(column) = ?")
    return try Row.fetchOne(statement, arguments: [value])
  }

  /// Hexadecimal digits: they can be read in the shell of SQLite, and need no type of GRDB's.
  private static func digits(_ hash: [UInt8]) -> String { Hexadecimal.text(hash) }
}
