// SPDX-License-Identifier: Apache-2.0

/// What a template can take of what clients send, and the form that fits it.
///
/// Clients agree on the chat APIs, templates do not: some join texts where others expect parts, some
/// paste a call's arguments where others write them as JSON. This is the one place where the first is
/// made to fit the second. Nothing here touches the text of a message.
struct ConversationForm: Sendable, Hashable {
  /// How a template takes the arguments of a tool call.
  enum Arguments: Sendable {
    /// As they come.
    case any
    /// As a JSON text: the template pastes them.
    case text
    /// As an object: the template writes JSON itself.
    case object
  }

  /// Whether `content` may be a list of parts.
  var takesParts = false
  /// Whether `content` may be a string.
  var takesStrings = true
  /// Whether `content` may be null beside tool calls.
  var takesNullBesideCalls = false
  /// How it takes the arguments of tool calls.
  var arguments = Arguments.text
  /// Whether it shows the definitions of tools.
  var showsTools = false

  /// The form of what the built-in encoders write.
  static let plain = ConversationForm()

  /// Returns the request in this form.
  ///
  /// - Throws: `TemplateError` of kind `type` for a part of a message that is no text, where the
  ///   template takes texts alone.
  func applied(to request: ChatRequest) throws(TemplateError) -> ChatRequest {
    var result = request
    result.messages = []
    for message in ReasoningAliases.applied(to: request.messages) {
      result.messages.append(try applied(to: message))
    }
    if let tools = request.tools, !showsTools, tools != .null, tools != .array([]) {
      result.messages = ToolPreamble.added(tools, to: result.messages)
    }
    return result
  }

  private func applied(to message: PromptValue) throws(TemplateError) -> PromptValue {
    guard case .object(var members) = message else { return message }
    // A null key is there for a template that asks `'tool_calls' in message`.
    members.removeAll { $0.value == .null && $0.key != "content" }
    let hasCalls = members.contains { $0.key == "tool_calls" && $0.value != .array([]) }
    if let index = members.firstIndex(where: { $0.key == "content" }) {
      members[index].value = try applied(toContent: members[index].value, hasCalls: hasCalls)
    } else if message["role"]?.string == "assistant" {
      members.append(.init("content", hasCalls && takesNullBesideCalls ? .null : .string("")))
    }
    for index in members.indices where members[index].key == "tool_calls" {
      members[index].value = applied(toCalls: members[index].value)
    }
    return .object(members)
  }

  private func applied(
    toContent content: PromptValue,
    hasCalls: Bool
  ) throws(TemplateError) -> PromptValue {
    switch content {
    case .null: return hasCalls && takesNullBesideCalls ? .null : .string("")
    case .array(let parts) where !takesParts: return .string(try Self.text(of: parts))
    case .string(let text) where !takesStrings:
      return .array([
        .object([.init("type", .string("text")), .init("text", .string(text))])
      ])
    default: return content
    }
  }

  /// The texts of parts, one behind the other.
  static func text(of parts: [PromptValue]) throws(TemplateError) -> String {
    var text = ""
    for part in parts {
      if let string = part.string ?? part["text"]?.string {
        text += string
      } else {
        let type = part["type"]?.string ?? "?"
        throw TemplateError(.type, "the model's template takes text, not a part of type '\(type)'")
      }
    }
    return text
  }

  private func applied(toCalls calls: PromptValue) -> PromptValue {
    guard arguments != .any, case .array(let calls) = calls else { return calls }
    return .array(calls.map(applied(toCall:)))
  }

  private func applied(toCall call: PromptValue) -> PromptValue {
    guard case .object(var members) = call else { return call }
    for index in members.indices {
      switch members[index].key {
      case "function": members[index].value = applied(toCall: members[index].value)
      case "arguments": members[index].value = applied(toArguments: members[index].value)
      default: break
      }
    }
    return .object(members)
  }

  private func applied(toArguments value: PromptValue) -> PromptValue {
    switch value {
    case .object where arguments == .text: return .string(value.jsonText)
    case .string(let text) where arguments == .object:
      // What is no JSON object stays as the client sent it.
      guard let parsed = PromptValue(jsonText: text), case .object = parsed else { return value }
      return parsed
    default: return value
    }
  }
}
