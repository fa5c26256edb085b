// SPDX-License-Identifier: Apache-2.0

import JSON

/// A message as a client puts it together from the events of a stream.
struct MessageStream {
  /// The names of all events, in order.
  private(set) var names: [String] = []
  /// The blocks, whole; arguments of calls as they were written.
  private(set) var blocks: [Block] = []
  /// What the message began with.
  private(set) var start: JSONValue?
  /// How it ended.
  private(set) var end: JSONValue?

  /// A block of a message.
  struct Block: Hashable {
    var type: String
    var text = ""
    var name: String?
    var id: String?
    var signature: String?
  }

  /// Reads the events, each of which has its name twice.
  init(_ text: String) throws {
    for event in text.split(separator: "\n\n") {
      let lines = event.split(separator: "\n", maxSplits: 1)
      guard lines.count == 2, lines[0].hasPrefix("event: "), lines[1].hasPrefix("data: ") else {
        throw Fault(text: String(event))
      }
      let data = try JSONDocument(Array(lines[1].dropFirst(6).utf8)).root
      let name = String(lines[0].dropFirst(7))
      guard data["type"]?.string == name else { throw Fault(text: String(event)) }
      names.append(name)
      try take(name, data)
    }
  }

  private mutating func take(_ name: String, _ data: JSONValue) throws {
    switch name {
    case "message_start": start = data["message"]
    case "message_delta": end = data
    case "content_block_start":
      let block = data["content_block"]
      guard data["index"]?.integer == blocks.count else { throw Fault(text: name) }
      blocks.append(
        Block(
          type: block?["type"]?.string ?? "",
          name: block?["name"]?.string,
          id: block?["id"]?.string
        )
      )
    case "content_block_delta":
      guard data["index"]?.integer == blocks.count - 1 else { throw Fault(text: name) }
      let delta = data["delta"]
      let fields = ["text_delta": "text", "thinking_delta": "thinking"]
      switch delta?["type"]?.string ?? "" {
      case "input_json_delta":
        blocks[blocks.count - 1].text += delta?["partial_json"]?.string ?? ""
      case "signature_delta": blocks[blocks.count - 1].signature = delta?["signature"]?.string
      case let type:
        blocks[blocks.count - 1].text += delta?[fields[type] ?? ""]?.string ?? ""
      }
    default: break
    }
  }

  /// What cannot be read.
  struct Fault: Error {
    let text: String
  }
}

extension MessageStream.Block {
  /// A block of a whole message; a call's arguments are written anew.
  init(_ json: JSONValue) {
    type = json["type"]?.string ?? ""
    text = json["text"]?.string ?? json["thinking"]?.string ?? ""
    if let input = json["input"] { text = JSONText(input).text }
    name = json["name"]?.string
    id = json["id"]?.string
    signature = json["signature"]?.string
  }

  /// The same with the arguments of calls in the spelling of a whole message's.
  var respelled: MessageStream.Block {
    guard type == "tool_use", let document = try? JSONDocument(Array(text.utf8)) else {
      return self
    }
    var block = self
    block.text = JSONText(document.root).text
    return block
  }
}
