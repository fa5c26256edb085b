// SPDX-License-Identifier: Apache-2.0

import Identity
import Tokenization
import Training

/// A document as the identity guard reads it, and the way back.
struct GuardedDocument {
  /// Where a turn's text stands in a conversation.
  private struct Place {
    var message: Int
    var key: String
  }

  private let document: Document
  private let places: [Place]
  /// What the guard reads.
  let view: IdentityDocument

  // What the assistant thinks is learned, too; templates know it by either name.
  private static let thoughtKeys = ["reasoning_content", "reasoning"]

  init(_ document: Document) {
    self.document = document
    switch document.content {
    case .text(let bytes):
      places = []
      view = IdentityDocument(text: String(decoding: bytes, as: UTF8.self))
    case .conversation(let messages, _):
      var places: [Place] = []
      var turns: [IdentityDocument.Turn] = []
      for (index, message) in messages.enumerated() {
        for key in Self.thoughtKeys + ["content"] {
          guard let text = Self.text(of: message[key]), key == "content" || !text.isEmpty else {
            continue
          }
          places.append(Place(message: index, key: key))
          turns.append(.init(role: message["role"]?.string ?? "", text: text))
        }
      }
      self.places = places
      view = IdentityDocument(turns: turns)
    }
  }

  /// A message's text: a string, parts of which some are text, or nothing beside tool calls.
  private static func text(of value: PromptValue?) -> String? {
    switch value {
    case .string(let text): text
    case .array(let parts): parts.compactMap { $0["text"]?.string }.joined()
    case .null, nil: ""
    default: nil
    }
  }

  /// The document with the texts of a rewritten view; a message of parts becomes one text.
  func document(_ rewritten: IdentityDocument) -> Document {
    guard rewritten != view else { return document }
    var changed = document
    switch document.content {
    case .text: changed.content = .text(Array(rewritten.turns[0].text.utf8))
    case .conversation(var messages, let tools):
      for (index, place) in places.enumerated() where rewritten.turns[index] != view.turns[index] {
        guard case .object(var members) = messages[place.message] else { continue }
        for member in members.indices where members[member].key == place.key {
          members[member].value = .string(rewritten.turns[index].text)
        }
        messages[place.message] = .object(members)
      }
      changed.content = .conversation(messages, tools: tools)
    }
    return changed
  }

  /// The 1-based line of a hit: of the document in JSON lines, of the sentence in text.
  func line(of hit: IdentityHit) -> Int {
    let place = document.place
    if place.path.hasSuffix(".jsonl") { return place.line }
    let before = view.turns[hit.turn].text.utf8.prefix(hit.sentenceBytes.lowerBound)
    return place.line + before.count { $0 == 0x0A }
  }
}
