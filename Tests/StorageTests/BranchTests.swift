// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

/// Editing, answering again and taking back lose nothing: what was said stays on file, and the
/// active path is what the conversation says now.
@Suite struct `A conversation's branches` {
  private let folder: TemporaryFolder
  private let store: ConversationStore
  private let id: ConversationID
  private let question: MessageID
  private let answer: MessageID

  init() throws {
    folder = try TemporaryFolder()
    store = try folder.store()
    let conversation = try store.converse("question", "answer")
    id = conversation.id
    question = conversation.messages[0].id
    answer = conversation.messages[1].id
  }

  private func path() throws -> [String] { try folder.store().load(id).path.map(\.content) }
  private func all() throws -> [String] { try folder.store().load(id).messages.map(\.content) }

  @Test func `another answer stands beside the first`() throws {
    let writer = try store.beginAnswer(in: id, after: question)
    try writer.append(content: "another")
    try writer.finish(.stop)
    #expect(try path() == ["question", "another"])
    #expect(try all() == ["question", "answer", "another"])
    #expect(try store.list().map(\.messageCount) == [2])
  }

  @Test func `an edited message stands beside the one that it takes the place of`() throws {
    let edited = try store.add(.user, "edited", to: id, after: nil)
    #expect(try path() == ["edited"])
    #expect(try all() == ["question", "answer", "edited"])
    #expect(edited.ordinal == 0 && edited.parent == nil)
    #expect(try store.load(id).title == "question")
  }

  @Test func `taking back shortens the path alone`() throws {
    let second = try store.add(.user, "second", to: id, after: answer)
    try store.activate(answer, in: id)
    #expect(try path() == ["question", "answer"])
    try store.activate(nil, in: id)
    #expect(try path() == [])
    #expect(try store.list().map(\.messageCount) == [0])
    try store.activate(second.id, in: id)
    #expect(try path() == ["question", "answer", "second"])
    #expect(try all() == ["question", "answer", "second"])
  }

  @Test func `every message knows its place`() throws {
    let second = try store.add(.user, "second", to: id, after: answer)
    let sibling = try store.add(.user, "sibling", to: id, after: answer)
    #expect([second.ordinal, sibling.ordinal] == [2, 2])
    let loaded = try store.load(id)
    #expect(loaded.leaf == sibling.id)
    for message in loaded.messages {
      #expect(loaded.path(to: message.id).count == message.ordinal + 1)
    }
  }

  @Test func `a message of another conversation is no parent`() throws {
    let other = try store.converse("other", "one").messages[0].id
    let error = StorageError(.noSuchMessage(other.number))
    #expect(throws: error) { try store.add(.user, "x", to: id, after: other) }
    #expect(throws: error) { try store.beginAnswer(in: id, after: other) }
    #expect(throws: error) { try store.activate(other, in: id) }
    #expect(try path() == ["question", "answer"])
  }

  @Test func `two who go on from one message keep both ways`() throws {
    let other = try folder.store()
    _ = try store.add(.user, "mine", to: id, after: answer)
    _ = try other.add(.user, "yours", to: id, after: answer)
    #expect(try path() == ["question", "answer", "yours"])
    #expect(try all() == ["question", "answer", "mine", "yours"])
  }
}
