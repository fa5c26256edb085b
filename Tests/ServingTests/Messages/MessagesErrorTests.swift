// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON
import Serving
import TestSupport
import Testing

/// What `/anthropic/v1/messages` says to requests that it does not answer.
@Suite struct MessagesErrorTests {
  private static let served = try? ServedScript(ScriptedModel([.init("It is deep.")]))
  private static let path = "/anthropic/v1/messages"

  /// A body, the status, and the field that the error names.
  struct Fault: CustomTestStringConvertible {
    let body: String
    let status: Int
    let field: String?

    init(_ body: String, _ status: Int, _ field: String?) {
      self.body = body
      self.status = status
      self.field = field
    }

    /// A request that is right but for one member.
    static func with(_ member: String, _ field: String, _ status: Int = 400) -> Fault {
      Fault(
        #"{"model":"scripted","max_tokens":9,"messages":[{"role":"user","content":"a"}],\#(member)}"#,
        status,
        field
      )
    }

    /// A request of one message.
    static func message(_ message: String, _ field: String) -> Fault {
      Fault(
        #"{"model":"scripted","max_tokens":9,"messages":[\#(message)]}"#,
        400,
        "messages[0]\(field)"
      )
    }

    /// A request of one user's message with one block.
    static func block(_ block: String, _ field: String, role: String = "user") -> Fault {
      message(#"{"role":"\#(role)","content":[\#(block)]}"#, ".content[0]\(field)")
    }

    var testDescription: String { body }
  }

