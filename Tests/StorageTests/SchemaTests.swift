// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import GRDB
import Storage
import Testing

@Suite struct `The tables of the database` {
  /// A file as the first step left it, written by SQL alone; never changed, as files are not.
  private static let versionOne = """
    PRAGMA application_id = 1214342252;
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    INSERT INTO grdb_migrations VALUES ('1 conversations');
    CREATE TABLE conversation (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
      model TEXT NOT NULL, system TEXT, settings TEXT NOT NULL, leaf INTEGER,
      created INTEGER NOT NULL, updated INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX conversation_updated ON conversation(updated);
    CREATE TABLE message (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      conversation INTEGER NOT NULL REFERENCES conversation(number),
      parent INTEGER REFERENCES message(number), ordinal INTEGER NOT NULL, role TEXT NOT NULL,
      content TEXT NOT NULL, reasoning TEXT, finish TEXT, writer TEXT, model TEXT, seed INTEGER,
      prompt_tokens INTEGER, completion_tokens INTEGER, reasoning_tokens INTEGER,
      reasoning_seconds REAL, prefill_seconds REAL, decode_seconds REAL, created INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX message_conversation ON message(conversation);
    CREATE INDEX message_parent ON message(parent);
    CREATE INDEX message_writer ON message(writer) WHERE writer IS NOT NULL;
    CREATE TABLE piece (
      number INTEGER PRIMARY KEY,
      message INTEGER NOT NULL REFERENCES message(number) ON DELETE CASCADE,
      content TEXT NOT NULL, reasoning TEXT NOT NULL
    ) STRICT;
    INSERT INTO conversation VALUES
      (1, 'abcdefgh', 'Old whales', 'org/old', 'Be brief.', '{"a":1}', 3, 1000, 3000);
    INSERT INTO message VALUES
      (1, 1, NULL, 0, 'user', 'question', NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, 1000),
      (2, 1, 1, 1, 'assistant', 'a dolphin', 'Hm.', 'stop', NULL, 'org/old', -1,
       3, 4, 2, 0.5, 0.25, 1.5, 2000),
      (3, 1, 1, 1, 'assistant', '', NULL, NULL, '4194999:1', NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, 3000);
    INSERT INTO piece VALUES (1, 3, 'a por', ''), (2, 3, 'poise', 'Ah.');
    """

  private func makeVersionOne(in folder: TemporaryFolder, _ more: String = "") throws {
    try folder.execute(Self.versionOne + more)
  }

  @Test func `of a file of version 1 are brought up to date, and nothing is lost`() throws {
    let folder = try TemporaryFolder()
    try makeVersionOne(in: folder)
    let store = try folder.store()
    let conversation = try store.load(store.find("abc"))
    #expect(conversation.title == "Old whales" && conversation.model == "org/old")
    #expect(conversation.system == "Be brief." && conversation.settings == "{\"a\":1}")
    #expect(conversation.created == Timestamp(milliseconds: 1000))
    #expect(conversation.messages.map(\.content) == ["question", "a dolphin", "a porpoise"])
    let answer = conversation.messages[1]
    #expect(answer.reasoning == "Hm." && answer.finish == .stop && answer.seed == .max)
    #expect(
      answer.figures
        == AnswerFigures(
          promptTokens: 3,
          completionTokens: 4,
          reasoningTokens: 2,
          reasoningSeconds: 0.5,
          prefillSeconds: 0.25,
          decodeSeconds: 1.5
        )
    )
    #expect(conversation.path.map(\.content) == ["question", "a porpoise"])
    #expect(conversation.path.last?.finish == .interrupted)
    // The second step made the index, also of what was there.
    #expect(try store.search("whales").count == 1)
    #expect(try store.search("dolphin").map(\.message) == [answer.id])
    #expect(try store.search("porpoise").count == 1)
  }

  @Test func `are the same, whether they came in steps or at once`() throws {
    let (stepped, fresh) = (try TemporaryFolder(), try TemporaryFolder())
    try makeVersionOne(in: stepped)
    let schemas = try [stepped, fresh].map { folder in
      _ = try folder.store()
      return try folder.texts("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        .map { $0.replacing("( ", with: "(").replacing(" )", with: ")") }
        .sorted()
    }
    #expect(schemas[0] == schemas[1])
    #expect(schemas[0].count > 12)
  }

  @Test func `stay as they were where a step fails`() throws {
    let folder = try TemporaryFolder()
    try makeVersionOne(in: folder, "CREATE TABLE message_search (a);")
    let before = try folder.bytes()
    let error = #expect(throws: StorageError.self) { try folder.store() }
    #expect(error?.exitCode == .badData)
    #expect(try folder.texts("SELECT identifier FROM grdb_migrations") == ["1 conversations"])
    #expect(try folder.integer("SELECT count(*) FROM message") == 3)
    let names = try folder.texts("SELECT name FROM sqlite_master")
    #expect(!names.contains("conversation_search"))
    // The mode of the journal stands in bytes 18 and 19, a counter of changes in bytes 24 to 27
    // and 92 to 99.
    let after = try folder.bytes()
    let counters = Set([18, 19] + Array(24..<28) + Array(92..<100))
    let different = zip(before, after).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
    #expect(before.count == after.count)
    #expect(different.allSatisfy(counters.contains))
  }

  @Test func `refuse values of another type`() throws {
    let folder = try TemporaryFolder()
    try folder.store().converse("question", "answer")
    #expect(throws: DatabaseError.self) {
      try folder.execute("UPDATE message SET ordinal = 'first'")
    }
    #expect(throws: DatabaseError.self) {
      try folder.execute("UPDATE conversation SET title = NULL")
    }
  }

  @Test func `are empty, but there, in a file that was just made`() throws {
    let folder = try TemporaryFolder()
    #expect(try folder.store().list().isEmpty)
    #expect(try folder.texts("PRAGMA journal_mode") == ["wal"])
    #expect(try folder.integer("PRAGMA application_id") == 0x4861_646C)
  }
}
