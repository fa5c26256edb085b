// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import Storage
import TestSupport
import Testing

/// Files in which anything may be wrong end in an error, never in a crash; `HADAL_LONG=1` makes it
/// 20,000 of them.
@Suite struct `Damaged databases` {
  private static let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] == "1"
  // 3317 makes a text longer than the database can hold.
  private static let seeds = Array(0..<(isLong ? 20_000 : 150)) + [3317]

  @Test func `give values or an error, whatever is wrong`() throws {
    let original = try TemporaryFolder()
    for index in 0..<12 {
      let conversation = try original.store().converse("question \(index)", "answer \(index)")
      let writer = try original.store().beginAnswer(in: conversation.id, after: conversation.leaf)
      try writer.append(content: "more", reasoning: "Hm.")
    }
    let bytes = try original.bytes()
    var failures = 0
    for seed in Self.seeds {
      var generator = SplitMix64(seed: UInt64(seed))
      let folder = try TemporaryFolder()
      try folder.write(Self.damaged(bytes, using: &generator))
      do {
        try Self.use(folder)
      } catch let error {
        failures += 1
        #expect(error.exitCode != .internalError, "seed \(seed): \(error)")
        #expect(error.remedy != nil || error.exitCode == .noInput, "seed \(seed): \(error)")
      }
    }
    // Enough of them hit what matters.
    #expect(failures > Self.seeds.count / 10)
  }

  // Found by damaging bytes: a schema is a text in the file, and its names may be damaged too.
  @Test(arguments: [("completion_tokens", false), ("content", true)])
  func `take a column whose name is damaged for absent`(_ column: String, _ isNeeded: Bool) throws {
    let folder = try TemporaryFolder()
    let id = try folder.store().converse("question", "answer").id
    try folder.execute("PRAGMA legacy_alter_table = ON")
    for name in try folder.texts("SELECT name FROM sqlite_master WHERE type = 'trigger'") {
      try folder.execute("DROP TRIGGER \(name)")
    }
    try folder.execute("ALTER TABLE message RENAME COLUMN \(column) TO damaged")
    let store = try folder.store()
    if isNeeded {
      #expect(throws: StorageError.self) { try store.load(id) }
    } else {
      #expect(try store.load(id).path.count == 2)
    }
  }

  private static func use(_ folder: TemporaryFolder) throws(StorageError) {
    let store = try ConversationStore(path: folder.databasePath, busyTimeout: .milliseconds(10))
    for summary in try store.list() {
      let conversation = try store.load(summary.id)
      _ = conversation.json
      _ = conversation.markdown
    }
    _ = try store.search("question")
    _ = try store.search("q")
    let id = try store.create(model: "m").id
    let writer = try store.beginAnswer(in: id, after: nil)
    try writer.append(content: "content")
    try writer.finish(.stop)
    try store.delete(id)
  }

  private static func damaged(
    _ bytes: [UInt8],
    using generator: inout SplitMix64
  ) -> [UInt8] {
    var bytes = bytes
    switch generator.next() % 4 {
    case 0: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
    case 1:
      let start = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, start + Int.random(in: 1..<5000, using: &generator))
      for index in start..<end { bytes[index] = UInt8.random(in: 0 ... .max, using: &generator) }
    case 2:
      for _ in 0..<Int.random(in: 1..<400, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
    default:
      // Types and lengths of values stand where rows begin: small numbers make others of them.
      for _ in 0..<200 {
        let index = Int.random(in: 100..<bytes.count, using: &generator)
        bytes[index] = UInt8.random(in: 0..<16, using: &generator)
      }
    }
    return bytes
  }
}
