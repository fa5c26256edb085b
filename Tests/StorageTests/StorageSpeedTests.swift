// SPDX-License-Identifier: Apache-2.0

import Storage
import TestSupport
import Testing

/// What it costs to store a token before it is shown.
///
/// Method: the processor time of this thread over 2,000 appends, which neither a busy machine nor a
/// slow disk lengthens; the least of some rounds.
@Suite struct StorageSpeedTests {
  @Test func `storing a token takes less than the 50 µs that a streamed token may`() throws {
    let folder = try TemporaryFolder()
    let store = try ConversationStore(path: folder.databasePath)
    let conversation = try store.converse("question", "answer")
    let count = 2000
    var appends: [Double] = []
    var finishes: [Double] = []
    for _ in 0..<5 {
      let writer = try store.beginAnswer(in: conversation.id, after: conversation.leaf)
      let start = ProcessID.threadSeconds
      for index in 0..<count { try writer.append(content: index % 7 == 0 ? " Hadal" : " sea") }
      let middle = ProcessID.threadSeconds
      try writer.finish(.stop)
      appends.append((middle - start) / Double(count))
      finishes.append(ProcessID.threadSeconds - middle)
    }
    let microseconds = (appends.min() ?? .infinity) * 1e6
    let milliseconds = (finishes.min() ?? .infinity) * 1e3
    print("append: \(microseconds) µs a token; finish of \(count) tokens: \(milliseconds) ms")
    // The debug build is some ten times slower.
    #if DEBUG
    let limit = 500.0
    #else
    let limit = 50.0
    #endif
    #expect(microseconds < limit)
  }
}
