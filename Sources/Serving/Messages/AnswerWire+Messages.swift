// SPDX-License-Identifier: Apache-2.0

import Constraints
import HadalKit
import Hashing
import JSON

/// The objects of Anthropic's Messages API.
extension AnswerWire {
  /// A part of a message, as clients show it.
  enum MessageBlock {
    case thinking(String)
    case text(String)
    case call(index: Int, name: String, arguments: String)
  }

  /// The whole message.
  func message(_ text: AnswerText, finish: String, _ usage: AnswerUsage) -> JSONText {
    message(
      content: Self.blocks(text).map(json),
      stop: Self.stop(text, finish: finish),
      usage
    )
  }

  /// The message that a stream begins with, before anything of it is there.
  func emptyMessage(_ usage: AnswerUsage) -> JSONText {
    message(content: [], stop: [("stop_reason", .null), ("stop_sequence", .null)], usage)
  }

  private func message(
    content: [JSONText],
    stop: [(String, JSONText)],
    _ usage: AnswerUsage
  ) -> JSONText {
    .object(
      [
        ("id", .string(id)), ("type", .string("message")), ("role", .string("assistant")),
        ("model", .string(model)), ("content", .array(content)),
      ] + stop + [("usage", usage.messagesJSON)]
    )
  }

  /// Why a message ended.
  static func stop(_ text: AnswerText, finish: String) -> [(String, JSONText)] {
    let reason =
      switch finish {
      case "tool_calls": "tool_use"
      case "length": "max_tokens"
      default: text.stop == nil ? "end_turn" : "stop_sequence"
      }
    let stop = reason == "stop_sequence" ? text.stop.map(JSONText.string) : nil
    return [("stop_reason", .string(reason)), ("stop_sequence", stop ?? .null)]
  }

  // MARK: Blocks

  /// The blocks of a message, in the order in which the model wrote them.
  private static func blocks(_ text: AnswerText) -> [MessageBlock] {
    var blocks: [MessageBlock] = []
    if !text.whole.reasoning.isEmpty { blocks.append(.thinking(text.whole.reasoning)) }
    for part in text.whole.answer {
      switch (part, blocks.last) {
      case (.content(let more), .text(let before)):
        blocks[blocks.count - 1] = .text(before + more)
      case (.content(let text), _): blocks.append(.text(text))
      case (.began(let index, let name), _):
        blocks.append(.call(index: index, name: name, arguments: ""))
      case (.arguments(_, let more), .call(let index, let name, let before)):
        blocks[blocks.count - 1] = .call(index: index, name: name, arguments: before + more)
      case (.arguments, _): break
      }
    }
    return blocks
  }

  /// A block, whole or with what it begins with.
  func json(_ block: MessageBlock) -> JSONText {
    switch block {
    case .thinking(let text):
      // Clients send a signature back with the thinking; here it says nothing.
      return .object([
        ("type", .string("thinking")), ("thinking", .string(text)),
        ("signature", .string(text.isEmpty ? "" : id)),
      ])
    case .text(let text): return .object([("type", .string("text")), ("text", .string(text))])
    case .call(let index, let name, let arguments):
      // Arguments that were cut are no JSON.
      let input = try? JSONDocument(Array(arguments.utf8))
      return .object([
        ("type", .string("tool_use")), ("id", .string(callID(index))), ("name", .string(name)),
        ("input", input.map { JSONText($0.root) } ?? .object([])),
      ])
    }
  }

  private func callID(_ index: Int) -> String {
    let digest = SHA256Hash.digest(of: Array("\(id) \(index)".utf8))
    return "toolu_" + Hexadecimal.text(digest).prefix(24)
  }
}

extension AnswerUsage {
  /// The usage as Anthropic's clients read it: what the cache held is no part of the input.
  var messagesJSON: JSONText {
    var members: [(String, JSONText)] = [
      ("input_tokens", .integer(promptCount - cachedCount)),
      ("cache_creation_input_tokens", .integer(0)),
      ("cache_read_input_tokens", .integer(cachedCount)),
      ("output_tokens", .integer(completionCount)),
    ]
    if let reasoningCount {
      members.append(
        ("output_tokens_details", .object([("thinking_tokens", .integer(reasoningCount))]))
      )
    }
    return .object(members)
  }
}
