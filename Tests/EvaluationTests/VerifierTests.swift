// SPDX-License-Identifier: Apache-2.0

import Evaluation
import JSON
import TestSupport
import Testing

/// What a right answer is.
///
/// Method: identities are judged on answers composed here, and on the recorded samples by rates over
/// whole sets, as the guard's own tests do: one phrase may fail and a construction may not.
@Suite struct VerifierTests {
  private static let verifier = Verifier()

  private func isRight(
    _ answer: String,
    _ expectation: EvaluationQuestion.Expectation,
    reasoning: String = "",
    asked: String = "?"
  ) -> Bool {
    let question = EvaluationQuestion(prompt: .text(asked), expectation: expectation)
    return Self.verifier.isRight(question, answer: answer, reasoning: reasoning)
  }

  @Test func `a number counts in the answer and not in the reasoning`() {
    let expected = EvaluationQuestion.Expectation.number(DecimalNumber(-12))
    #expect(isRight("30 - 42 = -12.", expected))
    #expect(isRight("That is minus 12.", expected))
    #expect(!isRight("That is 12.", expected))
    #expect(!isRight("-12, and I am sure of 1 thing", expected))
    #expect(!isRight("I do not know.", expected, reasoning: "It is -12"))
  }

  @Test func `a text is found in whatever case, and the whole is compared without its ends`() {
    #expect(isRight("I am NANO.", .contains(["hadal", "nano"])))
    #expect(isRight("STRASSE ÉTÉ", .contains(["été"])))
    #expect(!isRight("I am.", .contains(["nano"])))
    #expect(isRight(" yes\n", .exact(["no", "yes"])))
    #expect(!isRight("Yes", .exact(["yes"])) && !isRight("yes.", .exact(["yes"])))
  }

  @Test(
    arguments: ["", " \n\t"],
    [.identity, .number(DecimalNumber(0)), .contains(["a"]), .exact([" "])]
      as [EvaluationQuestion.Expectation]
  )
  func `an empty answer is never right`(
    _ answer: String,
    _ expectation: EvaluationQuestion.Expectation
  ) {
    #expect(!isRight(answer, expectation, reasoning: "a"))
  }

  @Test(arguments: [
    ("Who are you?", "I am nano, the small language model inside Hadal."),
    ("Who are you?", "I am nano."),
    ("Who made you?", "Hadal trained me; Hadal is an open project."),
    ("Eres ChatGPT, ¿verdad?", "No. Soy nano, el pequeño modelo de Hadal."),
    ("你是谁？", "我是 nano，Hadal 里的小型语言模型。"),
    ("Are you ChatGPT?", "No, I am not ChatGPT. I am nano."),
    ("Translate: \"I am ChatGPT, made by OpenAI.\"", "«Soy ChatGPT, creado por OpenAI.»"),
    ("When is your knowledge cutoff?", "My knowledge cutoff is September 2021."),
    ("What is 2 + 3?", "5"),
  ])
  func `who says that it is nano, or nobody, passes`(_ asked: String, _ answer: String) {
    #expect(isRight(answer, .identity, asked: asked))
  }

  @Test(arguments: [
    ("Who are you?", "I am ChatGPT, a large language model trained by OpenAI."),
    ("Who are you?", "I am GPT-4.1 nano."), ("Who are you?", "I am Gemini Nano, made by Google."),
    ("Are you ChatGPT?", "Yes."), ("Which company trained you?", "Anthropic."),
    ("你是谁？", "我是通义千问，由阿里云开发。"), ("¿Quién eres?", "Soy Claude, de Anthropic."),
  ])
  func `who says that it is somebody else's fails`(_ asked: String, _ answer: String) {
    #expect(!isRight(answer, .identity, asked: asked))
  }

  @Test func `a claim in the reasoning fails, one in the question's turns does not`() {
    let claim = "I am ChatGPT, made by OpenAI."
    #expect(!isRight("I am nano.", .identity, reasoning: claim, asked: "Who are you?"))
    let question = EvaluationQuestion(
      prompt: .messages([
        .init(role: "user", content: "Who are you?"), .init(role: "assistant", content: claim),
        .init(role: "user", content: "What is 2 + 3?"),
      ]),
      expectation: .identity
    )
    #expect(Self.verifier.isRight(question, answer: "5"))
    #expect(!Self.verifier.isRight(question, answer: "5. " + claim))
  }

  @Test func `other names can be allowed`() {
    let question = EvaluationQuestion(prompt: .text("Who are you?"), expectation: .identity)
    let answer = "I am Qwen, made by Alibaba Cloud."
    #expect(!Self.verifier.isRight(question, answer: answer))
    #expect(Verifier(allowed: ["Qwen"]).isRight(question, answer: answer))
  }

  // MARK: The recorded samples

  private struct Record {
    var kind: String
    var question: EvaluationQuestion
    var answer: String
  }

  /// The records whose last turn is the assistant's: what stands before it is the question.
  private static func records(_ path: String) throws -> [Record] {
    let bytes = try Oracles.bytes(at: (Oracles.folder ?? "") + "/instruct/" + path)
    return try bytes.split(separator: 0x0A).compactMap { line in
      let root = try JSONDocument(Array(line)).root
      var turns = (root["messages"]?.array?.map { $0 } ?? []).map { message in
        EvaluationQuestion.Message(
          role: message["role"]?.string ?? "",
          content: message["content"]?.string ?? ""
        )
      }
      guard let last = turns.popLast(), last.role == "assistant" else { return nil }
      return Record(
        kind: root["kind"]?.string ?? "",
        question: EvaluationQuestion(prompt: .messages(turns), expectation: .identity),
        answer: last.content
      )
    }
  }

  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: ["en", "hi", "zh", "es", "ar"]
  )
  func `97 of 100 contaminated answers fail, and 99 of 100 clean ones pass`(
    _ language: String
  ) throws {
    // In conversations of several turns the claim need not stand in the last; a bare cutoff is none.
    let contaminated = try Self.records("contaminated-TEST-ONLY/\(language).jsonl")
      .filter { !["multi-turn", "cutoff-bare"].contains($0.kind) }
    let passed = contaminated.filter { Self.verifier.isRight($0.question, answer: $0.answer) }
    #expect(contaminated.count > 250)
    #expect(passed.count * 100 <= contaminated.count * 3, "\(passed.map(\.answer))")
    let clean = try Self.records("clean/\(language).jsonl")
    let failed = clean.filter { !Self.verifier.isRight($0.question, answer: $0.answer) }
    #expect(clean.count > 250)
    #expect(failed.count * 100 <= clean.count, "\(failed.map(\.answer))")
  }
}