  private static let bodies = [
    Fault("", 400, nil), Fault("[]", 400, nil), Fault(#"{"model":"scripted""#, 400, nil),
    Fault(#"{"model":"scripted","messages":[{"role":"user","content":"a"}]}"#, 400, "max_tokens"),
    Fault(#"{"model":"scripted","max_tokens":9}"#, 400, "messages"),
    Fault(#"{"max_tokens":9,"messages":[]}"#, 400, "model"),
    Fault(#"{"model":"x","max_tokens":9,"messages":[]}"#, 404, "model"),
    Fault(#"{"model":"scripted","max_tokens":9,"messages":[]}"#, 400, "messages"),
    Fault(
      #"{"model":"scripted","max_tokens":0,"messages":[{"role":"user","content":"a"}]}"#,
      400,
      "max_tokens"
    ),
    Fault(
      #"{"model":"scripted","max_tokens":"9","messages":[{"role":"user","content":"a"}]}"#,
      400,
      "max_tokens"
    ),
    .message("7", ""), .message(#"{"content":"a"}"#, ".role"),
    .message(#"{"role":"system","content":"a"}"#, ".role"),
    .message(#"{"role":"user"}"#, ".content"),
    .message(#"{"role":"user","content":7}"#, ".content"),
    .message(#"{"role":"assistant","content":null}"#, ".content"),
  ]

  private static let blocks: [Fault] = [
    .block("7", ""), .block("{}", ".type"), .block(#"{"type":"text"}"#, ".text"),
    .block(#"{"type":"text","text":7}"#, ".text"),
    .block(#"{"type":"image","source":{}}"#, ".type"),
    .block(#"{"type":"document","source":{}}"#, ".type"),
    .block(#"{"type":"search_result"}"#, ".type"),
    .block(#"{"type":"tool_use","id":"c","name":"f","input":{}}"#, ".type"),
    .block(#"{"type":"tool_result","content":"a"}"#, ".tool_use_id"),
    .block(#"{"type":"tool_result","tool_use_id":"c","content":7}"#, ".content"),
    .block(
      #"{"type":"tool_result","tool_use_id":"c","content":[{"type":"image"}]}"#,
      ".content[0].type"
    ),
    .block(#"{"type":"tool_result","tool_use_id":"c","is_error":"no"}"#, ".is_error"),
    .block(#"{"type":"tool_result","tool_use_id":"c"}"#, ".type", role: "assistant"),
    .block(#"{"type":"thinking"}"#, ".thinking", role: "assistant"),
    .block(#"{"type":"redacted_thinking","data":"x"}"#, ".type", role: "assistant"),
    .block(#"{"type":"server_tool_use","id":"c"}"#, ".type", role: "assistant"),
    .block(#"{"type":"tool_use","name":"f","input":{}}"#, ".id", role: "assistant"),
    .block(#"{"type":"tool_use","id":"c","input":{}}"#, ".name", role: "assistant"),
    .block(#"{"type":"tool_use","id":"c","name":"f"}"#, ".input", role: "assistant"),
    .block(#"{"type":"tool_use","id":"c","name":"f","input":"{}"}"#, ".input", role: "assistant"),
    .message(
      #"{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]}"#,
      ".content"
    ),
  ]

  private static let tool = #"{"name":"f","input_schema":{"type":"object"}}"#

  private static let fields: [Fault] = [
    .with(#""system":7"#, "system"), .with(#""system":[{"type":"image"}]"#, "system[0].type"),
    .with(#""temperature":2.5"#, "temperature"), .with(#""top_p":0"#, "top_p"),
    .with(#""top_k":"a""#, "top_k"), .with(#""stream":1"#, "stream"),
    .with(#""stop_sequences":"a""#, "stop_sequences"),
    .with(#""stop_sequences":[1]"#, "stop_sequences"),
    .with(
      #""stop_sequences":[\#([String](repeating: #""a""#, count: 17).joined(separator: ","))]"#,
      "stop_sequences"
    ),
    .with(#""metadata":7"#, "metadata"), .with(#""metadata":{"user_id":7}"#, "metadata.user_id"),
    .with(
      #""metadata":{"user_id":"\#(String(repeating: "a", count: 513))"}"#,
      "metadata.user_id"
    ),
    .with(#""thinking":{"type":"maybe"}"#, "thinking.type"),
    .with(#""thinking":{"budget_tokens":3}"#, "thinking.type"),
    .with(#""thinking":{"type":"enabled","budget_tokens":-1}"#, "thinking.budget_tokens"),
    .with(#""thinking":{"type":"disabled"}"#, "thinking"),
    .with(#""output_config":{"effort":"most"}"#, "output_config.effort"),
    .with(#""output_config":{"effort":"none"}"#, "output_config.effort"),
    .with(#""output_config":{"format":{"type":"xml"}}"#, "output_config.format.type"),
    .with(#""output_config":{"format":{"type":"json_schema"}}"#, "output_config.format.schema"),
    .with(
      #""output_config":{"format":{"type":"json_schema","schema":{"not":{}}}}"#,
      "output_config.format.schema"
    ),
    .with(#""output_format":{"type":"json_schema"}"#, "output_format"),
    .with(#""mcp_servers":[{"type":"url"}]"#, "mcp_servers"),
    .with(#""container":"c""#, "container"),
    .with(#""tools":7"#, "tools"), .with(#""tools":[7]"#, "tools[0]"),
    .with(#""tools":[{"name":"f"}]"#, "tools[0].input_schema"),
    .with(#""tools":[{"name":"f","input_schema":7}]"#, "tools[0].input_schema"),
    .with(#""tools":[{"name":"a b","input_schema":{}}]"#, "tools[0].name"),
    .with(#""tools":[{"input_schema":{}}]"#, "tools[0].name"),
    .with(#""tools":[\#(tool),\#(tool)]"#, "tools"),
    .with(#""tools":[{"type":"web_search_20250305","name":"web_search"}]"#, "tools[0].type"),
    .with(#""tools":[{"type":"bash_20250124","name":"bash"}]"#, "tools[0].type"),
    .with(
      #""tools":[{"name":"f","strict":true,"input_schema":{"type":"object","properties":{"a":{}}}}]"#,
      "tools[0].input_schema"
    ),
    .with(#""tools":[\#(tool)],"tool_choice":"auto""#, "tool_choice"),
    .with(#""tools":[\#(tool)],"tool_choice":{"type":"maybe"}"#, "tool_choice.type"),
    .with(#""tools":[\#(tool)],"tool_choice":{}"#, "tool_choice.type"),
    .with(#""tools":[\#(tool)],"tool_choice":{"type":"tool"}"#, "tool_choice.name"),
    .with(#""tools":[\#(tool)],"tool_choice":{"type":"tool","name":"g"}"#, "tool_choice"),
    .with(#""tool_choice":{"type":"any"}"#, "tools"),
    .with(
      #""tool_choice":{"type":"auto","disable_parallel_tool_use":1}"#,
      "tool_choice.disable_parallel_tool_use"
    ),
  ]

  @Test(arguments: bodies + blocks + fields)
  func `a request at fault is refused with its field, in Anthropic's form`(
    _ fault: Fault
  ) async throws {
    let served = try #require(Self.served)
    for body in [
      fault.body, fault.body.replacing("max_tokens\":9", with: "max_tokens\":9,\"stream\":true"),
    ] {
      let answer = await served.post(Self.path, body)
      #expect(answer.status == fault.status, "\(answer.text)")
      #expect(answer.json?["type"]?.string == "error")
      let error = try #require(answer.json?["error"])
      let type = fault.status == 404 ? "not_found_error" : "invalid_request_error"
      #expect(error["type"]?.string == type)
      #expect(error["message"]?.string?.isEmpty == false)
      if body == fault.body {
        #expect(error["details"]?["param"]?.string == fault.field, "\(answer.text)")
      }
    }
  }

  @Test func `a prompt that does not fit is refused with both counts, and counted`() async throws {
    let served = try #require(Self.served)
    let long = String(repeating: "deep ", count: 3000)
    let messages = #""messages":[{"role":"user","content":"\#(long)"}]"#
    let answer = await served.post(
      Self.path,
      #"{"model":"scripted","max_tokens":9,\#(messages)}"#
    )
    #expect(answer.status == 400)
    let details = try #require(answer.json?["error"]?["details"])
    #expect(details["error_code"]?.string == "context_length_exceeded")
    let count = details["n_prompt_tokens"]?.integer
    #expect(details["n_ctx"]?.integer == 8192 && count ?? 0 > 8192)
    let counted = await served.post(
      Self.path + "/count_tokens",
      #"{"model":"scripted",\#(messages)}"#
    )
    #expect(counted.json?["input_tokens"]?.integer == count)
  }

  @Test(arguments: [
    ("POST", "/anthropic/v1/complete", 404), ("GET", "/anthropic/v1/messages", 405),
    ("POST", "/anthropic/v1/messages/batches", 404), ("GET", "/v1/messages", 405),
  ])
  func `other paths are answered in Anthropic's form, with what there is`(
    _ method: String,
    _ path: String,
    _ status: Int
  ) async throws {
    let answer = await (try #require(Self.served)).answer(method, path)
    #expect(answer.status == status && answer.json?["type"]?.string == "error", "\(answer.text)")
    #expect(answer.text.contains("POST /anthropic/v1/messages"))
  }

  @Test func `a busy server says that it is overloaded`() async throws {
    let limits = EngineLimits(sequenceCount: 1, cacheByteCount: 1 << 28, waitingCount: 0)
    let served = try ServedScript(
      ScriptedModel([.init("on and ", isEndless: true)]),
      limits: limits
    )
    let body = #"""
      {"model":"scripted","max_tokens":4000,"stream":true,"messages":[{"role":"user","content":
      "a"}]}
      """#
    // Nothing may wait: of many at once some are refused.
    let answers = await withTaskGroup(of: ServedScript.Answer.self) { group in
      for _ in 0..<6 { group.addTask { await served.post(Self.path, body) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let refused = answers.filter { $0.status != 200 }
    #expect(!refused.isEmpty)
    for answer in refused {
      #expect(answer.status == 529, "\(answer.text)")
      #expect(answer.json?["error"]?["type"]?.string == "overloaded_error")
    }
  }
}
