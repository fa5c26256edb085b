// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import GRDB
import Storage
import TestSupport
import Testing

/// What a database's file may be in the way of, and that none of it is destroyed.
@Suite struct `Opening a database` {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func expect(_ reason: StorageError.Reason, _ code: ExitCode) {
    let error = #expect(throws: StorageError.self) { try folder.store() }
    #expect(error?.reason == reason)
    #expect(error?.exitCode == code)
    #expect(error?.place == folder.databasePath)
    #expect(error?.remedy != nil)
  }

  @Test func `makes folders and files that nobody else may read`() throws {
    let path = folder.path + "/a/b/hadal.sqlite"
    let store = try ConversationStore(path: path)
    try store.converse("question", "answer")
    #expect(try folder.permissions("a") == 0o700)
    #expect(try folder.permissions("a/b") == 0o700)
    for name in try SystemFolder.names(in: folder.path + "/a/b") {
      #expect(try folder.permissions("a/b/" + name) == 0o600, "\(name)")
    }
  }

  @Test func `leaves alone what is no database`() throws {
    let bytes = Array(String(repeating: "a text, no database\n", count: 500).utf8)
    try folder.write(bytes)
    expect(.notADatabase, .badData)
    #expect(try folder.bytes() == bytes)
    #expect(try SystemFolder.names(in: folder.path) == ["hadal.sqlite"])
  }

  @Test(arguments: ["", "PRAGMA application_id = 7;"])
  func `leaves alone another program's database`(_ more: String) throws {
    try folder.execute(more + "CREATE TABLE message (a); INSERT INTO message VALUES (1);")
    let bytes = try folder.bytes()
    expect(.foreignDatabase, .badData)
    #expect(try folder.bytes() == bytes)
    #expect(try SystemFolder.names(in: folder.path) == ["hadal.sqlite"])
  }

  @Test func `leaves alone a newer version's database`() throws {
    try folder.store().converse("question", "answer")
    try folder.execute("INSERT INTO grdb_migrations VALUES ('3 clouds'); CREATE TABLE cloud (a)")
    let bytes = try folder.bytes()
    expect(.newerDatabase(["3 clouds"]), .configuration)
    #expect(try folder.bytes() == bytes)
    let error = #expect(throws: StorageError.self) { try folder.store() }
    #expect(error?.remedy == "update Hadal")
  }

  @Test func `takes an empty file for a new one`() throws {
    try folder.write([])
    try folder.store().converse("question", "answer")
    #expect(try folder.store().list().count == 1)
  }

  @Test func `says that a damaged file is damaged`() throws {
    for index in 0..<50 { try folder.store().converse("question \(index)", "answer") }
    var bytes = try folder.bytes()
    for index in 4096..<bytes.count { bytes[index] = 0xAA }
    try folder.write(bytes)
    let error = #expect(throws: StorageError.self) {
      let store = try folder.store()
      _ = try store.list().map { try store.load($0.id) }
      _ = try store.search("question")
    }
    #expect(error?.exitCode == .badData)
    #expect(error?.place == folder.databasePath)
    if case .damaged = error?.reason {} else { Issue.record("\(String(describing: error))") }
    #expect(try folder.bytes() == bytes)
  }

  @Test func `waits for a lock, and then says so`() throws {
    let store = try folder.store(busyTimeout: .milliseconds(50))
    let conversation = try store.converse("question", "answer")
    let writer = try store.beginAnswer(in: conversation.id, after: conversation.leaf)
    let other = try DatabaseQueue(path: folder.databasePath)
    let start = ContinuousClock.now
    try other.inTransaction(.immediate) { database in
      try database.execute(sql: "UPDATE conversation SET model = 'other'")
      let locked = StorageError(.locked, file: folder.databasePath)
      #expect(locked.exitCode == .tryAgain)
      #expect(throws: locked) { try store.create(model: "m") }
      #expect(throws: locked) { try writer.append(content: "a") }
      #expect(throws: locked) { try writer.finish(.stop) }
      #expect(ContinuousClock.now - start >= .milliseconds(150))
      // Reading goes on, and so does opening.
      #expect(try store.load(conversation.id).path.count == 3)
      #expect(try folder.store(busyTimeout: .zero).list().map(\.model) == ["m"])
      return .commit
    }
    try writer.append(content: "a")
    try writer.finish(.stop)
    #expect(try store.load(conversation.id).path.last?.content == "a")
  }

  @Test func `waits for one who keeps the whole file, and then says so`() throws {
    try folder.store().converse("question", "answer")
    let other = try DatabaseQueue(path: folder.databasePath)
    try other.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; UPDATE conversation SET leaf = 1")
    }
    #expect(throws: StorageError(.locked, file: folder.databasePath)) {
      try folder.store(busyTimeout: .milliseconds(50))
    }
    try other.close()
    #expect(try folder.store().list().count == 1)
  }

  @Test func `says that a folder is in the place of the file`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.databasePath,
      withIntermediateDirectories: false
    )
    let error = #expect(throws: StorageError.self) { try folder.store() }
    #expect(error?.exitCode == .inputOutput)
  }

  @Test func `says that a file is in the place of the folder`() throws {
    try folder.write([], "file")
    let path = folder.path + "/file/hadal.sqlite"
    let error = #expect(throws: StorageError.self) { try ConversationStore(path: path) }
    #expect(error?.exitCode == .cannotCreate)
    #expect(error?.what == "the database cannot be created: Not a directory")
  }

  @Test func `says that a folder cannot be written`() async throws {
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
      ProcessID.dropRights()
      for name in ["/hadal.sqlite", "/a/b/hadal.sqlite"] {
        let error = #expect(throws: StorageError.self) { try ConversationStore(path: path + name) }
        #expect(error?.what == "the database cannot be created: Permission denied")
        #expect(error?.exitCode == .cannotCreate)
      }
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
  }

  @Test func `says that a file cannot be written`() async throws {
    try folder.store().converse("question", "answer")
    let before = try folder.bytes()
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      let manager = FileManager.default
      let file = path + "/hadal.sqlite"
      try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: file)
      try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
      ProcessID.dropRights()
      let error = #expect(throws: StorageError.self) {
        _ = try ConversationStore(path: file).create(model: "m")
      }
      #expect(error?.exitCode == .inputOutput)
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    #expect(try folder.bytes() == before)
  }

  @Test func `takes a path for a path, whatever it looks like`() async throws {
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      #expect(FileManager.default.changeCurrentDirectoryPath(path))
      let names = [":memory:", "file:a?mode=memory&cache=shared", "it's \"b\" 漢"]
      for name in names { try ConversationStore(path: name).converse("question", "answer") }
      for name in names {
        #expect(FileManager.default.fileExists(atPath: path + "/" + name))
        #expect(try ConversationStore(path: name).list().count == 1)
      }
    }
  }
}
