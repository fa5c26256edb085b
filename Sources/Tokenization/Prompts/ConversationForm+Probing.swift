// SPDX-License-Identifier: Apache-2.0

/// Finds out what a template takes by rendering small conversations and looking at what became of
/// marked words in them: no list of models, and nothing read out of the template's text.
extension ConversationForm {
  private static let mark = "zqprobe"

  init(
    probing template: ChatTemplate,
    _ specialTokens: SpecialTokens,
    time: CalendarTime
  ) {
    let probe = Probe(template: template, specialTokens: specialTokens, time: time)
    let text = PromptValue.string(Self.mark)
    let parts = PromptValue.array([
      .object([.init("type", .string("text")), .init("text", text)])
    ])
    takesStrings = probe.shows([Probe.user(text)])
    // Python's text of a list holds the word too, in quotes.
    takesParts = probe.shows([Probe.user(parts)], without: ["'\(Self.mark)", "\"\(Self.mark)"])
    if !takesStrings, !takesParts { takesStrings = true }
    probeCalls(probe)
    let tool = PromptValue.object([
      .init("type", .string("function")),
      .init(
        "function",
        .object([
          .init("name", text), .init("description", text),
          .init(
            "parameters",
            .object([.init("type", .string("object")), .init("properties", .object([]))])
          ),
        ])
      ),
    ])
    showsTools = probe.shows([Probe.user(.string("a"))], tools: .array([tool]))
  }

  private mutating func probeCalls(_ probe: Probe) {
    let object = PromptValue.object([.init(Self.mark, .string("b"))])
    let quoted = ["{'\(Self.mark)", "\\\"\(Self.mark)"]
    let takesObject = probe.shows(Probe.conversation(arguments: object), without: quoted)
    let takesText = probe.shows(
      Probe.conversation(arguments: .string(object.jsonText)),
      without: quoted
    )
    arguments = takesObject == takesText ? .any : takesText ? .text : .object
    let given = takesObject ? object : .string(object.jsonText)
    takesNullBesideCalls = probe.shows(Probe.conversation(arguments: given, content: .null))
  }

  private struct Probe {
    let template: ChatTemplate
    let specialTokens: SpecialTokens
    let time: CalendarTime

    static func user(_ content: PromptValue) -> PromptValue {
      .object([.init("role", .string("user")), .init("content", content)])
    }

    static func conversation(
      arguments: PromptValue,
      content: PromptValue = .string("")
    ) -> [PromptValue] {
      let function = PromptValue.object([
        .init("name", .string("f")), .init("arguments", arguments),
      ])
      let call = PromptValue.object([
        .init("id", .string("call00001")), .init("type", .string("function")),
        .init("function", function),
      ])
      return [
        user(.string("a")),
        .object([
          .init("role", .string("assistant")), .init("content", content),
          .init("tool_calls", .array([call])),
        ]),
        .object([
          .init("role", .string("tool")), .init("name", .string("f")),
          .init("tool_call_id", .string("call00001")), .init("content", .string("c")),
        ]),
      ]
    }

    /// Whether the marked word is in the prompt, and none of the texts that it must not be in.
    func shows(
      _ messages: [PromptValue],
      tools: PromptValue? = nil,
      without: [String] = []
    ) -> Bool {
      let request = ChatRequest(messages: messages, tools: tools)
      guard
        let prompt = try? template.render(request, specialTokens: specialTokens, time: time)
      else { return false }
      func holds(_ text: String) -> Bool {
        prompt.marked.firstIndex(of: OriginText(text, .data)) != nil
      }
      return holds(ConversationForm.mark) && !without.contains(where: holds)
    }
  }
}
