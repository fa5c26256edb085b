// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// What requests of `/anthropic/v1/messages` may look like, and what becomes of their fields.
@Suite struct MessagesRequestTests {
  private static let path = "/anthropic/v1/messages"

  private static func served() throws -> ServedScript {
    try ServedScript(ScriptedModel([.init("It is deep."), .init("Very.")]))
  }

  private func body(_ fields: String) -> String {
    #"{"model":"scripted","max_tokens":9,"temperature":0,\#(fields)}"#
  }

  /// A conversation in both forms.
  struct Form: CustomTestStringConvertible {
    let messages: String
    let chat: String

    init(_ messages: String, _ chat: String) {
      self.messages = messages
      self.chat = chat
    }

    var testDescription: String { messages }
  }

  private static let forms = [
    Form(
      #""system":"Be brief.","messages":[{"role":"user","content":"How is it?"}]"#,
      #""messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"How is it?"}]"#
    ),
    Form(
      #"""
      "system":[{"type":"text","text":"Be "},{"type":"text","text":"brief.","cache_control":
      {"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"How "},
      {"type":"text","text":"is it?","citations":null}]}]
      """#,
      #""messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"How is it?"}]"#
    ),
    Form(
      #"""
      "messages":[{"role":"user","content":"How?"},{"role":"assistant","content":[{"type":
      "thinking","thinking":"Hm.","signature":"a lie"},{"type":"text","text":"Deep."}]},
      {"role":"user","content":"How deep?"}]
      """#,
      #"""
      "messages":[{"role":"user","content":"How?"},{"role":"assistant","content":"Deep.",
      "reasoning_content":"Hm."},{"role":"user","content":"How deep?"}]
      """#
    ),
    Form(
      #"""
      "tools":[{"name":"f","description":"Does.","input_schema":{"type":"object","properties":{"a":
      {"type":"integer"}}}}],"messages":[{"role":"user","content":"How?"},{"role":"assistant",
      "content":[{"type":"text","text":"So."},{"type":"tool_use","id":"c","name":"f","input":
      {"a":1,"b":[true,null,"ü"]}},{"type":"tool_use","id":"d","name":"f","input":{}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text",
      "text":"7"}]},{"type":"tool_result","tool_use_id":"d"},{"type":"text","text":"And?"}]}]
      """#,
      #"""
      "tools":[{"type":"function","function":{"name":"f","description":"Does.","parameters":
      {"type":"object","properties":{"a":{"type":"integer"}}}}}],"messages":[{"role":"user",
      "content":"How?"},{"role":"assistant","content":"So.","tool_calls":[{"id":"c","type":
      "function","function":{"name":"f","arguments":"{\"a\": 1, \"b\": [true, null, \"ü\"]}"}},
      {"id":"d","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool",
      "content":"7","tool_call_id":"c"},{"role":"tool","content":"","tool_call_id":"d"},
      {"role":"user","content":"And?"}]
      """#
    ),
    Form(
      #""messages":[{"role":"user","content":"How?"},{"role":"assistant","content":"It is"}]"#,
      #"""
      "messages":[{"role":"user","content":"How?"},{"role":"assistant","content":"It is",
      "prefix":true}]
      """#
    ),
  ]

  private static let template = """
    <s>{% for m in messages %}{% for call in m.tool_calls or [] %}<tool_call>
    {"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments }}}
    </tool_call>{% endfor %}{% endfor %}\
    {{ tools | tojson }}{{ messages | tojson }}<|assistant|><|answer0|>
    """

  // Where the second prompt is the first one again, all but its last token come from the cache. The
  // template writes all that it is given of messages and tools.
  @Test(arguments: forms)
  func `a conversation has the prompt that it has by the chat endpoint`(_ form: Form) async throws {
    let served = try ServedScript(
      ScriptedModel([.init("It is deep.")]),
      template: Self.template
    )
    let chat = await served.post("/v1/chat/completions", body(form.chat))
    let count = try #require(chat.json?["usage"]?["prompt_tokens"]?.integer, "\(chat.text)")
    let message = await served.post(Self.path, body(form.messages))
    let usage = try #require(message.json?["usage"], "\(message.text)")
    #expect(usage["cache_read_input_tokens"]?.integer == count - 1)
    #expect(usage["input_tokens"]?.integer == 1)
    let text = message.json?["content"]?.array?.compactMap { $0["text"]?.string }.joined()
    #expect(text == chat.message?["content"]?.string)
    let counted = await served.post(
      Self.path + "/count_tokens",
      #"{"model":"scripted",\#(form.messages)}"#
    )
    #expect(counted.json?["input_tokens"]?.integer == count, "\(counted.text)")
  }

  private static let question = #""messages":[{"role":"user","content":"How is it?"}]"#

  @Test func `a user's prompts are found for that user alone`() async throws {
    let served = try Self.served()
    func hits(_ user: String) async throws -> Int? {
      let fields = #"\#(Self.question),"metadata":{"user_id":\#(user)}"#
      let answer = await served.post(Self.path, body(fields))
      return try #require(answer.json?["usage"])["cache_read_input_tokens"]?.integer
    }
    #expect(try await hits(#""a""#) == 0)
    #expect(try await hits(#""a""#) ?? 0 > 0)
    #expect(try await hits(#""b""#) == 0)
    #expect(try await hits("null") == 0)
    let chat = await served.post(
      "/v1/chat/completions",
      body(#"\#(Self.question),"user_id":"a""#)
    )
    #expect(chat.json?["usage"]?["prompt_cache_hit_tokens"]?.integer ?? 0 > 0)
  }

  @Test func `what is not looked at is named in a header`() async throws {
    let answer = await (try Self.served()).post(
      Self.path,
      #"""
      {"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":[{"type":
       "tool_result","tool_use_id":"c","content":"no","is_error":true}]}],"service_tier":"auto",
       "foo":1,"n":7,"stop":"deep","metadata":{"user_id":"u","x":1},"mcp_servers":[],
       "container":null,"thinking":{"type":"adaptive","display":"omitted"},
       "tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"none"},
       "output_config":{"effort":"high","x":2}}
      """#
    )
    #expect(answer.status == 200, "\(answer.text)")
    #expect(
      answer.headers["x-hadal-ignored"]
        == "foo, messages[0].content[0].is_error, metadata.x, n, output_config.x, service_tier, "
        + "stop, thinking.display, tools"
    )
    #expect(answer.json?["content"]?.array?.count == 1)
  }

  @Test func `thinking is switched where the template has a switch`() async throws {
    var script = ScriptedModel([.init("It is deep.")])
    script.hasThinkingSwitch = true
    let served = try ServedScript(script)
    var counts: [Int] = []
    for thinking in [
      #"{"type":"enabled","budget_tokens":2048}"#, #"{"type":"adaptive"}"#, #"{"type":"disabled"}"#,
    ] {
      let answer = await served.post(
        "/v1/messages/count_tokens",
        #"{"model":"scripted",\#(Self.question),"thinking":\#(thinking)}"#
      )
      counts.append(try #require(answer.json?["input_tokens"]?.integer, "\(answer.text)"))
    }
    // The template writes a token where there is to be no thinking.
    #expect(counts[0] == counts[1] && counts[2] == counts[1] + 1, "\(counts)")
  }

  @Test func `an answer keeps to the schema that is asked for`() async throws {
    let schema = #"""
      {"type":"object","properties":{"sure":{"enum":["yes","no"]}},"required":["sure"],
      "additionalProperties":false}
      """#
    let answer = await (try Self.served()).post(
      Self.path,
      #"""
      {"model":"scripted","max_tokens":90,\#(Self.question),"temperature":1,"seed":4,
      "thinking":{"type":"adaptive","budget_tokens":0},
      "output_config":{"format":{"type":"json_schema","schema":\#(schema)}}}
      """#
    )
    let text = answer.json?["content"]?.array?.compactMap { $0["text"]?.string }.joined() ?? ""
    let value = try JSONDocument(Array(text.utf8)).root
    #expect(["yes", "no"].contains(value["sure"]?.string), "\(answer.text)")
  }

  @Test(arguments: ["claude-sonnet-5", "claude-haiku-5"])
  func `the first model answers for Anthropic's, under its own name`(_ name: String) async throws {
    let answer = await (try Self.served()).post(
      Self.path,
      #"{"model":"\#(name)","max_tokens":9,\#(Self.question)}"#
    )
    #expect(answer.json?["model"]?.string == "scripted", "\(answer.text)")
  }

  @Test(arguments: [
    "/anthropic/v1/messages", "/v1/messages", "/messages", "/anthropic/v1/messages/",
  ])
  func `it is reached by the paths that clients use`(_ path: String) async throws {
    let answer = await (try Self.served()).post(path, body(Self.question))
    #expect(answer.json?["type"]?.string == "message", "\(answer.text)")
  }
}
