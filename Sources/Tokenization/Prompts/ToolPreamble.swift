// SPDX-License-Identifier: Apache-2.0

/// Tells a model of its tools in the system message, for templates that leave tools out.
///
/// Its words are data like the message that they stand in: no control token is formed.
enum ToolPreamble {
  private static let introduction = """
    # Tools

    You may call these functions, each given as JSON with a schema of its parameters:
    """

  private static let instruction = """
    To call one, answer with this JSON object and nothing else: {"name": FUNCTION, "arguments": \
    {PARAMETER: VALUE}}
    """

  /// The preamble for definitions of tools.
  static func text(_ tools: PromptValue) -> String {
    var definitions = [tools]
    if case .array(let elements) = tools { definitions = elements }
    return ([introduction, ""] + definitions.map(\.jsonText) + ["", instruction])
      .joined(separator: "\n")
  }

  /// Returns messages whose first one, a system message, ends with the preamble.
  static func added(_ tools: PromptValue, to messages: [PromptValue]) -> [PromptValue] {
    let text = text(tools)
    var messages = messages
    if let first = messages.first, first["role"]?.string == "system",
      let content = first["content"]?.string, case .object(var members) = first
    {
      for index in members.indices where members[index].key == "content" {
        members[index].value = .string(content.isEmpty ? text : content + "\n\n" + text)
      }
      messages[0] = .object(members)
    } else {
      messages.insert(
        .object([.init("role", .string("system")), .init("content", .string(text))]),
        at: 0
      )
    }
    return messages
  }
}
