// SPDX-License-Identifier: Apache-2.0

import Compute
import Evaluation
import Inference
import JSON

/// One answer to a question, and whether it is right.
struct EvaluationAnswer {
  let task: String
  let question: EvaluationQuestion
  let questionIndex: Int
  let sampleIndex: Int
  let reasoning: String
  let text: String
  let isCorrect: Bool
  let finish: Inference.Completion.Finish

  /// A line of `--answers`.
  var json: JSONText {
    .object([
      ("task", .string(task)),
      ("id", question.id.map(JSONText.string) ?? .integer(questionIndex + 1)),
      ("sample", .integer(sampleIndex)),
      ("prompt", Self.json(question.prompt)),
      ("reasoning", .string(reasoning)),
      ("text", .string(text)),
      ("expected", Self.json(question.expectation)),
      ("correct", .boolean(isCorrect)),
      ("finish", .string(finish.rawValue)),
    ])
  }

  private static func json(_ prompt: EvaluationQuestion.Prompt) -> JSONText {
    switch prompt {
    case .text(let text): .string(text)
    case .messages(let messages):
      .array(
        messages.map { message in
          .object([("role", .string(message.role)), ("content", .string(message.content))])
        }
      )
    }
  }

  private static func json(_ expectation: EvaluationQuestion.Expectation) -> JSONText {
    switch expectation {
    case .number(let number): .string(number.text)
    case .identity: .null
    case .contains(let texts), .exact(let texts): .array(texts.map(JSONText.string))
    }
  }
}

/// The file of `--answers`, which is there when it is whole.
struct EvaluationAnswerFile {
  private let writer: FileWriter

  init(path: String) throws { writer = try FileWriter(path: path) }

  func append(_ answers: [EvaluationAnswer]) throws {
    var bytes: [UInt8] = []
    for answer in answers {
      answer.json.write(to: &bytes)
      bytes.append(0x0A)
    }
    try writer.write(bytes)
  }

  func commit() throws { try writer.commit() }
}
