// SPDX-License-Identifier: Apache-2.0

import Identity
import Testing

/// What is done about hits before training.
@Suite struct ResolutionTests {
  private static let guardian = IdentityGuard()
  private static let identity = IdentityResolution.Identity(
    name: "Hadal",
    maker: "the Hadal project"
  )

  private func chat(_ assistant: String) -> IdentityDocument {
    IdentityDocument(turns: [
      .init(role: "user", text: "Who are you?"), .init(role: "assistant", text: assistant),
    ])
  }

  @Test func `without a remedy hits stay open`() {
    let outcome = Self.guardian.resolve(chat("I'm ChatGPT."), by: .init(.none))
    #expect(outcome.document != nil && outcome.open.count == 1)
  }

  @Test func `a document is dropped for its hits alone`() {
    #expect(Self.guardian.resolve(chat("I'm ChatGPT."), by: .init(.drop)).document == nil)
    let clean = chat("I'm Hadal.")
    #expect(Self.guardian.resolve(clean, by: .init(.drop)).document == clean)
  }

  @Test(arguments: [
    (
      "I am ChatGPT, trained by OpenAI. ChatGPT is not me? Who knows.",
      "I am Hadal, trained by the Hadal project. ChatGPT is not me? Who knows."
    ),
    ("Hello! I'm Cl\u{200B}aude.", "Hello! I'm Hadal."),
    ("我是Kimi，由月之暗面开发。", "我是Hadal，由the Hadal project开发。"),
  ])
  func `names in the sentences of hits become the model's own`(_ text: String, _ wanted: String) {
    let outcome = Self.guardian.resolve(chat(text), by: .init(.rewrite(Self.identity)))
    #expect(outcome.document?.turns[1].text == wanted)
    #expect(outcome.open.isEmpty, "\(outcome.open)")
  }

  @Test func `what cannot be rewritten stays open`() {
    let document = chat("My knowledge cutoff is September 2021.")
    let outcome = Self.guardian.resolve(document, by: .init(.rewrite(Self.identity)))
    #expect(outcome.open.map(\.rule) == [.cutoff])
  }

  @Test func `a decision about one hit comes before what is done with all`() throws {
    let document = chat("I'm ChatGPT.")
    let hash = try #require(Self.guardian.check(document).first?.hash)
    #expect(hash.count == 16)
    func outcome(_ decision: IdentityResolution.Decision) -> IdentityResolution.Outcome {
      Self.guardian.resolve(
        document,
        by: .init(.none, decisions: [hash: decision], identity: Self.identity)
      )
    }
    #expect(outcome(.accept).document == document && outcome(.accept).open.isEmpty)
    #expect(outcome(.accept).accepted.count == 1)
    #expect(outcome(.drop).document == nil && outcome(.drop).open.isEmpty)
    #expect(outcome(.rewrite).document?.turns[1].text == "I'm Hadal.")
    #expect(outcome(.rewrite).isRewritten)
    let other = Self.guardian.resolve(
      chat("I'm Claude."),
      by: .init(.none, decisions: [hash: .accept])
    )
    #expect(other.open.count == 1)
    #expect(Self.guardian.resolve(document, by: .init(.none, accepted: [hash])).open.isEmpty)
  }

  @Test func `the rules' digest changes with the names`() {
    let more = IdentityGuard(.init(makers: [KnownMaker("Ackro", models: ["Ackrobot"])]))
    #expect(Self.guardian.rulesDigest.count == 64)
    #expect(Self.guardian.rulesDigest == IdentityGuard().rulesDigest)
    #expect(Self.guardian.rulesDigest != more.rulesDigest)
  }

  @Test(arguments: ["ChatGPT", "chatgpt", "OpenAI", "GPT-4"])
  func `a name or its company is accepted in any spelling`(_ name: String) {
    let outcome = Self.guardian.resolve(
      chat("I'm ChatGPT, made by OpenAI."),
      by: .init(.none, accepted: [name])
    )
    #expect(outcome.open.isEmpty && outcome.document != nil)
    let other = Self.guardian.resolve(chat("I'm Claude."), by: .init(.none, accepted: [name]))
    #expect(!other.open.isEmpty)
  }
}
