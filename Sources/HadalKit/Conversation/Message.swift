// SPDX-License-Identifier: Apache-2.0

import Tokenization

/// One message of a conversation.
///
/// What it says is text, whatever stands in it: it never becomes a control token.
public struct Message: Sendable, Hashable {
  /// Who speaks.
  public enum Role: String, Sendable, Hashable {
    /// Whoever sets the conversation up.
    case system
    /// Whoever asks.
    case user
    /// The model.
    case assistant
    /// A tool that gives its result.
    case tool
  }

  /// Who speaks.
  public var role: Role
  /// What is said.
  public var text: String
  /// What the model thought before it.
  public var reasoning: String
  /// What the model called.
  public var calls: [ToolCall]
  /// The call that a tool gives the result of.
  public var callID: String?

  /// Creates a message.
  public init(
    _ role: Role,
    _ text: String,
    reasoning: String = "",
    calls: [ToolCall] = [],
    callID: String? = nil
  ) {
    self.role = role
    self.text = text
    self.reasoning = reasoning
    self.calls = calls
    self.callID = callID
  }

  /// The message as templates take it, in the form of chat clients.
  ///
  /// - Parameter showsReasoning: Whether what the model thought is told: in the answer that it goes on
  ///   with, but not in earlier ones, as the models' authors ask.
  /// - Returns: An object.
  func value(showsReasoning: Bool) -> PromptValue {
    // Some templates drop the calls beside an empty text.
    let isAbsent = text.isEmpty && !calls.isEmpty
    var members: [PromptValue.Member] = [
      .init("role", .string(role.rawValue)), .init("content", isAbsent ? .null : .string(text)),
    ]
    if showsReasoning, !reasoning.isEmpty {
      members.append(.init("reasoning_content", .string(reasoning)))
    }
    if !calls.isEmpty { members.append(.init("tool_calls", .array(calls.map(\.value)))) }
    if let callID { members.append(.init("tool_call_id", .string(callID))) }
    return .object(members)
  }
}

extension ToolCall {
  /// The call as templates take it.
  fileprivate var value: PromptValue {
    .object([
      .init("id", .string(id)), .init("type", .string("function")),
      .init(
        "function",
        .object([.init("name", .string(name)), .init("arguments", .string(arguments))])
      ),
    ])
  }
}
