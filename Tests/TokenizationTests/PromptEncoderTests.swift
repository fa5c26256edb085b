// SPDX-License-Identifier: Apache-2.0

import Testing
import Tokenization

/// What becomes of a client's conversation before and in an encoder.
@Suite struct PromptEncoderTests {
  private let tokens = SpecialTokens([
    "bos_token": .string("<s>"), "eos_token": .string("</s>"),
  ])

  private func message(_ role: String, _ content: PromptValue) -> PromptValue {
    .object([.init("role", .string(role)), .init("content", content)])
  }

  private func user(_ text: String) -> PromptValue { message("user", .string(text)) }

  private func call(_ arguments: PromptValue, content: PromptValue = .null) -> PromptValue {
    let function = PromptValue.object([.init("name", .string("f")), .init("arguments", arguments)])
    let call = PromptValue.object([
      .init("id", .string("c")), .init("type", .string("function")), .init("function", function),
    ])
    return .object([
      .init("role", .string("assistant")), .init("content", content),
      .init("tool_calls", .array([call])),
    ])
  }

  private func text(
    _ template: String,
    _ messages: [PromptValue],
    tools: PromptValue? = nil
  ) throws -> String {
    let encoder = TemplatePromptEncoder(try ChatTemplate(template), specialTokens: tokens)
    let request = ChatRequest(messages: messages, tools: tools)
    return try encoder.prompt(for: request, time: #require(OracleTemplates.now)).text
  }

  private let joined = "{% for m in messages %}[{{ m.role + ':' + m.content }}]{% endfor %}"
  private let pasting = """
    {% for m in messages %}{% if m.tool_calls %}{% for t in m.tool_calls %}\
    <{{ t.function.name + t.function.arguments }}>{% endfor %}{% else %}[{{ m.content }}]{% endif %}\
    {% endfor %}
    """
  private let writing = """
    {% for m in messages %}{% if m.tool_calls %}{% for t in m.tool_calls %}\
    <{{ t.function.arguments|tojson }}>{% endfor %}{% else %}[{{ m.content }}]{% endif %}{% endfor %}
    """

  @Test func `a content of null is empty`() throws {
    #expect(try text(joined, [message("assistant", .null)]) == "[assistant:]")
    #expect(
      try text(joined, [.object([.init("role", .string("assistant"))])]) == "[assistant:]"
    )
  }

  @Test func `keys of null are left out`() throws {
    let template = "{% for m in messages %}{{ m.content }}{{ 'tool_calls' in m }}{% endfor %}"
    let message = PromptValue.object([
      .init("role", .string("assistant")), .init("content", .string("a")),
      .init("tool_calls", .null),
    ])
    #expect(try text(template, [message]) == "aFalse")
  }

  @Test func `parts are joined for a template that takes texts, and kept for one that takes them`()
    throws
  {
    let parts = PromptValue.array([
      .object([.init("type", .string("text")), .init("text", .string("a"))]),
      .object([.init("type", .string("text")), .init("text", .string(" b"))]),
    ])
    #expect(try text(joined, [message("user", parts)]) == "[user:a b]")
    let taking = """
      {% for m in messages %}{% for p in m.content %}<{{ p.text }}>{% endfor %}{% endfor %}
      """
    #expect(try text(taking, [message("user", parts)]) == "<a>< b>")
    // And a text becomes a part for a template that takes nothing else.
    #expect(try text(taking, [user("a")]) == "<a>")
  }

  @Test func `a part that is no text is refused by its type`() throws {
    let parts = PromptValue.array([.object([.init("type", .string("image"))])])
    let error = #expect(throws: TemplateError.self) { try text(joined, [message("user", parts)]) }
    #expect(error?.kind == .type && error?.message.contains("'image'") == true)
  }

