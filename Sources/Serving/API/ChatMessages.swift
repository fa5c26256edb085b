// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON
import Tokenization

/// The messages of a chat request, in the form that templates take.
struct ChatMessages {
  // LIMIT: a conversation with more has no room in any context.
  static let most = 10_000
  private static let roles = ["system", "user", "assistant", "tool"]

  /// The messages.
  private(set) var values: [PromptValue] = []
  /// Whether the answer goes on with the last message, an assistant's with `prefix: true`.
  private(set) var continuesLast = false

  init(_ request: RequestFields) throws(APIError) {
    guard let messages = try request.array("messages") else {
      throw .invalid("'messages' is missing", "messages")
    }
    guard (1...Self.most).contains(messages.count) else {
      throw .invalid(
        "'messages' holds \(messages.count) messages, but must hold 1…\(Self.most)",
        "messages"
      )
    }
    for (index, value) in messages.enumerated() {
      let fields = try RequestFields(value, path: "messages[\(index)]")
      let isLast = index == messages.count - 1
      values.append(try Self.message(fields))
      guard try fields.boolean("prefix") == true else { continue }
      guard isLast, try Self.role(fields) == "assistant" else {
        throw .invalid(
          "'\(fields.place("prefix"))' is for the last message alone, an assistant's",
          fields.place("prefix")
        )
      }
      continuesLast = true
    }
  }

  /// The role; what OpenAI calls a developer is the system here.
  private static func role(_ fields: RequestFields) throws(APIError) -> String {
    let given = try fields.requiredString("role")
    let role = given == "developer" ? "system" : given
    guard roles.contains(role) else {
      throw .invalid(
        "'\(fields.place("role"))' is '\(given)', but must be one of \(roles.joined(separator: ", "))",
        fields.place("role")
      )
    }
    return role
  }

  private static func message(_ fields: RequestFields) throws(APIError) -> PromptValue {
    let role = try role(fields)
    var members: [PromptValue.Member] = [.init("role", .string(role))]
    let calls = role == "assistant" ? try toolCalls(fields) : nil
    let content = try content(fields)
    guard content != nil || role == "assistant" else {
      throw .invalid("'\(fields.place("content"))' is missing", fields.place("content"))
    }
    // Some templates drop the calls beside an empty text.
    let isAbsent = content.map { $0.isEmpty && calls != nil } ?? true
    members.append(.init("content", isAbsent ? .null : .string(content ?? "")))
    for name in ["reasoning_content", "reasoning"] where role == "assistant" {
      guard let text = try fields.string(name) else { continue }
      members.append(.init("reasoning_content", .string(text)))
      break
    }
    if let calls { members.append(.init("tool_calls", calls)) }
    if role == "tool", let id = try fields.string("tool_call_id") {
      members.append(.init("tool_call_id", .string(id)))
    }
    if let name = try fields.string("name") { members.append(.init("name", .string(name))) }
    return .object(members)
  }

  /// The text, of a string or of text parts, one behind the other.
  private static func content(_ fields: RequestFields) throws(APIError) -> String? {
    guard let value = fields.value("content") else { return nil }
    if let string = value.string { return string }
    let place = fields.place("content")
    guard let parts = value.array else {
      throw .invalid("'\(place)' must be a string, an array of text parts, or null", place)
    }
    var text = ""
    for (index, value) in parts.enumerated() {
      let part = try RequestFields(value, path: "\(place)[\(index)]")
      let type = try part.requiredString("type")
      guard type == "text" else {
        throw .invalid(
          "'\(place)[\(index)]' is of type '\(type)', but this model takes text alone",
          "\(place)[\(index)]"
        )
      }
      text += try part.requiredString("text")
    }
    return text
  }

  private static func toolCalls(_ fields: RequestFields) throws(APIError) -> PromptValue? {
    guard let calls = try fields.array("tool_calls"), !calls.isEmpty else { return nil }
    var values: [PromptValue] = []
    for (index, value) in calls.enumerated() {
      let call = try RequestFields(value, path: "\(fields.place("tool_calls"))[\(index)]")
      guard let function = try call.object("function") else {
        throw .invalid("'\(call.place("function"))' is missing", call.place("function"))
      }
      _ = try function.requiredString("name")
      _ = try function.string("arguments")
      values.append(try promptValue(value, call.place("function")))
    }
    return .array(values)
  }

  /// A value of a request as templates take it.
  static func promptValue(_ value: JSONValue, _ place: String) throws(APIError) -> PromptValue {
    do throws(TemplateError) { return try PromptValue(value) } catch {
      throw .invalid(error.description, place)
    }
  }
}
