// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables of Hadal's database and the steps that lead to them.
///
/// A step that was released never changes; what comes later is another step. Tables are `STRICT`,
/// so that SQLite refuses a value of another type.
enum Schema {
  /// What SQLite's header says of the file: "Hadl".
  static let applicationID = 0x4861_646C

  /// The steps in order.
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    // Foreign keys stay checked: no step so far rebuilds a table.
    migrator.registerMigration("1 conversations", foreignKeyChecks: .immediate) { database in
      try database.execute(sql: conversations)
    }
    migrator.registerMigration("2 search", foreignKeyChecks: .immediate) { database in
      try database.execute(sql: search)
    }
    migrator.registerMigration("3 keys", foreignKeyChecks: .immediate) { database in
      try database.execute(sql: keys)
    }
    return migrator
  }()

  /// Takes a database to the newest step.
  ///
  /// Two processes may do this at once: the steps are transactions, but which of them are missing
  /// is read before. Whoever comes second then fails on a table that exists, and looks again.
  static func migrate(_ queue: DatabaseQueue) throws {
    while true {
      let before = try queue.read(appliedSteps)
      guard before != Set(migrator.migrations) else { return }
      do {
        return try migrator.migrate(queue)
      } catch {
        let after = try queue.read(appliedSteps)
        guard after.count > before.count else { throw error }
      }
    }
  }

  /// The steps that a database has taken, those that this version does not know too.
  ///
  /// GRDB looks for its table after it has failed to read it, when another process may have made it.
  static func appliedSteps(_ database: Database) throws -> Set<String> {
    let tableCount = try Int.fetchOne(
      database,
      sql: "SELECT count(*) FROM sqlite_master WHERE name = 'grdb_migrations'"
    )
    guard tableCount == 1 else { return [] }
    return try String.fetchSet(database, sql: "SELECT identifier FROM grdb_migrations")
  }

  // `leaf` is the last message of the active path and no foreign key: deleting messages would look
  // for it without an index. Numbers of messages are never given twice, since an answer may still be
  // written to one that another process has deleted.
  private static let conversations = """
    CREATE TABLE conversation (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      title TEXT NOT NULL,
      model TEXT NOT NULL,
      system TEXT,
      settings TEXT NOT NULL,
      leaf INTEGER,
      created INTEGER NOT NULL,
      updated INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX conversation_updated ON conversation(updated);
    CREATE TABLE message (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      conversation INTEGER NOT NULL REFERENCES conversation(number),
      parent INTEGER REFERENCES message(number),
      ordinal INTEGER NOT NULL,
      role TEXT NOT NULL,
      content TEXT NOT NULL,
      reasoning TEXT,
      finish TEXT,
      writer TEXT,
      model TEXT,
      seed INTEGER,
      prompt_tokens INTEGER,
      completion_tokens INTEGER,
      reasoning_tokens INTEGER,
      reasoning_seconds REAL,
      prefill_seconds REAL,
      decode_seconds REAL,
      created INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX message_conversation ON message(conversation);
    CREATE INDEX message_parent ON message(parent);
    CREATE INDEX message_writer ON message(writer) WHERE writer IS NOT NULL;
    CREATE TABLE piece (
      number INTEGER PRIMARY KEY,
      message INTEGER NOT NULL REFERENCES message(number) ON DELETE CASCADE,
      content TEXT NOT NULL,
      reasoning TEXT NOT NULL
    ) STRICT;
    """

  // The index holds every three characters in a row: Chinese has no spaces between words, and the
  // tokenizer that splits at them cuts Devanagari at its vowel signs. Texts are not kept twice.
  private static let search = """
    CREATE VIRTUAL TABLE conversation_search USING fts5(
      title, content='conversation', content_rowid='number', tokenize='trigram'
    );
    CREATE TRIGGER conversation_search_insert AFTER INSERT ON conversation BEGIN
      INSERT INTO conversation_search(rowid, title) VALUES (new.number, new.title);
    END;
    CREATE TRIGGER conversation_search_update AFTER UPDATE OF title ON conversation BEGIN
      INSERT INTO conversation_search(conversation_search, rowid, title)
        VALUES ('delete', old.number, old.title);
      INSERT INTO conversation_search(rowid, title) VALUES (new.number, new.title);
    END;
    CREATE TRIGGER conversation_search_delete AFTER DELETE ON conversation BEGIN
      INSERT INTO conversation_search(conversation_search, rowid, title)
        VALUES ('delete', old.number, old.title);
    END;
    INSERT INTO conversation_search(conversation_search) VALUES ('rebuild');

    CREATE VIRTUAL TABLE message_search USING fts5(
      content, content='message', content_rowid='number', tokenize='trigram'
    );
    CREATE TRIGGER message_search_insert AFTER INSERT ON message BEGIN
      INSERT INTO message_search(rowid, content) VALUES (new.number, new.content);
    END;
    CREATE TRIGGER message_search_update AFTER UPDATE OF content ON message BEGIN
      INSERT INTO message_search(message_search, rowid, content)
        VALUES ('delete', old.number, old.content);
      INSERT INTO message_search(rowid, content) VALUES (new.number, new.content);
    END;
    CREATE TRIGGER message_search_delete AFTER DELETE ON message BEGIN
      INSERT INTO message_search(message_search, rowid, content)
        VALUES ('delete', old.number, old.content);
    END;
    INSERT INTO message_search(message_search) VALUES ('rebuild');
    """

  // Of a key's secret only the SHA-256 is here. Prices are millionths of a millionth of a dollar for a
  // token, and so are the amounts: sums of integers are exact.
  private static let keys = """
    CREATE TABLE api_key (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      hash TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      created INTEGER NOT NULL,
      revoked INTEGER,
      most_requests INTEGER,
      most_tokens INTEGER,
      hit_price INTEGER,
      miss_price INTEGER,
      output_price INTEGER,
      paid INTEGER,
      answers INTEGER NOT NULL DEFAULT 0,
      hit_tokens INTEGER NOT NULL DEFAULT 0,
      miss_tokens INTEGER NOT NULL DEFAULT 0,
      output_tokens INTEGER NOT NULL DEFAULT 0,
      spent INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    """
}
