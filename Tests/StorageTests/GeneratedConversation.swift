// SPDX-License-Identifier: Apache-2.0

import Storage
import TestSupport

/// A conversation drawn from a seed: any texts, any tree.
struct GeneratedConversation {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// Stores it and gives it back as it was loaded.
  mutating func store(in store: ConversationStore) throws -> Conversation {
    let id = try store.create(
      model: text(),
      system: maybe { $0.text() },
      settings: settings(depth: 0),
      title: text()
    ).id
    var messages: [MessageID] = []
    for _ in 0..<Int.random(in: 0..<12, using: &generator) {
      let parent = messages.isEmpty ? nil : maybe { messages.randomElement(using: &$0.generator) }
      if Bool.random(using: &generator) {
        messages.append(try answer(in: store, id, after: parent ?? nil))
      } else {
        let role = Role.allCases.randomElement(using: &generator) ?? .user
        let reasoning = maybe { $0.text() }
        messages.append(
          try store.add(role, text(), reasoning: reasoning, to: id, after: parent ?? nil).id
        )
      }
    }
    if Bool.random(using: &generator) {
      try store.activate(messages.randomElement(using: &generator), in: id)
    }
    return try store.load(id)
  }

  private mutating func answer(
    in store: ConversationStore,
    _ id: ConversationID,
    after parent: MessageID?
  ) throws -> MessageID {
    let writer = try store.beginAnswer(
      in: id,
      after: parent,
      model: maybe { $0.text() },
      seed: maybe { $0.generator.next() }
    )
    for _ in 0..<Int.random(in: 0..<4, using: &generator) {
      try writer.append(content: text(), reasoning: maybe { $0.text() } ?? "")
    }
    let reasons: [FinishReason] = [.stop, .length, .interrupted, FinishReason(rawValue: "x y")]
    try writer.finish(
      reasons.randomElement(using: &generator) ?? .stop,
      figures: AnswerFigures(
        promptTokens: maybe { Int.random(in: 0 ... .max, using: &$0.generator) },
        completionTokens: maybe { Int.random(in: 0...100, using: &$0.generator) },
        reasoningTokens: maybe { Int.random(in: 0...100, using: &$0.generator) },
        reasoningSeconds: maybe { Double.random(in: 0...1e4, using: &$0.generator) },
        prefillSeconds: maybe { Double.random(in: 0...1e-9, using: &$0.generator) },
        decodeSeconds: maybe { Double.random(in: 0...1e300, using: &$0.generator) }
      )
    )
    return writer.message
  }

  private mutating func maybe<Value>(_ make: (inout Self) throws -> Value) rethrows -> Value? {
    try Bool.random(using: &generator) ? make(&self) : nil
  }

  private static let parts = [
    "a", " ", "\n", "\r\n", "\t", "\"", "\\", "/", "{", "}", "[", "'", "%", "_", "```", "~~~\n",
    "</details>", "<think>", "漢字", "क्षि", "👨‍👩‍👧‍👦", "🇮🇳", "שלום", "\u{202E}", "\u{1B}[2J", "\u{7F}",
    "\u{0}",
    "\u{FFFD}", "\u{2028}", "\u{10FFFF}", "e\u{301}", "\u{301}", "word ",
  ]

  private mutating func text() -> String {
    (0..<Int.random(in: 0..<8, using: &generator))
      .map { _ in Self.parts.randomElement(using: &generator) ?? "" }
      .joined()
  }

  private mutating func settings(depth: Int) -> String {
    let members = (0..<Int.random(in: 0..<4, using: &generator)).map { index in
      let value =
        switch generator.next() % (depth < 4 ? 7 : 5) {
        case 0: "null"
        case 1: "true"
        case 2: "\(Int(bitPattern: UInt(generator.next())))"
        case 3: "\(Double.random(in: -1e20...1e20, using: &generator))"
        case 4: "\"\\u00e9\\ud83d\\ude00\\n\\u0000\""
        case 5: "[\(settings(depth: depth + 1)), 1e5]"
        default: settings(depth: depth + 1)
        }
      return " \"k\(index)\" : \(value) "
    }
    return "{" + members.joined(separator: ",") + "}"
  }
}
