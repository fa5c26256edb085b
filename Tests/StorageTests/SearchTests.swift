// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

@Suite struct `A search` {
  private let folder: TemporaryFolder
  private let store: ConversationStore

  init() throws {
    folder = try TemporaryFolder()
    store = try folder.store()
  }

  @Test(
    arguments: [
      ("quick", "The quick brown fox"), ("QUICK fox", "The quick brown fox"),
      ("fox quick", "The quick brown fox"), ("ick bro", "The quick brown fox"),
      ("ox", "The quick brown fox"), ("你好", "朋友你好吗"), ("友你好", "朋友你好吗"), ("吗", "朋友你好吗"),
      ("नमस्ते", "आप को नमस्ते कहता हूँ"), ("हूँ", "आप को नमस्ते कहता हूँ"), ("שלום", "אז שלום לך"),
      ("👩‍🚀", "an 👩‍🚀 flies"), ("ПРИВЕТ", "и привет тебе"), ("say \"no\"", "to say \"no\" here"),
      ("100%", "it is 100% sure"), ("a_b", "the name a_b is"), ("it's", "it's"), ("\\", "a \\ b"),
      ("NEAR(a b)", "NEAR(a and b)"), ("c++", "I know C++ well"), ("*", "a * b"), ("AND", "and"),
    ] as [(String, String)]
  )
  func `finds words of any script, and also within words`(_ words: String, _ text: String) throws {
    let found = try store.converse("question", text)
    try store.converse("nothing", "x")
    let hits = try store.search(words)
    #expect(hits.map(\.conversation.id) == [found.id])
    #expect(hits.first?.message == found.leaf)
    #expect(hits.first?.excerpt == text)
  }

  @Test(arguments: [
    "", "  \n", "brown cat", "1000", "a%c", "a_c", "_b", "b%", "\"", "quik", "(", "-x",
  ])
  func `finds nothing else`(_ words: String) throws {
    try store.converse("The brown fox", "abc 100 0")
    #expect(try store.search(words).isEmpty)
  }

  @Test func `finds titles`() throws {
    let conversation = try store.converse("question", "answer")
    try store.rename(conversation.id, to: "All about whales")
    let hits = try store.search("whale")
    #expect(hits.map(\.conversation.title) == ["All about whales"])
    #expect(hits.map(\.message) == [nil])
    #expect(try store.search("wh").count == 1)
  }

  @Test func `names each conversation once, what changed last first`() throws {
    let first = try store.converse("whale", "whale")
    let second = try store.converse("whale", "whale whale")
    let third = try store.converse("x", "y")
    try store.rename(third.id, to: "a whale")
    _ = try store.add(.user, "more", to: first.id, after: first.leaf)
    let hits = try store.search("whale")
    #expect(hits.map(\.conversation.id) == [first.id, third.id, second.id])
    #expect(try store.search("whale", limit: 2) == Array(hits.prefix(2)))
  }

  @Test func `finds what was superseded`() throws {
    let conversation = try store.converse("question", "a whale")
    try store.activate(nil, in: conversation.id)
    #expect(try store.search("whale").map(\.message) == [conversation.messages[1].id])
  }

  @Test func `follows a title that changes`() throws {
    let conversation = try store.converse("question", "answer")
    try store.rename(conversation.id, to: "whales")
    try store.rename(conversation.id, to: "dolphins")
    #expect(try store.search("whales").isEmpty)
    #expect(try store.search("dolphins").count == 1)
  }

  @Test func `finds an answer once it is finished`() throws {
    let id = try store.create(model: "m").id
    let writer = try store.beginAnswer(in: id, after: nil)
    try writer.append(content: "a wh")
    try writer.append(content: "ale", reasoning: "dolphin")
    #expect(try store.search("whale").isEmpty)
    try writer.finish(.stop)
    #expect(try store.search("whale").count == 1)
    // Reasoning is not searched.
    #expect(try store.search("dolphin").isEmpty)
  }

  @Test func `shows what stands around the word`() throws {
    let text = String(repeating: "before ", count: 40) + "a Whale\n\tswims "
    try store.converse("question", text + String(repeating: "after ", count: 40))
    let excerpt = try #require(try store.search("whale").first?.excerpt)
    #expect(excerpt.hasPrefix("…") && excerpt.hasSuffix("…"))
    #expect(excerpt.contains("before a Whale swims after"))
    #expect(excerpt.count <= 74)
  }
}
