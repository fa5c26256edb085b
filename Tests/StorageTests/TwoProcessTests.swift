// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

/// Processes that create and use one database at the same time.
///
/// Three of them race for the first tables: in some of a hundred rounds one meets another half
/// done, so there are several; what they found out stands in comments of `Schema` and
/// `DatabaseFile`.
@Suite struct `Two processes` {
  @Test(arguments: 0..<6) func `may create and use one database at once`(_: Int) async throws {
    let folder = try TemporaryFolder()
    async let first: Void = converse(folder.databasePath, "first")
    async let second: Void = converse(folder.databasePath, "second")
    async let third: Void = converse(folder.databasePath, "third")
    _ = await (first, second, third)
    let store = try folder.store()
    let list = try store.list()
    #expect(list.count == 60)
    for name in ["first", "second", "third"] {
      #expect(list.filter { $0.title.hasPrefix(name) }.count == 20)
      #expect(try store.search(name, limit: 100).count == 20)
    }
    for summary in list {
      let path = try store.load(summary.id).path
      #expect(path.map(\.finish) == [nil, .stop])
      #expect(path.last?.content == String(repeating: path[0].content, count: 5))
    }
  }

  private func converse(_ path: String, _ name: String) async {
    await #expect(processExitsWith: .success) {
      [path = path as String, name = name as String] in
      // What a child throws would end it without a word.
      do {
        let store = try ConversationStore(path: path, busyTimeout: .seconds(30))
        for index in 0..<20 {
          let text = "\(name) \(index). "
          let id = try store.create(model: "m").id
          let question = try store.add(.user, text, to: id, after: nil)
          let writer = try store.beginAnswer(in: id, after: question.id)
          for _ in 0..<5 { try writer.append(content: text) }
          try writer.finish(.stop)
        }
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  @Test func `see each other's answers`() async throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let conversation = try store.converse("question", "answer")
    await #expect(processExitsWith: .success) {
      [path = folder.databasePath as String, id = conversation.id.description as String] in
      let store = try ConversationStore(path: path)
      let conversation = try store.load(store.find(id))
      let writer = try store.beginAnswer(in: conversation.id, after: conversation.leaf)
      try writer.append(content: "unfinished")
    }
    // The other one is gone without a word; who is there already sees what it wrote.
    #expect(try store.load(conversation.id).path.last?.content == "unfinished")
    #expect(try folder.store().load(conversation.id).path.last?.finish == .interrupted)
  }
}
