// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The conversations of one database file.
///
/// Every method blocks until the database has answered: microseconds, longer while another process
/// writes (up to the timeout), or the disk is slow. What a method has stored survives the process,
/// however it ends; all but the pieces of an unfinished answer survive a power cut too.
///
/// Several processes may use one file, and several threads one store.
public final class ConversationStore: Sendable {
  /// The database's file.
  public let path: String

  let file: DatabaseFile
  private let clock: @Sendable () -> Timestamp

  /// Opens a database, and creates it with its folder where it is absent, for its owner alone.
  ///
  /// Unfinished answers whose process is gone are kept and marked as interrupted.
  ///
  /// - Parameters:
  ///   - path: The file, for example a `DataFolder`'s `databasePath`.
  ///   - busyTimeout: How long to wait for another process that is writing.
  /// - Throws: `StorageError` where that fails; a file that is not understood is left as it is.
  public convenience init(
    path: String,
    busyTimeout: Duration = .seconds(5)
  ) throws(StorageError) {
    try self.init(path: path, busyTimeout: busyTimeout, clock: { .now })
  }

  /// Opens a database with a clock of one's own.
  package init(
    path: String,
    busyTimeout: Duration,
    clock: @escaping @Sendable () -> Timestamp
  ) throws(StorageError) {
    self.path = path
    self.clock = clock
    file = try DatabaseFile(path: path, busyTimeout: busyTimeout)
    try recoverAbandonedAnswers()
  }

  /// Bounds the database's file, so that tests meet a full disk.
  package func limitPages(to count: Int) throws(StorageError) { try file.limitPages(to: count) }

  var now: Int { clock().milliseconds }

  /// Begins a conversation without messages.
  ///
  /// - Parameters:
  ///   - model: The model's name, as `--continue` should find it again.
  ///   - system: The system message, if there is one.
  ///   - settings: A JSON object.
  ///   - title: A title; without one the first message of the user makes it.
  /// - Throws: `StorageError` where the settings are no JSON object, or it cannot be stored.
  /// - Returns: What a list shows of it.
  public func create(
    model: String,
    system: String? = nil,
    settings: String = "{}",
    title: String = ""
  ) throws(StorageError) -> ConversationSummary {
    let settings = try Settings.canonical(settings)
    let line = ConversationTitle.line(
      title,
      characterLimit: ConversationTitle.givenCharacterLimit
    )
    let now = now
    var generator = SystemRandomNumberGenerator()
    let id = try file.write { database in
      try Self.insertConversation(
        database,
        preferring: nil,
        using: &generator,
        [line.stored, model.stored, system?.stored, settings, now, now]
      ).id
    }
    return ConversationSummary(
      id: id,
      title: line.stored,
      model: model.stored,
      messageCount: 0,
      created: Timestamp(milliseconds: now),
      updated: Timestamp(milliseconds: now)
    )
  }

  /// Inserts a conversation's row, under another id where the preferred one is taken; the values are
  /// title, model, system message, settings, times of making and of change.
  static func insertConversation(
    _ database: Database,
    preferring preferred: ConversationID?,
    using generator: inout some RandomNumberGenerator,
    _ values: StatementArguments
  ) throws -> (id: ConversationID, number: Int64) {
    var id = preferred ?? ConversationID(using: &generator)
    while true {
      try database.execute(
        sql: """
          INSERT INTO conversation (id, title, model, system, settings, created, updated)
          VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
          """,
        arguments: [id.description] + values
      )
      if database.changesCount == 1 { return (id, database.lastInsertedRowID) }
      id = ConversationID(using: &generator)
    }
  }

  /// Gives a conversation another title.
  ///
  /// - Throws: `StorageError` where the title has nothing to show, or there is no such conversation.
  public func rename(_ id: ConversationID, to title: String) throws(StorageError) {
    let line = ConversationTitle.line(
      title,
      characterLimit: ConversationTitle.givenCharacterLimit
    )
    guard !line.isEmpty else { throw StorageError(.emptyTitle) }
    try file.write { database in
      try Self.change(
        database,
        id,
        "UPDATE conversation SET title = ? WHERE id = ?",
        [line.stored, id.description]
      )
    }
  }

  /// Stores the model, system message and settings that a conversation goes on with.
  ///
  /// - Throws: `StorageError` where the settings are no JSON object, or there is no such
  ///   conversation.
  public func update(
    _ id: ConversationID,
    model: String,
    system: String?,
    settings: String
  ) throws(StorageError) {
    let settings = try Settings.canonical(settings)
    try file.write { database in
      try Self.change(
        database,
        id,
        "UPDATE conversation SET model = ?, system = ?, settings = ? WHERE id = ?",
        [model.stored, system?.stored, settings, id.description]
      )
    }
  }

  /// Deletes a conversation with all its messages, from the index of the search and from the bytes
  /// of the file too.
  ///
  /// - Complexity: O(size of the search's index), which is written anew.
  /// - Throws: `StorageError` where there is no such conversation, or it cannot be written.
  public func delete(_ id: ConversationID) throws(StorageError) {
    try file.write { database in
      let number = try Self.number(of: id, database)
      try database.execute(
        sql: "DELETE FROM message WHERE conversation = ?",
        arguments: [number]
      )
      try database.execute(sql: "DELETE FROM conversation WHERE number = ?", arguments: [number])
      // An index notes what is deleted and forgets it when its parts are merged.
      try database.execute(
        sql: """
          INSERT INTO message_search(message_search) VALUES ('optimize');
          INSERT INTO conversation_search(conversation_search) VALUES ('optimize');
          """
      )
    }
    try file.settle()
  }

  static func change(
    _ database: Database,
    _ id: ConversationID,
    _ sql: String,
    _ arguments: StatementArguments
  ) throws {
    try database.execute(sql: sql, arguments: arguments)
    guard database.changesCount == 1 else {
      throw StorageError(.noSuchConversation(id.description))
    }
  }

  static func number(of id: ConversationID, _ database: Database) throws -> Int {
    let number = try Int.fetchOne(
      database,
      sql: "SELECT number FROM conversation WHERE id = ?",
      arguments: [id.description]
    )
    guard let number else { throw StorageError(.noSuchConversation(id.description)) }
    return number
  }
}
