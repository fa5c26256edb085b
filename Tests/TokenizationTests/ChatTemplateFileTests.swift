// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import TestSupport
import Testing
import Tokenization

/// Where a folder's templates and tokens are read from, and what becomes of broken ones.
@Suite struct ChatTemplateFileTests {
  private func inFolder(
    _ files: [String: String],
    _ body: (String) throws -> Void
  ) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    for (name, text) in files { try SystemFolder.write(Array(text.utf8), to: "\(folder)/\(name)") }
    try body(folder)
  }

  private func prompt(_ folder: String, tools: PromptValue? = nil) throws -> String {
    let tokenizer = try Tokenizer(json: TinyTokenizer.byteLevel())
    let encoder = try ChatTemplateFiles(folder: folder).makeEncoder(tokenizer)
    let message = PromptValue.object([
      .init("role", .string("user")), .init("content", .string("u")),
    ])
    let request = ChatRequest(messages: [message], tools: tools)
    return try encoder.prompt(for: request, time: #require(OracleTemplates.now)).text
  }

  private func expectPrompt(_ files: [String: String], _ expected: String) throws {
    try inFolder(files) { folder throws in
      let text = try prompt(folder)
      #expect(text == expected)
    }
  }

  @Test func `each place is read, a file of its own before a field`() throws {
    let field = #"{"chat_template":"field {{ bos_token }}","bos_token":"<s>"}"#
    let json = #"{"chat_template":"json {{ bos_token }}"}"#
    var files = ["tokenizer_config.json": field]
    try expectPrompt(files, "field <s>")
    files["chat_template.json"] = json
    try expectPrompt(files, "json <s>")
    files["chat_template.jinja"] = "jinja {{ bos_token }}\n"
    try expectPrompt(files, "jinja <s>")
  }

  @Test func `templates may have names`() throws {
    let list = """
      {"chat_template":[{"name":"default","template":"plain"},
      {"name":"tool_use","template":"tools"}]}
      """
    let tools = PromptValue.array([.object([.init("name", .string("f"))])])
    try inFolder(["tokenizer_config.json": list]) { folder throws in
      #expect(try prompt(folder) == "plain")
      #expect(try prompt(folder, tools: tools) == "tools")
    }
    let files = [
      "chat_template.jinja": "plain", "additional_chat_templates/tool_use.jinja": "tools",
    ]
    try inFolder(files) { folder throws in
      #expect(try prompt(folder) == "plain")
      #expect(try prompt(folder, tools: tools) == "tools")
    }
    let nameless = #"{"chat_template":[{"name":"a","template":"x"},{"name":"b","template":"y"}]}"#
    try inFolder(["tokenizer_config.json": nameless]) { folder throws in
      let error = #expect(throws: TemplateError.self) { try prompt(folder) }
      #expect(error?.message.contains("none named 'default'") == true)
    }
  }

  @Test func `tokens are texts or objects`() throws {
    let configuration = """
      {"chat_template":"{{ bos_token }}{{ eos_token }}{{ pad_token }}{{ additional_special_tokens }}",
      "bos_token":{"content":"<s>","lstrip":false},"eos_token":"</s>","pad_token":null,
      "additional_special_tokens":["<a>",{"content":"<b>"}]}
      """
    try inFolder(["tokenizer_config.json": configuration]) { folder throws in
      #expect(try prompt(folder) == "<s></s>['<a>', '<b>']")
    }
    let map = #"{"bos_token":{"content":"<m>"}}"#
    let template = ["chat_template.jinja": "{{ bos_token }}", "special_tokens_map.json": map]
    try expectPrompt(template, "<m>")
  }

  @Test func `a template that does not compile is an error and never another form`() throws {
    try inFolder(["chat_template.jinja": "a\n{% include 'x' %}"]) { folder throws in
      let error = #expect(throws: TemplateError.self) { try prompt(folder) }
      #expect(error?.line == 2 && error?.column == 4)
      #expect(error?.place == "chat_template.jinja, line 2, column 4")
      #expect(error?.exitCode.rawValue == 65)
    }
    let configuration = #"{"chat_template":"{{ x|nofilter }}"}"#
    try inFolder(["tokenizer_config.json": configuration]) { folder throws in
      let error = #expect(throws: TemplateError.self) { try prompt(folder) }
      #expect(error?.place == "tokenizer_config.json, field chat_template, line 1, column 6")
    }
  }

  @Test(arguments: [
    ["tokenizer_config.json": "{"], ["tokenizer_config.json": #"{"chat_template":5}"#],
    ["tokenizer_config.json": #"{"chat_template":[{"name":"a"}]}"#],
    ["tokenizer_config.json": #"{"bos_token":5}"#], ["chat_template.json": "x"],
  ])
  func `a file that cannot be read is an error that names it`(_ files: [String: String]) throws {
    try inFolder(files) { folder throws in
      let error = #expect(throws: TokenizationError.self) { try ChatTemplateFiles(folder: folder) }
      #expect(error?.place?.contains(".json") == true)
      #expect(error?.exitCode.rawValue == 65)
    }
  }

  @Test func `a folder without a template has a built-in form`() throws {
    try inFolder(["tokenizer_config.json": #"{"eos_token":"</s>"}"#]) { folder throws in
      #expect(try ChatTemplateFiles(folder: folder).isEmpty)
      #expect(try prompt(folder) == "User: u\n\nAssistant:")
    }
  }
}
