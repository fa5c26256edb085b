// SPDX-License-Identifier: Apache-2.0

/// The names under which clients send what a model thought.
enum ReasoningAliases {
  private static let names = ["reasoning_content", "thinking", "reasoning"]

  /// Gives messages with one of the names the two that templates read, as transformers 5.23 does:
  /// the first that is not null becomes `reasoning_content`, and `thinking` where there is none.
  static func applied(to messages: [PromptValue]) -> [PromptValue] {
    messages.map { message in
      guard case .object(var members) = message,
        let value = names.lazy.compactMap({ message[$0] }).first(where: { $0 != .null })
      else { return message }
      if let index = members.firstIndex(where: { $0.key == "reasoning_content" }) {
        members[index].value = value
      } else {
        members.append(.init("reasoning_content", value))
      }
      if message["thinking"] == nil { members.append(.init("thinking", value)) }
      return .object(members)
    }
  }
}
