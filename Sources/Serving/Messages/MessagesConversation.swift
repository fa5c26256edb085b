// SPDX-License-Identifier: Apache-2.0

import JSON
import Tokenization

/// The conversation of a request of Anthropic's Messages API, in the form that templates take: the one
/// that the same conversation has by `/chat/completions`.
struct MessagesConversation {
  /// The messages, the system's first.
  private(set) var values: [PromptValue] = []
  /// What of the answer stands already, where the last message is the assistant's; nil elsewhere.
  private(set) var prefix: String?
  /// Fields that say something for which templates have no place.
  private(set) var ignoredNames: [String] = []

  init(_ request: RequestFields) throws(APIError) {
    if let system = try Self.system(request) { append("system", system) }
    guard let messages = try request.array("messages") else {
      throw .invalid("'messages' is missing", "messages")
    }
    guard (1...ChatMessages.most).contains(messages.count) else {
      throw .invalid(
        "'messages' holds \(messages.count) messages, but must hold 1…\(ChatMessages.most)",
        "messages"
      )
    }
    for (index, value) in messages.enumerated() {
      let fields = try RequestFields(value, path: "messages[\(index)]")
      let role = try fields.requiredString("role")
      switch role {
      case "user": try addUser(fields)
      case "assistant": try addAssistant(fields, isLast: index == messages.count - 1)
      default:
        throw .invalid(
          "'\(fields.place("role"))' is '\(role)', but must be user or assistant; what the system "
            + "says stands in 'system'",
          fields.place("role")
        )
      }
    }
  }

  private static func system(_ request: RequestFields) throws(APIError) -> String? {
    guard request.value("system") != nil else { return nil }
    return try text(request, "system")
  }

  // MARK: Blocks

  /// A field's blocks, a string as one of text.
  private static func blocks(
    _ fields: RequestFields,
    _ field: String
  ) throws(APIError) -> [(type: String, fields: RequestFields)] {
    let place = fields.place(field)
    guard let value = fields.value(field) else { throw .invalid("'\(place)' is missing", place) }
    guard let blocks = value.array else {
      throw .invalid("'\(place)' must be a string or an array of blocks", place)
    }
    var read: [(type: String, fields: RequestFields)] = []
    for (index, value) in blocks.enumerated() {
      let block = try RequestFields(value, path: "\(place)[\(index)]")
      read.append((try block.requiredString("type"), block))
    }
    return read
  }

  /// The text of a field that takes nothing else, of blocks one behind the other.
  private static func text(
    _ fields: RequestFields,
    _ field: String
  ) throws(APIError) -> String {
    if let string = fields.value(field)?.string { return string }
    var text = ""
    for block in try blocks(fields, field) {
      guard block.type == "text" else { throw unread(block, fields.place(field)) }
      text += try block.fields.requiredString("text")
    }
    return text
  }

  private static func unread(
    _ block: (type: String, fields: RequestFields),
    _ place: String
  ) -> APIError {
    let block = (type: block.type.prefix(100), place: block.fields.place("type"))
    return .invalid(
      "'\(block.place)' is '\(block.type)', which '\(place)' does not take here; images, documents, "
        + "search results and what a vendor's own tools say are not supported",
      block.place
    )
  }

  // MARK: Messages

  private mutating func append(_ role: String, _ content: String) {
    values.append(
      .object([.init("role", .string(role)), .init("content", .string(content))])
    )
  }

  /// Adds what a user says: results of calls are messages of their own.
  private mutating func addUser(_ message: RequestFields) throws(APIError) {
    if let text = message.value("content")?.string { return append("user", text) }
    var text: String?
    let blocks = try Self.blocks(message, "content")
    for block in blocks {
      switch block.type {
      case "text": text = (text ?? "") + (try block.fields.requiredString("text"))
      case "tool_result":
        if let before = text { append("user", before) }
        text = nil
        try addResult(block.fields)
      default: throw Self.unread(block, message.place("content"))
      }
    }
    if let text { append("user", text) } else if blocks.isEmpty { append("user", "") }
  }

  private mutating func addResult(_ result: RequestFields) throws(APIError) {
    let id = try result.requiredString("tool_use_id")
    if try result.boolean("is_error") == true { ignoredNames.append(result.place("is_error")) }
    let content = result.value("content") == nil ? "" : try Self.text(result, "content")
    values.append(
      .object([
        .init("role", .string("tool")), .init("content", .string(content)),
        .init("tool_call_id", .string(id)),
      ])
    )
  }

  private mutating func addAssistant(
    _ message: RequestFields,
    isLast: Bool
  ) throws(APIError) {
    var (text, thinking): (String, String?) = ("", nil)
    var calls: [PromptValue] = []
    if let string = message.value("content")?.string {
      text = string
    } else {
      for block in try Self.blocks(message, "content") {
        switch block.type {
        case "text": text += try block.fields.requiredString("text")
        case "thinking": thinking = (thinking ?? "") + (try block.fields.requiredString("thinking"))
        case "tool_use": calls.append(try Self.call(block.fields))
        default: throw Self.unread(block, message.place("content"))
        }
      }
    }
    if isLast {
      guard calls.isEmpty else {
        throw .invalid(
          "'\(message.place("content"))' calls tools, whose results must follow",
          message.place("content")
        )
      }
      prefix = text
    }
    // Some templates drop the calls beside an empty text.
    let content: PromptValue = text.isEmpty && !calls.isEmpty ? .null : .string(text)
    var members: [PromptValue.Member] = [
      .init("role", .string("assistant")), .init("content", content),
    ]
    if let thinking { members.append(.init("reasoning_content", .string(thinking))) }
    if !calls.isEmpty { members.append(.init("tool_calls", .array(calls))) }
    values.append(.object(members))
  }

  /// A call, its arguments in the spelling that models are trained on.
  private static func call(_ block: RequestFields) throws(APIError) -> PromptValue {
    let (id, name) = (try block.requiredString("id"), try block.requiredString("name"))
    guard try block.object("input") != nil, let input = block.value("input") else {
      throw .invalid("'\(block.place("input"))' is missing", block.place("input"))
    }
    let arguments = try ChatMessages.promptValue(input, block.place("input")).jsonText
    return .object([
      .init("id", .string(id)), .init("type", .string("function")),
      .init(
        "function",
        .object([.init("name", .string(name)), .init("arguments", .string(arguments))])
      ),
    ])
  }
}
