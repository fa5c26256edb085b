// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Evaluation
import TestSupport
import Testing

/// Files of questions: what they mean, and where they are wrong.
@Suite struct QuestionFileTests {
  private func questions(_ text: String) throws(EvaluationError) -> [EvaluationQuestion] {
    try QuestionFile.questions(of: Array(text.utf8), file: "a.jsonl")
  }

  @Test func `a line is a question, and what is not known is passed over`() throws {
    let all = try questions(
      #"{"id":"x","prompt":"What is 2 + 3?","answer":5,"language":"en","kind":"sum","mood":[1]}"#
        + "\n \n" + #"{"id":7,"messages":[{"role":"system","content":"Be brief."},"#
        + #"{"role":"user","content":""}],"any_of":["a","b"]}"# + "\r\n"
    )
    #expect(all.count == 2)
    #expect(
      all[0]
        == EvaluationQuestion(
          id: "x",
          prompt: .text("What is 2 + 3?"),
          expectation: .number(DecimalNumber(5)),
          language: "en",
          kind: "sum"
        )
    )
    #expect(all[1].id == "7" && all[1].expectation == .contains(["a", "b"]))
    #expect(all[1].messages.map(\.role) == ["system", "user"])
    #expect(all[0].messages == [.init(role: "user", content: "What is 2 + 3?")])
  }

  @Test(
    arguments: [
      (#""answer":-12"#, .number(DecimalNumber(-12))), (#""answer":"12""#, .exact(["12"])),
      (#""answer":"-12","verifier":"number""#, .number(DecimalNumber(-12))),
      (#""answer":"yes""#, .exact(["yes"])), (#""any_of":["a"]"#, .contains(["a"])),
      (#""any_of":["a"],"verifier":"exact""#, .exact(["a"])),
      (#""answer":"a","verifier":"contains""#, .contains(["a"])),
      (#""answer":5,"verifier":"contains""#, .contains(["5"])),
      (#""fails_if":"it lies""#, .identity), (#""kind":"plain""#, .identity),
      (#""answer":1,"kind":"sum""#, .number(DecimalNumber(1))),
      (#""verifier":"identity""#, .identity),
    ] as [(String, EvaluationQuestion.Expectation)]
  )
  func `the verifier is named, or follows from what is there`(
    _ members: String,
    _ expectation: EvaluationQuestion.Expectation
  ) throws {
    #expect(try questions("{\"prompt\":\"?\",\(members)}").map(\.expectation) == [expectation])
  }

  @Test(arguments: [
    ("{", "line 2", "JSON ends"), ("[1]", "line 2", "object"),
    (#"{"answer":1}"#, "line 2, field prompt", "neither"),
    (#"{"prompt":"a","messages":[],"answer":1}"#, "line 2, field prompt", "'prompt' and"),
    (#"{"prompt":1,"answer":1}"#, "line 2, field prompt", "string"),
    (#"{"messages":[],"answer":1}"#, "line 2, field messages", "not empty"),
    (#"{"messages":[{"role":"user"}],"answer":1}"#, "line 2, field messages[0]", "'content'"),
    (#"{"messages":[{"role":"robot","content":"a"}],"answer":1}"#, "field messages[0]", "robot"),
    (
      #"{"messages":[{"role":"assistant","content":"a"}],"answer":1}"#, "field messages",
      "must end with a user"
    ),
    (#"{"prompt":"a"}"#, "line 2, field verifier", "right answer"),
    (#"{"prompt":"a","verifier":"judge"}"#, "line 2, field verifier", "'judge'"),
    (#"{"prompt":"a","verifier":"number"}"#, "line 2, field answer", "needs an 'answer'"),
    (#"{"prompt":"a","answer":1e3}"#, "line 2, field answer", "1e3"),
    (#"{"prompt":"a","any_of":[]}"#, "line 2, field any_of", "an array"),
    (#"{"prompt":"a","any_of":["a",""]}"#, "line 2, field any_of", "empty"),
    (#"{"prompt":"a","answer":""}"#, "line 2, field answer", "not empty"),
    (#"{"prompt":"a","answer":1,"id":[]}"#, "line 2, field id", "string or an integer"),
    (#"{"prompt":"a","answer":1,"kind":4}"#, "line 2, field kind", "string"),
  ])
  func `a bad line is named with its place and what to do`(
    _ line: String,
    _ place: String,
    _ words: String
  ) {
    let error = #expect(throws: EvaluationError.self) {
      _ = try questions("{\"prompt\":\"a\",\"answer\":1}\n" + line)
    }
    #expect(error?.line == 2 && error?.place?.hasPrefix("a.jsonl, line 2") == true)
    #expect(error?.place?.contains(place) == true, "\(error?.place ?? "")")
    #expect(error?.what.contains(words) == true, "\(error?.what ?? "")")
    #expect(error?.remedy != nil && error?.exitCode == .badData)
  }

  @Test func `the nearest verifier is offered`() {
    let error = #expect(throws: EvaluationError.self) {
      _ = try questions(#"{"prompt":"a","verifier":"numbre"}"#)
    }
    #expect(error?.remedy == "number")
  }

  @Test(arguments: ["", "\n\n", " \t\r\n"])
  func `a task without a question is none`(_ text: String) {
    #expect(throws: EvaluationError(.empty, file: "a.jsonl")) { _ = try questions(text) }
  }

  @Test func `lines and their number have limits`() {
    let long = "{\"prompt\":\"" + String(repeating: "a", count: 1 << 20) + "\",\"answer\":1}"
    #expect(throws: EvaluationError(.lineTooLong(limit: 1 << 20), file: "a.jsonl", line: 1)) {
      _ = try questions(long)
    }
    let many = String(repeating: "{\"prompt\":\"a\",\"answer\":1}\n", count: 100_001)
    #expect(
      throws: EvaluationError(.tooManyQuestions(limit: 100_000), file: "a.jsonl", line: 100_001)
    ) { _ = try questions(many) }
  }

  @Test func `bytes that are no text are named, and nothing stops the program`() {
    for (index, byte) in [UInt8(0), 0xFF, 0xC0].enumerated() {
      let bytes = Array("{\"prompt\":\"".utf8) + [byte] + Array("\",\"answer\":1}".utf8)
      #expect(throws: EvaluationError.self, "\(index)") {
        _ = try QuestionFile.questions(of: bytes, file: "a.jsonl")
      }
    }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `the recorded probes are a task as they stand`() throws {
    let bytes = try Oracles.bytes(at: (Oracles.folder ?? "") + "/instruct/identity-probes.jsonl")
    let all = try QuestionFile.questions(of: bytes, file: "identity-probes.jsonl")
    #expect(all.count == 60)
    #expect(all.allSatisfy { $0.expectation == .identity && $0.id != nil })
    #expect(Set(all.compactMap(\.language)) == ["en", "hi", "zh", "es", "ar"])
  }
}
