// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON

/// One line of a file of questions, whose fields are read with their kinds.
struct QuestionLine {
  /// The names of the verifiers.
  private enum VerifierName: String, CaseIterable {
    case number
    case identity
    case contains
    case exact
  }

  private let root: JSONValue
  private let file: String
  private let line: Int

  /// Parses a line.
  ///
  /// - Throws: `EvaluationError` where it is no JSON object.
  init(_ bytes: [UInt8], file: String, line: Int) throws(EvaluationError) {
    do { root = try JSONDocument(bytes).root } catch {
      throw EvaluationError(.notJSON(error), file: file, line: line)
    }
    self.file = file
    self.line = line
    guard root.object != nil else {
      throw EvaluationError(.notAnObject, file: file, line: line)
    }
  }

  /// The question.
  func question() throws(EvaluationError) -> EvaluationQuestion {
    EvaluationQuestion(
      id: try id(),
      prompt: try prompt(),
      expectation: try expectation(),
      language: try string("language"),
      kind: try string("kind")
    )
  }

  private func fault(_ field: String, _ problem: String, _ remedy: String) -> EvaluationError {
    EvaluationError(
      .badField(field, problem: problem, remedy: remedy),
      file: file,
      line: line
    )
  }

  /// A field's value; a `null` is none.
  private func value(_ field: String) -> JSONValue? {
    root[field].flatMap { $0.isNull ? nil : $0 }
  }

  private func string(_ field: String) throws(EvaluationError) -> String? {
    guard let value = value(field) else { return nil }
    guard let string = value.string else {
      throw fault(field, "'\(field)' must be a string", "a string, or leave it out")
    }
    return string
  }

  private func id() throws(EvaluationError) -> String? {
    guard let value = value("id") else { return nil }
    guard let id = value.string ?? value.integer.map({ String($0) }) else {
      throw fault("id", "'id' must be a string or an integer", "a string, or leave it out")
    }
    return id
  }

  // MARK: What is asked

  private func prompt() throws(EvaluationError) -> EvaluationQuestion.Prompt {
    guard let messages = value("messages") else {
      guard let text = try string("prompt") else {
        throw fault(
          "prompt",
          "the question has neither 'prompt' nor 'messages'",
          #""prompt": "What is 2 + 3?""#
        )
      }
      return .text(text)
    }
    guard value("prompt") == nil else {
      throw fault("prompt", "the question has 'prompt' and 'messages'", "leave one of them out")
    }
    let form = #"[{"role": "user", "content": "What is 2 + 3?"}]"#
    guard let array = messages.array, array.count > 0 else {
      throw fault("messages", "'messages' must be an array, not empty", form)
    }
    var turns: [EvaluationQuestion.Message] = []
    for (index, message) in array.enumerated() {
      let place = "messages[\(index)]"
      guard let role = message["role"]?.string, let content = message["content"]?.string else {
        throw fault(place, "a message has 'role' and 'content', both strings", form)
      }
      guard ["system", "user", "assistant"].contains(role) else {
        throw fault(place, "'\(role)' is not a role", "one of system, user, assistant")
      }
      turns.append(.init(role: role, content: content))
    }
    guard turns.last?.role == "user" else {
      throw fault("messages", "the conversation must end with a user's message", form)
    }
    return .messages(turns)
  }

  // MARK: What is right

  private func expectation() throws(EvaluationError) -> EvaluationQuestion.Expectation {
    switch try verifier() {
    case .number: .number(try number())
    case .identity: .identity
    case .contains: .contains(try texts(for: .contains))
    case .exact: .exact(try texts(for: .exact))
    }
  }

  private func verifier() throws(EvaluationError) -> VerifierName {
    let all = VerifierName.allCases.map(\.rawValue)
    if let name = try string("verifier") {
      guard let verifier = VerifierName(rawValue: name) else {
        throw fault(
          "verifier",
          "'\(name)' is not a verifier",
          NearestName.of(name, in: all) ?? "one of \(all.joined(separator: ", "))"
        )
      }
      return verifier
    }
    if let answer = value("answer") { return answer.isNumber ? .number : .exact }
    if value("any_of") != nil { return .contains }
    // As probes of identity are written.
    if value("fails_if") != nil || value("kind") != nil { return .identity }
    throw fault(
      "verifier",
      "the question does not say what a right answer is",
      #""answer": 5, or "any_of": ["five"], or "verifier": "identity""#
    )
  }

  private func number() throws(EvaluationError) -> DecimalNumber {
    let value = value("answer")
    let text = value.flatMap { $0.isNumber ? $0.source : $0.string }
    guard let text, let number = DecimalNumber(text) else {
      throw fault(
        "answer",
        text.map { "'answer' is \($0), which is not a number in digits" }
          ?? "the verifier 'number' needs an 'answer' that is a number",
        #""answer": 5, or -12, or 3.5"#
      )
    }
    return number
  }

  /// The texts of `any_of`, else the one of `answer`.
  private func texts(for verifier: VerifierName) throws(EvaluationError) -> [String] {
    if let value = value("any_of") {
      let texts = value.array?.compactMap(\.string) ?? []
      // An empty text stands in every answer.
      guard let array = value.array, array.count > 0, texts.count == array.count,
        !texts.contains("")
      else {
        throw fault(
          "any_of",
          "'any_of' must be an array of strings, none of them empty",
          #""any_of": ["five", "5"]"#
        )
      }
      return texts
    }
    let answer = value("answer")
    let text = answer.flatMap { $0.isNumber ? $0.source : $0.string }
    guard let text, !text.isEmpty else {
      throw fault(
        "answer",
        "the verifier '\(verifier.rawValue)' needs 'any_of', or an 'answer' that is not empty",
        #""any_of": ["five", "5"]"#
      )
    }
    return [text]
  }
}
