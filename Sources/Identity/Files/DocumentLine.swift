// SPDX-License-Identifier: Apache-2.0

import JSON

/// A line of JSON that holds a document: `{"text"}` or `{"messages"}`.
struct DocumentLine {
  let document: IdentityDocument
  let id: JSONText?

  /// Reads a line.
  ///
  /// - Throws: `IdentityError` with the line, where it is no JSON or no document.
  init(_ bytes: Span<UInt8>, file: String, line: Int) throws(IdentityError) {
    let copy = [UInt8](capacity: bytes.count) { output in
      for index in bytes.indices { output.append(bytes[index]) }
    }
    let root: JSONValue
    do {
      root = try JSONDocument(copy).root
    } catch {
      throw IdentityError(.notJSON(error), file: file, line: line)
    }
    func fault(_ found: String) -> IdentityError {
      IdentityError(.notADocument(found), file: file, line: line)
    }
    id = root["id"].flatMap { $0.isNull ? nil : JSONText($0) }
    if let text = root["text"] {
      guard let text = text.string else { throw fault("a 'text' that is no string") }
      document = IdentityDocument(text: text)
    } else if let messages = root["messages"] {
      guard let messages = messages.array else { throw fault("'messages' that are no array") }
      var turns: [IdentityDocument.Turn] = []
      for message in messages {
        guard let role = message["role"]?.string else { throw fault("a message without a 'role'") }
        guard let text = Self.content(of: message) else {
          throw fault("a message whose 'content' is no text")
        }
        // What is thought is learned, too.
        for key in ["reasoning_content", "reasoning"] {
          guard let thought = message[key]?.string, !thought.isEmpty else { continue }
          turns.append(IdentityDocument.Turn(role: role, text: thought))
        }
        turns.append(IdentityDocument.Turn(role: role, text: text))
      }
      document = IdentityDocument(turns: turns)
    } else {
      throw fault("neither")
    }
  }

  /// A message's text: a string, parts of which some are text, or nothing beside tool calls.
  private static func content(of message: JSONValue) -> String? {
    guard let content = message["content"], !content.isNull else { return "" }
    if let text = content.string { return text }
    return content.array.map { parts in parts.compactMap { $0["text"]?.string }.joined() }
  }
}
