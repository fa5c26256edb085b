// SPDX-License-Identifier: Apache-2.0

import JSON
import Serving
import TestSupport
import Testing

/// What the API says to requests that it does not answer.
@Suite struct APIErrorTests {
  private static let served = try? ServedScript(ScriptedModel([.init("It is deep.")]))
  private static let messages = #""messages":[{"role":"user","content":"How is it?"}]"#

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
    static func with(_ member: String, _ status: Int, _ field: String) -> Fault {
      Fault(#"{"model":"scripted",\#(messages),\#(member)}"#, status, field)
    }

    var testDescription: String { body }
  }

  private static let faults = [
    Fault("", 400, nil), Fault("[]", 400, nil), Fault(#"{"model":"scripted""#, 400, nil),
    Fault(#"{"model":"scripted"}"#, 400, "messages"), Fault(#"{\#(messages)}"#, 400, "model"),
    Fault(#"{"model":7,\#(messages)}"#, 400, "model"),
    Fault(#"{"model":"x",\#(messages)}"#, 404, "model"),
    Fault(#"{"model":"scripted","model":"scripted",\#(messages)}"#, 400, "model"),
    Fault(#"{"model":"scripted","messages":[]}"#, 400, "messages"),
    Fault(#"{"model":"scripted","messages":[7]}"#, 400, "messages[0]"),
    Fault(#"{"model":"scripted","messages":[{"content":"a"}]}"#, 400, "messages[0].role"),
    Fault(
      #"{"model":"scripted","messages":[{"role":"king","content":"a"}]}"#,
      400,
      "messages[0].role"
    ),
    Fault(#"{"model":"scripted","messages":[{"role":"user"}]}"#, 400, "messages[0].content"),
    Fault(
      #"{"model":"scripted","messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#,
      400,
      "messages[0].content[0]"
    ),
    Fault(
      #"{"model":"scripted","messages":[{"role":"user","content":"a","prefix":true}]}"#,
      400,
      "messages[0].prefix"
    ),
    .with(#""temperature":"hot""#, 400, "temperature"),
    .with(#""temperature":-1"#, 422, "temperature"),
    .with(#""temperature":1e999"#, 422, "temperature"), .with(#""top_p":0"#, 422, "top_p"),
    .with(#""max_tokens":0"#, 422, "max_tokens"), .with(#""max_tokens":-5"#, 422, "max_tokens"),
    .with(#""max_tokens":1.5"#, 400, "max_tokens"),
    .with(#""max_tokens":99999999999999999999"#, 400, "max_tokens"),
    .with(#""n":0"#, 422, "n"), .with(#""n":1000000"#, 422, "n"),
    .with(#""seed":"x""#, 400, "seed"),
    .with(#""stop":[1]"#, 400, "stop"),
    .with(
      #""stop":["a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a"]"#,
      422,
      "stop"
    ),
    .with(#""top_logprobs":3"#, 400, "top_logprobs"),
    .with(#""logprobs":true,"top_logprobs":21"#, 422, "top_logprobs"),
    .with(#""logit_bias":{"x":1}"#, 400, "logit_bias"),
    .with(#""logit_bias":{"1":101}"#, 422, "logit_bias"),
    .with(#""stream_options":{}"#, 400, "stream_options"), .with(#""stream":1"#, 400, "stream"),
    .with(#""thinking":{"type":"maybe"}"#, 400, "thinking"),
    .with(#""thinking":{"type":"disabled"}"#, 400, "thinking"),
    .with(#""thinking":{"budget_tokens":-1}"#, 422, "thinking.budget_tokens"),
    .with(#""thinking_budget":"few""#, 400, "thinking_budget"),
    .with(#""reasoning_effort":"most""#, 400, "reasoning_effort"),
    .with(#""functions":[]"#, 400, "functions"),
    .with(#""modalities":["audio"]"#, 400, "modalities"),
    .with(#""tools":[{"type":"custom"}]"#, 400, "tools[0].type"),
    .with(#""tools":[{"type":"function"}]"#, 400, "tools[0].type"),
    .with(
      #""tools":[{"type":"function","function":{"name":"a b"}}]"#,
      400,
      "tools[0].function.name"
    ),
    .with(#""tools":[\#(tool("f")),\#(tool("f"))]"#, 400, "tools"),
    .with(#""tools":[\#(tool("f"))],"tool_choice":"maybe""#, 400, "tool_choice"),
    .with(
      #""tools":[\#(tool("f"))],"tool_choice":{"type":"function","name":"f"}"#,
      400,
      "tool_choice"
    ),
    .with(
      #""tools":[\#(tool("f"))],"tool_choice":{"type":"function","function":{"name":"g"}}"#,
      400,
      "tool_choice"
    ),
    .with(#""tool_choice":"required""#, 400, "tools"),
    .with(
      #""tools":[\#(tool("f", strict: #"{"type":"object","properties":{"a":{}}}"#))]"#,
      400,
      "tools[0].function.parameters"
    ),
    .with(#""response_format":{"type":"xml"}"#, 400, "response_format.type"),
    .with(#""response_format":{"type":"json_schema"}"#, 400, "response_format.json_schema"),
    .with(
      #""response_format":\#(format(#"{"not":{}}"#))"#,
      400,
      "response_format.json_schema.schema"
    ),
    .with(
      #""response_format":\#(format(##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}"##))"#,
      400,
      "response_format.json_schema.schema"
    ),
    .with(#""response_format":{"type":"json_object"},"ignore_eos":true"#, 400, "ignore_eos"),
  ]

  private static func tool(_ name: String, strict schema: String? = nil) -> String {
    let more = schema.map { #","strict":true,"parameters":\#($0)"# } ?? ""
    return #"{"type":"function","function":{"name":"\#(name)"\#(more)}}"#
  }

  private static func format(_ schema: String) -> String {
    #"{"type":"json_schema","json_schema":{"name":"x","schema":\#(schema)}}"#
  }

  @Test(arguments: faults)
  func `a request at fault is refused with its field`(_ fault: Fault) async throws {
    let served = try #require(Self.served)
    let answer = await served.post("/v1/chat/completions", fault.body)
    #expect(answer.status == fault.status, "\(answer.text)")
    let error = try #require(answer.json?["error"])
    #expect(error["param"]?.string == fault.field, "\(answer.text)")
    #expect(error["message"]?.string?.isEmpty == false && error["type"]?.string != nil)
    #expect(error["code"]?.string != nil)
  }

  @Test func `malformed JSON is named with its place`() async throws {
    let served = try #require(Self.served)
    let answer = await served.post("/v1/chat/completions", #"{"model":"scripted",}"#)
    #expect(answer.json?["error"]?["message"]?.string?.contains("line 1, byte 20") == true)
  }

  @Test func `a prompt that does not fit is refused with both counts`() async throws {
    let served = try #require(Self.served)
    let long = String(repeating: "deep ", count: 3000)
    let answer = await served.post(
      "/v1/chat/completions",
      #"{"model":"scripted","messages":[{"role":"user","content":"\#(long)"}]}"#
    )
    #expect(answer.status == 400)
    let error = try #require(answer.json?["error"])
    #expect(error["code"]?.string == "context_length_exceeded")
    #expect(error["n_ctx"]?.integer == 8192 && error["n_prompt_tokens"]?.integer ?? 0 > 8192)
  }

  @Test(arguments: [
    ("POST", "/v1/embeddings", 404), ("GET", "/", 404), ("POST", "/v1/responses", 404),
    ("GET", "/v1/chat/completions", 405), ("DELETE", "/v1/models", 405),
  ])
  func `other paths are answered with what there is`(
    _ method: String,
    _ path: String,
    _ status: Int
  ) async throws {
    let answer = await (try #require(Self.served)).answer(method, path)
    #expect(answer.status == status)
    #expect(answer.text.contains("POST /v1/chat/completions"))
  }

  @Test(arguments: [
    "/models", "/v1/models/", "/v1/models/scripted", "/v1/models/scr%69pted",
    "/v1/models/deepseek-reasoner",
  ])
  func `models are listed, and found by name`(_ path: String) async throws {
    let answer = await (try #require(Self.served)).answer("GET", path)
    #expect(answer.status == 200 && answer.text.contains(#""id":"scripted""#))
  }
}
