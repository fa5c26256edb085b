// SPDX-License-Identifier: Apache-2.0

import JSON

/// A line of JSON that holds a document: `{"text"}` or `{"messages"}`.
///
/// Texts stay bytes until somebody looks closer, which most lines do not need.
struct DocumentLine {
  private struct Turn {
    var role: String
    var bytes: [UInt8]
  }

  private let turns: [Turn]
  private let isConversation: Bool
  private let root: JSONValue

  /// Reads a line.
  ///
  /// - Throws: `IdentityError` with the line, where it is no JSON or no document.
  init(_ bytes: [UInt8], file: String, line: Int) throws(IdentityError) {
    do {
      root = try JSONDocument(bytes).root
    } catch {
      throw IdentityError(.notJSON(error), file: file, line: line)
    }
    func fault(_ found: String) -> IdentityError {
      IdentityError(.notADocument(found), file: file, line: line)
    }
    if let text = root["text"] {
      guard let text = text.stringBytes else { throw fault("a 'text' that is no string") }
      turns = [Turn(role: "", bytes: text)]
      isConversation = false
    } else if let messages = root["messages"] {
      guard let messages = messages.array else { throw fault("'messages' that are no array") }
      var turns: [Turn] = []
      for message in messages {
        guard let role = message["role"]?.string else { throw fault("a message without a 'role'") }
        guard let text = Self.content(of: message) else {
          throw fault("a message whose 'content' is no text")
        }
        // What is thought is learned, too.
        for key in ["reasoning_content", "reasoning"] {
          guard let thought = message[key]?.stringBytes, !thought.isEmpty else { continue }
          turns.append(Turn(role: role, bytes: thought))
        }
        turns.append(Turn(role: role, bytes: text))
      }
      self.turns = turns
      isConversation = true
    } else {
      throw fault("neither")
    }
  }

  /// The document's `id`, where it has one.
  var id: JSONText? { root["id"].flatMap { $0.isNull ? nil : JSONText($0) } }

  /// Whether the guard has anything to look at.
  func mayHoldHit(_ guardian: IdentityGuard) -> Bool {
    turns.contains { guardian.mayHoldHit($0.bytes.span, inConversation: isConversation) }
  }

  /// The document.
  var document: IdentityDocument {
    let turns = turns.map {
      IdentityDocument.Turn(role: $0.role, text: String(decoding: $0.bytes, as: UTF8.self))
    }
    return isConversation ? IdentityDocument(turns: turns) : IdentityDocument(text: turns[0].text)
  }

  /// A message's text: a string, parts of which some are text, or nothing beside tool calls.
  private static func content(of message: JSONValue) -> [UInt8]? {
    guard let content = message["content"], !content.isNull else { return [] }
    if let text = content.stringBytes { return text }
    return content.array.map { parts in parts.flatMap { $0["text"]?.stringBytes ?? [] } }
  }
}