  @Test func `arguments take the form that the template takes`() throws {
    let object = PromptValue.object([.init("a", .integer(1))])
    let string = PromptValue.string(#"{"a": 1}"#)
    #expect(try text(pasting, [user("x"), call(object)]) == #"[x]<f{"a": 1}>"#)
    #expect(try text(pasting, [user("x"), call(string)]) == #"[x]<f{"a": 1}>"#)
    #expect(try text(writing, [user("x"), call(object)]) == #"[x]<{"a": 1}>"#)
    #expect(try text(writing, [user("x"), call(string)]) == #"[x]<{"a": 1}>"#)
    let broken = PromptValue.string("no JSON")
    #expect(try text(writing, [user("x"), call(broken)]) == #"[x]<"no JSON">"#)
  }

  @Test func `tools that the template leaves out stand in the system message`() throws {
    let tool = PromptValue.object([.init("name", .string("get_tide"))])
    let added = try text(joined, [user("x")], tools: .array([tool]))
    #expect(added.hasPrefix("[system:# Tools") && added.hasSuffix("[user:x]"))
    #expect(added.contains(#"{"name": "get_tide"}"#))
    let system = message("system", .string("Be kind."))
    let merged = try text(joined, [system, user("x")], tools: .array([tool]))
    #expect(merged.hasPrefix("[system:Be kind.\n\n# Tools"))
    let showing = "{{ tools|tojson if tools }}" + joined
    let shown = try text(showing, [user("x")], tools: .array([tool]))
    #expect(shown == #"[{"name": "get_tide"}][user:x]"#)
    #expect(try text(joined, [user("x")], tools: .array([])) == "[user:x]")
  }

  @Test func `the template for tools is taken where there are tools`() throws {
    let encoder = TemplatePromptEncoder(
      try ChatTemplate("plain"),
      toolTemplate: try ChatTemplate("tools {{ tools|length }}"),
      specialTokens: tokens
    )
    let now = try #require(OracleTemplates.now)
    let without = try encoder.prompt(for: ChatRequest(messages: [user("x")]), time: now)
    #expect(without.text == "plain")
    let tools = PromptValue.array([.object([.init("name", .string("f"))])])
    let with = try encoder.prompt(for: ChatRequest(messages: [user("x")], tools: tools), time: now)
    #expect(with.text == "tools 1")
  }

  @Test func `the switches for thinking are those that the template reads`() throws {
    func names(_ text: String) throws -> [String] {
      TemplatePromptEncoder(try ChatTemplate(text), specialTokens: tokens).thinkingVariables
    }
    #expect(try names("{% if enable_thinking is defined %}x{% endif %}") == ["enable_thinking"])
    #expect(try names("{% set thinking = thinking|default(false) %}") == ["thinking"])
    #expect(try names("{% for m in messages %}{{ m.thinking }}{% endfor %}") == [])
  }

  @Test(arguments: [
    ("a<think>", true), ("a<think>\n", true), ("a<think>\n\n</think>\n", false),
    ("a</think>", false),
    ("<think>a", false), ("{{ '<think>\n' }}", true), ("{{ d }}", false), ("{{ d }}\n", false),
    ("x", false), ("", false),
  ])
  func `whether the answer begins in its reasoning is read from the prompt's end`(
    _ template: String,
    _ opens: Bool
  ) throws {
    let data = PromptValue.Member("d", .string("say <think></think>"))
    let prompt = try ChatTemplate(template).renderBare([data], time: #require(OracleTemplates.now))
    #expect(prompt.opensReasoning == opens)
  }

  @Test func `a message that is gone on with may be inside its reasoning`() throws {
    let template = try ChatTemplate("{% for m in messages %}[{{ m.content }}{% endfor %}")
    func opens(_ text: String) throws -> Bool {
      let request = ChatRequest(
        messages: [user("<think>"), message("assistant", .string(text))],
        addsGenerationPrompt: false,
        continuesFinalMessage: true
      )
      return try template.render(request, time: #require(OracleTemplates.now)).opensReasoning
    }
    #expect(try opens("<think>\nfirst"))
    #expect(try !opens("<think>\nfirst</think>\nso"))
    #expect(try !opens("so"))
  }

  // MARK: Built-in forms

  private func built(
    _ form: BuiltInPromptEncoder.Form,
    _ request: ChatRequest,
    _ tokens: SpecialTokens? = nil
  ) throws -> String {
    try BuiltInPromptEncoder(form, specialTokens: tokens ?? self.tokens)
      .prompt(for: request, time: #require(OracleTemplates.now)).text
  }

  @Test func `the built-in forms write turns`() throws {
    let request = ChatRequest(
      messages: [
        message("system", .string("S")), user("u"),
        message("assistant", .string("<think>t</think>a")),
        user("v"),
      ]
    )
    #expect(
      try built(.deepSeekV3, request)
        == "<s>S<｜User｜>u<｜Assistant｜>a</s><｜User｜>v<｜Assistant｜>"
    )
    #expect(
      try built(.chatML, request)
        == "<s><|im_start|>system\nS<|im_end|>\n<|im_start|>user\nu<|im_end|>\n"
        + "<|im_start|>assistant\n<think>t</think>a<|im_end|>\n<|im_start|>user\nv<|im_end|>\n"
        + "<|im_start|>assistant\n"
    )
    #expect(
      try built(.plain, request)
        == "<s>S\n\nUser: u\n\nAssistant: <think>t</think>a</s>\n\nUser: v\n\nAssistant:"
    )
  }

  @Test func `the built-in form of DeepSeek-V3 agrees with the published template`() throws {
    guard let source = try? OracleTemplates.text("deepseek-v3") else { return }
    let now = try #require(OracleTemplates.now)
    let template = try ChatTemplate(source)
    // The template writes its own end-of-text token.
    let tokens = SpecialTokens([
      "bos_token": .string("<s>"), "eos_token": .string("<｜end▁of▁sentence｜>"),
    ])
    let conversations: [[PromptValue]] = [
      [user("u")], [message("system", .string("S")), user("u")],
      [user("u"), message("assistant", .string("a")), user("v")],
      [user("u"), call(.string(#"{"a": 1}"#)), message("tool", .string("r"))],
      [
        user("u"), call(.string("{}")), message("tool", .string("r")),
        message("tool", .string("q")),
        message("assistant", .string("a")), user("w"),
      ],
    ]
    for messages in conversations {
      let request = ChatRequest(messages: messages)
      let published = try template.render(request, specialTokens: tokens, time: now).text
      #expect(try built(.deepSeekV3, request, tokens) == published)
    }
  }

  @Test func `a role that nobody knows is refused by its name`() throws {
    let request = ChatRequest(messages: [message("robot", .string("x"))])
    let error = #expect(throws: TemplateError.self) { try built(.plain, request) }
    #expect(error?.message.contains("'robot'") == true)
  }

  // MARK: The beginning of text

  /// A tokenizer that asks for a beginning-of-text token.
  private func asking() throws -> Tokenizer {
    try Tokenizer(
      json: TinyTokenizer.byteLevel(),
      configuration: Array(#"{"bos_token":"<|end|>","add_bos_token":true}"#.utf8)
    )
  }

  @Test(arguments: ["<|end|>hi", "hi", "{{ '<|end|>' }}hi"])
  func `a chat has exactly one beginning-of-text token`(_ template: String) throws {
    let tokenizer = try asking()
    let prompt = try ChatTemplate(template).renderBare([], time: #require(OracleTemplates.now))
    let ids = try tokenizer.chatIDs(prompt)
    #expect(ids.first == 260 && ids.filter { $0 == 260 }.count == 1)
    let plain = try Tokenizer(json: TinyTokenizer.byteLevel())
    #expect(try plain.chatIDs(prompt) == plain.encode(prompt))
  }
}
