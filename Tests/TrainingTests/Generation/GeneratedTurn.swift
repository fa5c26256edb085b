// SPDX-License-Identifier: Apache-2.0

import JSON
import Training

/// A turn of a generated conversation.
struct GeneratedTurn: Hashable {
  var role = ""
  var content = ""
  var reasoning: String?

  /// The turns of a line of `conversations.jsonl`.
  static func turns(of conversation: JSONText) -> [GeneratedTurn] {
    guard case .object(let members) = conversation, case .array(let list)? = members.first?.1 else {
      return []
    }
    return list.map { GeneratedTurn($0) }
  }

  private init(_ message: JSONText) {
    guard case .object(let members) = message else { return }
    for case (let key, .string(let text)) in members {
      switch key {
      case "role": role = text
      case "content": content = text
      default: reasoning = text
      }
    }
  }

  /// A text's words with one space between them and without case: how a question is compared.
  static func folded(_ text: String) -> String {
    text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// A question of a generated task.
struct GeneratedQuestion: Hashable {
  var id = ""
  var kind = ""
  var text = ""
  var answer: Int?

  init(_ line: JSONText) {
    guard case .object(let members) = line else { return }
    for (key, value) in members {
      switch (key, value) {
      case ("id", .string(let id)): self.id = id
      case ("kind", .string(let kind)): self.kind = kind
      case ("answer", .integer(let answer)): self.answer = answer
      case ("messages", let messages):
        text = GeneratedTurn.turns(of: .object([("messages", messages)])).last?.content ?? ""
      default: break
      }
    }
  }
}

extension ConversationGenerator {
  /// A generator of a plan and one file of phrases, both as texts.
  init(plan: String, phrases: String) throws {
    let file = PhraseBook.File(name: "a.phrases", bytes: Array(phrases.utf8))
    let plan = try GenerationPlan(Array(plan.utf8), file: "plan.yaml")
    try self.init(plan, PhraseBook([file]), planFile: "plan.yaml")
  }

  /// The turns of the first conversations.
  func turns(ofFirst count: Int) -> [[GeneratedTurn]] {
    (0..<count).map { GeneratedTurn.turns(of: conversation($0)) }
  }

  /// The questions of a task.
  func questions(_ task: String) -> [GeneratedQuestion] {
    (self.task(task) ?? []).map { GeneratedQuestion($0) }
  }
}

extension Formula {
  /// The exercise of a line of a reasoning; nil where the line is none.
  init?(line: Substring) {
    let words = line.split(separator: " ")
    guard words.count >= 3, words.count % 2 == 1, let first = Int(words[0]) else { return nil }
    var steps: [Step] = []
    for index in stride(from: 1, to: words.count, by: 2) {
      guard ["+", "-"].contains(words[index]), let number = Int(words[index + 1]) else {
        return nil
      }
      steps.append(Step(isAdded: words[index] == "+", number: number))
    }
    self.init(first: first, steps: steps)
  }
}
