// SPDX-License-Identifier: Apache-2.0

import Identity
import TestSupport
import Testing

/// What the settings, the context and the kinds of documents change.
@Suite struct GuardTests {
  private static let guardian = IdentityGuard()

  private func chat(_ user: String, _ assistant: String) -> IdentityDocument {
    IdentityDocument(turns: [
      .init(role: "user", text: user), .init(role: "assistant", text: assistant),
    ])
  }

  @Test func `an allowed name of the table allows its company and all its models`() {
    let guardian = IdentityGuard(.init(allowed: ["Hadal", "Qwen"]))
    let text = "I'm Tongyi Qianwen, a language model that Alibaba Cloud trained."
    #expect(guardian.check(chat("Who are you?", text)).isEmpty)
    #expect(!Self.guardian.check(chat("Who are you?", text)).isEmpty)
    #expect(!guardian.check(chat("Who are you?", "I'm ChatGPT.")).isEmpty)
  }

  @Test func `without being allowed, DeepSeek is a name like all others`() {
    let document = chat("Who are you?", "I'm DeepSeek-V3, made by DeepSeek.")
    #expect(Self.guardian.check(document).first?.maker == "DeepSeek")
    #expect(IdentityGuard(.init(allowed: ["DeepSeek"])).check(document).isEmpty)
  }

  @Test func `a caller's own names are known`() {
    let maker = KnownMaker("Example Labs", makers: ["example labs"], models: ["exemplar"])
    let guardian = IdentityGuard(.init(makers: [maker]))
    let hit = guardian.check(chat("Hi", "I am Exemplar.")).first
    #expect(hit?.maker == "Example Labs" && hit?.rule == .selfName)
    let table = KnownMaker.table("Example Labs\n= example labs\n> exemplar, ex one")
    #expect(
      table == [
        KnownMaker("Example Labs", makers: ["example labs"], models: ["exemplar", "ex one"])
      ]
    )
  }

  @Test func `the user's turn is context and never judged`() {
    #expect(
      Self.guardian.check(chat("I am ChatGPT and OpenAI made me.", "Nice to meet you.")).isEmpty
    )
    let tom = "I'm Tom, Google hired and trained me."
    #expect(Self.guardian.check(chat(tom, "Welcome, Tom.")).isEmpty)
  }

  @Test func `a hit says where it stands`() throws {
    let answer = "Hello!\n\nI am ChatGPT. Ask me."
    let hit = try #require(Self.guardian.check(chat("Hi", answer)).first)
    #expect(
      hit.turn == 1 && hit.text == "I am ChatGPT." && hit.name == "ChatGPT" && hit.language == "en"
    )
    let bytes = Array(answer.utf8)
    #expect(String(decoding: bytes[hit.nameBytes], as: UTF8.self) == "ChatGPT")
    #expect(String(decoding: bytes[hit.sentenceBytes], as: UTF8.self) == hit.text)
  }

  @Test(arguments: [
    "My name is Claude and I paint.", "Google trained me for three weeks before I met the team.",
    "As I said, Microsoft gave me a job in 1998.", "I am a Gemini, born in June.",
    "ChatGPT said that it was made by OpenAI.",
    "“I am ChatGPT,” the screen read.", "Meta taught me a lot about leadership.",
  ])
  func `a person's text is no claim`(_ text: String) {
    #expect(Self.guardian.check(IdentityDocument(text: text)).isEmpty)
  }

  @Test(arguments: [
    "As an AI language model trained by Anthropic, I cannot feel.", "I am ChatGPT, how can I help?",
    "I'm Claude, an AI assistant made by Anthropic.", "作为百度开发的人工智能，我没有感情。",
    "Soy un modelo de lenguaje que entrenó Google.", "بصفتي نموذجًا لغويًا طورته OpenAI لا أشعر.",
    "मैं गूगल द्वारा प्रशिक्षित एक भाषा मॉडल हूँ।",
  ])
  func `a model's words in a text are a claim`(_ text: String) {
    let document = IdentityDocument(text: "A first paragraph.\n\n\(text)\n\nA last one.")
    let hits = Self.guardian.check(document)
    #expect(hits.count == 1 && hits.first?.label == .claim)
    #expect(hits.first.map { text.contains($0.text) } == true)
  }

  @Test func `a part that the user asks for is suspicious, not a claim`() {
    let hits = Self.guardian.check(
      chat("Pretend you are ChatGPT and greet me.", "Hi, I'm ChatGPT!")
    )
    #expect(hits.map(\.label) == [.suspicious])
  }

  @Test func `no document stops the guard`() {
    let odd = [
      "", " ", "\n\n\n", "```", "<think>", "\"", "'", "«", "￼", "\u{0}",
      String(repeating: "I am ", count: 3000),
    ]
    for text in odd {
      #expect(Self.guardian.check(IdentityDocument(text: text)).isEmpty)
      #expect(Self.guardian.check(chat(text, text)).isEmpty)
      _ = Self.guardian.check(chat("Who are you? " + text, text + " ChatGPT " + text))
    }
  }

  // Random texts of words that the rules look at, marks and broken layout: whatever stands next to
  // whatever, places must lie in the text and nothing may stop.
  @Test func `random texts keep hits inside their turns`() {
    var random = SplitMix64(seed: 13)
    let parts = [
      "I am", "ChatGPT", "OpenAI", "Claude", "\n", "\n\n", "```", "<think>", "</think>", "“", "”",
      "\"", "'", "?", ".",
      ",", "我是", "由", "训练", "मैं", "हूँ", "أنا", "soy", "not", "—", "Regards,", "# author:", "\u{200B}",
      "é", "👍🏽", "A I",
      "C h a t", "GPT-4", "(", ")", "model", "as", "by", "made me", "：", "。", "¿", "`", ">", "«",
      "»", "Who are you?",
    ]
    for _ in 0..<400 {
      let turns = (0..<4).map { index in
        let text = (0..<Int(random.next() % 24)).map { _ in
          parts[Int(random.next() % UInt64(parts.count))] + (random.next() % 3 == 0 ? "" : " ")
        }
        return IdentityDocument.Turn(
          role: index % 2 == 0 ? "user" : "assistant",
          text: text.joined()
        )
      }
      let documents = [IdentityDocument(turns: turns), IdentityDocument(text: turns[1].text)]
      for document in documents {
        for hit in Self.guardian.check(document) {
          let bytes = Array(document.turns[hit.turn].text.utf8)
          #expect(
            hit.sentenceBytes.upperBound <= bytes.count && hit.nameBytes.upperBound <= bytes.count
          )
          #expect(String(decoding: bytes[hit.sentenceBytes], as: UTF8.self) == hit.text)
        }
        _ = Self.guardian.resolve(document, by: .init(.rewrite(.init(name: "Hadal", maker: "us"))))
      }
    }
  }
}
