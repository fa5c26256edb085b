// SPDX-License-Identifier: Apache-2.0

import JSON
import Storage
import Testing

@Suite struct `A store of conversations` {
  private let folder: TemporaryFolder
  private let store: ConversationStore

  init() throws {
    folder = try TemporaryFolder()
    store = try folder.store()
  }

  @Test func `keeps what a conversation is`() throws {
    let created = try store.create(
      model: "org/name",
      system: "Be brief.",
      settings: " {\"temperature\": 0.60, \"stop\": [\"\\u00e9\"], \"seed\": 12} "
    )
    let loaded = try folder.store().load(created.id)
    #expect(loaded.model == "org/name")
    #expect(loaded.system == "Be brief.")
    #expect(loaded.settings == #"{"temperature":0.6,"stop":["é"],"seed":12}"#)
    #expect(loaded.created == created.created)
    #expect(loaded.messages.isEmpty && loaded.leaf == nil && loaded.path.isEmpty)
  }

  @Test func `lists what changed last first, with its messages counted`() throws {
    let first = try store.converse("one", "1")
    let second = try store.converse("two", "2")
    let third = try store.create(model: "other").id
    _ = try store.add(.user, "more", to: first.id, after: first.leaf)
    let list = try store.list()
    #expect(list.map(\.id) == [first.id, third, second.id])
    #expect(list.map(\.messageCount) == [3, 0, 2])
    #expect(list.map(\.title) == ["one", "", "two"])
    #expect(list.map(\.model) == ["m", "other", "m"])
    #expect(try store.list(limit: 2) == Array(list.prefix(2)))
  }

  @Test func `gives short ids, no two alike`() throws {
    let ids = try (0..<50).map { _ in try store.create(model: "m").id }
    #expect(Set(ids).count == 50)
    for id in ids {
      #expect(id.description.count == 8)
      #expect(id.description.allSatisfy { "abcdefghijklmnopqrstuvwxyz234567".contains($0) })
    }
  }

  @Test func `finds a conversation by the beginning of its id`() throws {
    let ids = try (0..<40).map { _ in try store.create(model: "m").id.description }
    for id in ids {
      let others = ids.filter { $0 != id }
      let length = (1...8).first { count in !others.contains { $0.hasPrefix(id.prefix(count)) } }
      let prefix = String(id.prefix(try #require(length)))
      #expect(try store.find(prefix).description == id)
      #expect(try store.find(id.uppercased()).description == id)
    }
    // Forty ids and 32 first letters: two begin alike.
    let letters = Dictionary(grouping: ids.sorted()) { $0.prefix(1) }
    let (letter, alike) = try #require(letters.first { $0.value.count > 1 })
    #expect(throws: StorageError(.ambiguousConversation(String(letter), ids: alike))) {
      try store.find(String(letter))
    }
  }

  @Test(arguments: ["", "0", "%", "_", "aaaaaaaaa", "'; --"])
  func `says which conversation it does not have`(_ prefix: String) throws {
    _ = try store.create(model: "m")
    #expect(throws: StorageError(.noSuchConversation(prefix))) { try store.find(prefix) }
  }

  @Test func `renames`() throws {
    let conversation = try store.converse("a question", "an answer")
    try store.rename(conversation.id, to: " Another\u{1B}\n title ")
    let list = try store.list()
    #expect(list.map(\.title) == ["Another title"])
    #expect(list.map(\.updated) == [conversation.updated])
    #expect(throws: StorageError(.emptyTitle)) { try store.rename(conversation.id, to: " \n ") }
  }

  @Test func `changes model, system message and settings`() throws {
    let id = try store.create(model: "m", system: "s").id
    try store.update(id, model: "n", system: nil, settings: "{\"a\":1}")
    let loaded = try store.load(id)
    #expect(loaded.model == "n" && loaded.system == nil && loaded.settings == "{\"a\":1}")
  }

  @Test(arguments: ["", "{", "[]", "1", "{\"a\":1}x", "null"])
  func `takes no settings but an object`(_ settings: String) throws {
    #expect(throws: StorageError.self) { try store.create(model: "m", settings: settings) }
    #expect(try store.list().isEmpty)
  }

  @Test func `refuses what it does not have`() throws {
    let gone = try store.converse("q", "a")
    try store.delete(gone.id)
    let error = StorageError(.noSuchConversation(gone.id.description), file: nil)
    #expect(throws: error) { try store.load(gone.id) }
    #expect(throws: error) { try store.rename(gone.id, to: "t") }
    #expect(throws: error) { try store.update(gone.id, model: "", system: nil, settings: "{}") }
    #expect(throws: error) { try store.delete(gone.id) }
    #expect(throws: error) { try store.add(.user, "q", to: gone.id, after: nil) }
    #expect(throws: error) { try store.beginAnswer(in: gone.id, after: nil) }
    #expect(throws: error) { try store.activate(nil, in: gone.id) }
  }

  @Test func `keeps any text as it is`() throws {
    let texts = [
      "", " ", "\n\n", "it's \"quoted\" \\ -- ; DROP TABLE message;", "क्षेत्र", "漢字", "👨‍👩‍👧‍👦🇮🇳",
      "\u{202E}שלום",
      "e\u{301} and \u{E9}", "\u{1}\u{7F}\u{85}\u{2028}\u{FFFD}\u{10FFFF}",
      String(repeating: "long ", count: 200_000),
    ]
    let id = try store.create(model: "m").id
    var parent: MessageID?
    for text in texts { parent = try store.add(.tool, text, to: id, after: parent).id }
    let kept = try folder.store().load(id).messages.map { Array($0.content.unicodeScalars) }
    #expect(kept == texts.map { Array($0.unicodeScalars) })
  }

  @Test func `keeps a zero as the sign for what cannot be shown`() throws {
    let id = try store.create(model: "m\0", system: "s\0", title: "t\0").id
    let message = try store.add(.user, "a\0b", reasoning: "\0", to: id, after: nil)
    #expect(message.content == "a\u{FFFD}b")
    let loaded = try store.load(id)
    #expect(loaded.messages == [message])
    #expect(loaded.model == "m\u{FFFD}" && loaded.system == "s\u{FFFD}" && loaded.title == "t")
  }

  @Test func `deletes a conversation from the list, the search and the bytes of its files`() throws
  {
    let kept = try store.converse("a question that stays", "an answer")
    // Three letters that stand nowhere else: the index holds them as one entry.
    let gone = try store.converse("жѫѳ in a question", "and жѫѳ in an answer")
    try store.rename(gone.id, to: "жѫѳ")
    // More than the index holds in its newest part, which is merged soon by itself.
    for index in 0..<20 { try store.converse("filler \(index)", "filler") }
    #expect(try folder.allBytes().contains(text: "жѫѳ"))
    #expect(try store.search("жѫѳ").count == 1)
    try store.delete(gone.id)
    #expect(try store.list().count == 21)
    #expect(try store.search("жѫѳ").isEmpty)
    #expect(try store.search("question").map(\.conversation.id) == [kept.id])
    #expect(try store.load(kept.id) == kept)
    // The index may leave out a first byte that an entry shares with the one before.
    #expect(try !folder.allBytes().contains(text: "ѫѳ"))
  }

  @Test func `deletes a conversation of thousands of messages`() throws {
    let id = try store.create(model: "m").id
    var parent: MessageID?
    for index in 0..<2500 { parent = try store.add(.user, "\(index)", to: id, after: parent).id }
    try store.delete(id)
    #expect(try store.list().isEmpty)
  }
}
