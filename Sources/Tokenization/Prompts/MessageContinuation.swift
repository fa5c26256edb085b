// SPDX-License-Identifier: Apache-2.0

/// Ends a prompt inside its last message: a mark is put behind the message's text, and the rendered
/// prompt is cut there, as transformers does.
struct MessageContinuation {
  private static let mark = "CONTINUE_FINAL_MESSAGE_TAG "

  /// The text that is gone on with, white space around it left out.
  private let text: OriginText

  /// Marks the last message.
  ///
  /// - Throws: `TemplateError` of kind `value` where it has no text.
  init(_ messages: inout [PromptValue]) throws(TemplateError) {
    guard case .object(var members)? = messages.last,
      let index = members.firstIndex(where: { $0.key == "content" })
    else { throw Self.noText }
    switch members[index].value {
    case .string(let string):
      text = OriginText(string, .data).stripped()
      members[index].value = .string(string + Self.mark)
    case .array(var parts):
      guard let last = parts.lastIndex(where: { $0["text"] != nil }),
        case .object(var part) = parts[last],
        let place = part.firstIndex(where: { $0.key == "text" }),
        let string = part[place].value.string
      else { throw Self.noText }
      text = OriginText(string, .data).stripped()
      part[place].value = .string(string + Self.mark)
      parts[last] = .object(part)
      members[index].value = .array(parts)
    default: throw Self.noText
    }
    messages[messages.count - 1] = .object(members)
  }

  /// Cuts the rendered prompt behind the message.
  ///
  /// - Throws: `TemplateError` of kind `value` where the template left the message out.
  func cut(_ prompt: OriginText) throws(TemplateError) -> OriginText {
    let mark = OriginText(Self.mark, .data)
    guard prompt.firstIndex(of: text) != nil, let place = prompt.lastIndex(of: mark.stripped())
    else {
      throw TemplateError(
        .value,
        "the final message to continue does not appear in the rendered chat"
      )
    }
    let head = prompt[0..<place]
    if prompt[place..<min(place + mark.count, prompt.count)] == mark { return head }
    // The template trimmed the message.
    return head.stripped(left: false)
  }

  private static var noText: TemplateError {
    TemplateError(.value, "the final message has no text to continue")
  }
}
