// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON
import Storage
import Testing

@Suite struct `A conversation as JSON` {
  // The form is a promise to other programs: a field that changes its name shows here.
  @Test func `has the documented fields`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let id = try store.create(model: "org/m", system: "Be brief.", settings: "{\"seed\": 7}").id
    let question = try store.add(.user, "What \"is\" 1+1?", to: id, after: nil)
    let first = try store.beginAnswer(in: id, after: question.id, model: "org/m", seed: .max)
    try first.append(content: "2", reasoning: "Hm.\n")
    try first.finish(
      .stop,
      figures: AnswerFigures(
        promptTokens: 9,
        completionTokens: 4,
        reasoningTokens: 2,
        reasoningSeconds: 0.5,
        prefillSeconds: 0.25,
        decodeSeconds: 1
      )
    )
    let second = try store.beginAnswer(in: id, after: question.id)
    try second.finish(.interrupted)
    try store.activate(first.message, in: id)
    let expected = #"""
      {"format":"hadal-conversation","version":1,"id":"\#(id)","title":"What \"is\" 1+1?",
      "model":"org/m","system":"Be brief.","settings":{"seed":7},
      "created":"2026-11-21T22:30:17.000Z","updated":"2026-11-21T22:30:23.000Z","leaf":2,
      "messages":[
      {"number":1,"parent":null,"role":"user","content":"What \"is\" 1+1?","reasoning":null,
      "finish":null,"model":null,"seed":null,"prompt_tokens":null,"completion_tokens":null,
      "reasoning_tokens":null,"reasoning_seconds":null,"prefill_seconds":null,
      "decode_seconds":null,"created":"2026-11-21T22:30:18.000Z"},
      {"number":2,"parent":1,"role":"assistant","content":"2","reasoning":"Hm.\n",
      "finish":"stop","model":"org/m","seed":"18446744073709551615","prompt_tokens":9,
      "completion_tokens":4,"reasoning_tokens":2,"reasoning_seconds":0.5,"prefill_seconds":0.25,
      "decode_seconds":1.0,"created":"2026-11-21T22:30:19.000Z"},
      {"number":3,"parent":1,"role":"assistant","content":"","reasoning":null,
      "finish":"interrupted","model":null,"seed":null,"prompt_tokens":null,
      "completion_tokens":null,"reasoning_tokens":null,"reasoning_seconds":null,
      "prefill_seconds":null,"decode_seconds":null,"created":"2026-11-21T22:30:21.000Z"}]}
      """#
    #expect(try store.load(id).json == expected.split(separator: "\n").joined())
  }

  @Test func `comes back as it was, whatever it holds`() throws {
    let (source, target) = (try TemporaryFolder(), try TemporaryFolder())
    let (store, other) = (try source.store(), try target.store())
    for seed in 0..<60 as Range<UInt64> {
      var generated = GeneratedConversation(seed: seed)
      let conversation = try generated.store(in: store)
      let json = conversation.json
      let read = try Conversation(json: Array(json.utf8))
      #expect(read.json == json, "seed \(seed)")
      #expect(read.messages.map(\.ordinal) == conversation.messages.map(\.ordinal))
      let id = try other.add(read)
      #expect(id == conversation.id)
      let stored = try other.load(id)
      #expect(stored.json == json, "seed \(seed)")
      #expect(stored.path.map(\.content) == conversation.path.map(\.content), "seed \(seed)")
    }
    #expect(try other.list().map(\.id) == store.list().map(\.id))
  }

  @Test func `gets another id where one has it`() throws {
    let folder = try TemporaryFolder()
    let store = try folder.store()
    let conversation = try store.converse("a whale", "swims")
    let id = try store.add(Conversation(json: Array(conversation.json.utf8)))
    #expect(id != conversation.id)
    var copy = try store.load(id)
    #expect(copy.json != conversation.json)
    copy.id = conversation.id
    #expect(copy.json == conversation.json)
    #expect(try store.load(conversation.id) == conversation)
    #expect(try store.search("whale").count == 2)
  }

  private static let valid = #"""
    {"format":"hadal-conversation","version":1,"id":"abcdefgh","title":"t","model":"m",
    "settings":{},"created":"2026-11-21T22:30:17Z","updated":"2026-11-21T22:30:17Z","leaf":1,
    "messages":[{"number":1,"role":"user","content":"c","created":"2026-11-21T22:30:17Z"}]}
    """#

  @Test func `may leave out what is null, and hold what is not known`() throws {
    let text = Self.valid.replacing("\"title\"", with: "\"extra\":[1],\"title\"")
    let conversation = try Conversation(json: Array(text.utf8))
    #expect(conversation.path.map(\.content) == ["c"])
    #expect(conversation.system == nil)
  }

  @Test(
    arguments: [
      ("hadal-conversation", "x", "format", "'hadal-conversation'"),
      ("\"version\":1", "\"version\":0", "version", "a version from 1"),
      ("\"version\":1", "\"version\":\"1\"", "version", "a version from 1"),
      ("abcdefgh", "ABCDEFGH", "id", "eight of a…z and 2…7"),
      ("\"title\":\"t\",", "", "title", "a text"),
      ("\"model\":\"m\"", "\"model\":1", "model", "a text"),
      ("\"model\"", "\"system\":1,\"model\"", "system", "a text or null"),
      ("\"settings\":{}", "\"settings\":[]", "settings", "an object"),
      ("\"leaf\":1", "\"leaf\":2", "leaf", "the number of a message"),
      ("\"leaf\":1", "\"leaf\":0", "leaf", "the number of a message"),
      ("\"messages\":[", "\"messages\":1,\"x\":[", "messages", "an array"),
      ("\"number\":1", "\"number\":2", "messages[0].number", "1"),
      (
        "\"role\":\"user\"", "\"role\":\"robot\"", "messages[0].role",
        "one of system, user, assistant, tool"
      ),
      (
        "\"role\"", "\"parent\":1,\"role\"", "messages[0].parent",
        "the number of a message before, or null"
      ),
      ("\"content\":\"c\"", "\"content\":null", "messages[0].content", "a text"),
      (
        "\"content\"", "\"seed\":-1,\"content\"", "messages[0].seed",
        "a number of 64 bits without a sign"
      ),
      ("\"content\"", "\"finish\":1,\"content\"", "messages[0].finish", "a text or null"),
      (
        "\"content\"", "\"prompt_tokens\":0.5,\"content\"", "messages[0].prompt_tokens",
        "a number or null"
      ),
      (
        "c\",\"created\":\"2026-11-21", "c\",\"created\":\"2026-11-31", "messages[0].created",
        "a time like 2026-11-21T22:30:17.250Z"
      ),
    ] as [(String, String, String, String)]
  )
  func `is refused by the field that is wrong`(
    _ right: String,
    _ wrong: String,
    _ field: String,
    _ expected: String
  ) throws {
    let text = Self.valid.replacing(right, with: wrong, maxReplacements: 1)
    #expect(text != Self.valid)
    let error = #expect(throws: StorageError.self) {
      try Conversation(json: Array(text.utf8), file: "a.json")
    }
    #expect(error?.place == "a.json, field \(field)")
    #expect(
      error?.what.hasSuffix(", but must be \(expected)") == true,
      "\(String(describing: error))"
    )
    #expect(error?.exitCode == .badData)
  }

  @Test func `of a newer version asks for an update`() {
    let text = Self.valid.replacing("\"version\":1", with: "\"version\":2,\"new\":{}")
    let error = #expect(throws: StorageError.self) {
      try Conversation(json: Array(text.utf8), file: "a.json")
    }
    #expect(error == StorageError(.importNewer(version: 2), file: "a.json"))
    #expect(error?.exitCode == .configuration)
  }

  @Test(arguments: ["", "{", "[", "\u{FEFF}{}", "{}"])
  func `is refused where it is none`(_ text: String) {
    let error = #expect(throws: StorageError.self) { try Conversation(json: Array(text.utf8)) }
    #expect(error?.exitCode == .badData)
  }
}
