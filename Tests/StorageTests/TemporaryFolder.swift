// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Storage
import Synchronization
import TestSupport

/// A folder of one test, removed with it, and the database in it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws { path = try SystemFolder.makeTemporary() }

  deinit { SystemFolder.remove(path) }

  var databasePath: String { path + "/hadal.sqlite" }

  /// Opens the database; its clock steps a second with each look.
  func store(busyTimeout: Duration = .seconds(5)) throws -> ConversationStore {
    let clock = SteppingClock()
    return try ConversationStore(
      path: databasePath,
      busyTimeout: busyTimeout,
      clock: { clock.next() }
    )
  }

  func bytes(_ name: String = "hadal.sqlite") throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
  }

  func write(_ bytes: [UInt8], _ name: String = "hadal.sqlite") throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  /// The bytes of all files in the folder.
  func allBytes() throws -> [UInt8] {
    try SystemFolder.names(in: path).flatMap { try bytes($0) }
  }

  /// What another program finds in the database.
  func texts(_ sql: String) throws -> [String] {
    try DatabaseQueue(path: databasePath).read { database in
      try String.fetchAll(database, sql: sql)
    }
  }

  func integer(_ sql: String) throws -> Int? {
    try DatabaseQueue(path: databasePath).read { database in
      try Int.fetchOne(database, sql: sql)
    }
  }

  /// What another program does to the database.
  func execute(_ sql: String) throws {
    try DatabaseQueue(path: databasePath).writeWithoutTransaction { database in
      try database.execute(sql: sql)
    }
  }

  func permissions(_ name: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue
  }
}

/// A clock for tests: 2026-11-21T22:30:17Z, and each time a second more.
final class SteppingClock: Sendable {
  private let milliseconds = Mutex(1_795_300_217_000)

  func next() -> Timestamp {
    milliseconds.withLock { milliseconds in
      defer { milliseconds += 1000 }
      return Timestamp(milliseconds: milliseconds)
    }
  }
}

extension ConversationStore {
  /// Begins a conversation with one question and its answer.
  @discardableResult
  func converse(_ question: String, _ answer: String) throws -> Conversation {
    let id = try create(model: "m").id
    let message = try add(.user, question, to: id, after: nil)
    let writer = try beginAnswer(in: id, after: message.id, model: "m", seed: 7)
    try writer.append(content: answer)
    try writer.finish(.stop)
    return try load(id)
  }
}

extension Sequence<UInt8> {
  /// Whether a text's bytes stand somewhere among these.
  func contains(text: String) -> Bool { Array(self).firstRange(of: Array(text.utf8)) != nil }
}
