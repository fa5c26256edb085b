// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Storage
import Testing

/// A disk that is full in the midst of an answer: SQLite's `max_page_count` refuses a page as the
/// file system would.
@Suite struct `A full disk` {
  @Test func `costs nothing that was stored, and the answer goes on when there is space`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let conversation = try store.converse("question", "answer")
    let writer = try store.beginAnswer(in: conversation.id, after: conversation.leaf)
    try store.limitPages(to: (folder.integer("PRAGMA page_count") ?? 0) + 4)
    let piece = String(repeating: "piece ", count: 100)
    var stored = 0
    let full = StorageError(.full, file: folder.databasePath)
    #expect(full.exitCode == .inputOutput)
    #expect(throws: full) {
      while stored < 1000 {
        try writer.append(content: piece)
        stored += 1
      }
    }
    #expect(stored > 3 && stored < 1000)
    #expect(throws: full) { try writer.append(content: piece) }
    #expect(throws: full) { try writer.finish(.stop) }
    let kept = try folder.store().load(conversation.id)
    #expect(kept.path.last?.content == String(repeating: piece, count: stored))
    try store.limitPages(to: 1_000_000)
    try writer.append(content: "end")
    try writer.finish(.stop)
    let whole = try store.load(conversation.id)
    #expect(whole.path.last?.content == String(repeating: piece, count: stored) + "end")
    #expect(whole.path.last?.finish == .stop)
  }

  @Test func `is said when a conversation begins`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    try store.limitPages(to: 1)
    let full = StorageError(.full, file: folder.databasePath)
    let system = String(repeating: "s", count: 500)
    #expect(throws: full) {
      for _ in 0..<1000 { _ = try store.create(model: "m", system: system) }
    }
    #expect(try store.list().allSatisfy { $0.model == "m" })
  }
}
