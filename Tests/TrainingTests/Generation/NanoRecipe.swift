// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Training

/// What `Recipes/nano` generates, made once for all tests.
struct NanoRecipe {
  let plan: GenerationPlan
  let generator: ConversationGenerator
  /// The first 20,000 conversations, 4,000 each in other languages and with long messages, and 300 of
  /// many exchanges.
  let conversations: [[GeneratedTurn]]
  /// The questions of all users, folded.
  let asked: Set<String>
  /// The phrases of each section as they stand in their files, without weights.
  let sections: [String: [String]]

  static let folder = Oracles.packageRoot + "/Recipes/nano"
  static let made = Result { try NanoRecipe() }

  private init() throws {
    plan = try GenerationPlan(path: Self.folder + "/conversations.yaml")
    let book = try PhraseBook(folder: Self.folder + "/phrases")
    generator = try ConversationGenerator(plan, book, planFile: "conversations.yaml")
    var conversations = generator.turns(ofFirst: 20_000)
    for name in ["languages.yaml", "long.yaml"] {
      let plan = try GenerationPlan(path: Self.folder + "/" + name)
      conversations += try ConversationGenerator(plan, book, planFile: name).turns(ofFirst: 4000)
    }
    var talks = plan
    talks.seed = 5
    talks.setExchangeCounts(6...61)
    conversations += try ConversationGenerator(talks, book, planFile: "talks").turns(ofFirst: 300)
    self.conversations = conversations
    let questions = conversations.joined().filter { $0.role == "user" }
    asked = Set(questions.map { GeneratedTurn.folded($0.content) })
    sections = try Self.readSections()
  }

  private static func readSections() throws -> [String: [String]] {
    var sections: [String: [String]] = [:]
    for name in try SystemFolder.names(in: folder + "/phrases") where name.hasSuffix(".phrases") {
      var section = ""
      let bytes = try Oracles.bytes(at: folder + "/phrases/" + name)
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        if line.hasPrefix("#") { continue }
        if line.hasPrefix("[") {
          section = String(line.dropFirst().dropLast())
        } else {
          let digits = line.prefix { $0.isNumber }
          let rest = line.dropFirst(digits.count)
          let text = !digits.isEmpty && rest.hasPrefix("* ") ? rest.dropFirst(2) : line
          sections[section, default: []].append(String(text))
        }
      }
    }
    return sections
  }

  /// What the assistant says.
  var answers: some Sequence<GeneratedTurn> {
    conversations.lazy.joined().filter { $0.role == "assistant" }
  }

  /// The questions that a conversation works out.
  var exercises: [String] {
    conversations.flatMap { turns in
      zip(turns, turns.dropFirst()).filter { $0.1.reasoning != nil }.map(\.0.content)
    }
  }

  /// The ways of asking of all exercises that a conversation works out.
  var exerciseWordings: Set<String> { Set(exercises.map(Self.wording)) }

  /// The last question of each line of a file of questions, with its name.
  static func questions(_ path: String) throws -> [(id: String, text: String)] {
    try Oracles.bytes(at: path).split(separator: 0x0A).map { line in
      let root = try JSONDocument(Array(line)).root
      return (
        root["id"]?.string ?? "", root["messages"]?.array?.map { $0 }.last?["content"]?.string ?? ""
      )
    }
  }

  /// A question's words and signs, with a mark for each number: a way of asking.
  static func wording(_ question: String) -> String {
    var text = ""
    for character in question.lowercased() where !character.isWhitespace {
      if character.isNumber {
        if text.last != "#" { text.append("#") }
      } else if !"=?.!".contains(character) {
        text.append("−–".contains(character) ? "-" : character)
      }
    }
    return text
  }
}
