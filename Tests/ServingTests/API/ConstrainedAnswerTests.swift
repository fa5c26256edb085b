// SPDX-License-Identifier: Apache-2.0

import JSON
import Serving
import TestSupport
import Testing

/// Answers that must have a form, and reasoning that is ended.
@Suite struct ConstrainedAnswerTests {
  private static let schema = #"""
    {"type":"object","properties":{"name":{"enum":["Ada","Zoë"]},"age":{"type":"integer","minimum":10,
    "maximum":99},"tags":{"type":"array","items":{"type":"boolean"},"maxItems":2}},
    "required":["name","age","tags"],"additionalProperties":false}
    """#

  private func body(_ fields: String) -> String {
    #"""
    {"model":"scripted","messages":[{"role":"user","content":"How is it?"}],\#(fields)}
    """#
  }

  private static let format =
    #""response_format":{"type":"json_schema","json_schema":{"name":"a","schema":\#(schema)}}"#

  private func check(_ text: String?) throws {
    let text = try #require(text)
    let value = try JSONDocument(Array(text.utf8)).root
    #expect(["Ada", "Zoë"].contains(value["name"]?.string), "\(text)")
    #expect((10...99).contains(value["age"]?.integer ?? 0), "\(text)")
    #expect(value["tags"]?.array?.count ?? 3 <= 2, "\(text)")
  }

  @Test(arguments: [0, 1]) func `an answer fits its schema, whatever the model wants`(
    _ temperature: Int
  ) async throws {
    let served = try ServedScript(ScriptedModel([.init("It is deep.")]))
    let fields = Self.format + #","n":3,"thinking_budget":3,"seed":3,"temperature":\#(temperature)"#
    let answer = await served.post("/v1/chat/completions", body(fields))
    #expect(answer.status == 200, "\(answer.text)")
    for index in 0..<3 {
      try check(answer.choice(index)?["message"]?["content"]?.string)
      #expect(answer.choice(index)?["finish_reason"]?.string == "stop")
    }
  }

  @Test func `reasoning is free, and the answer behind it fits`() async throws {
    var script = ScriptedModel([.init("Let me see. Yes.</think> It is deep.")])
    script.opensReasoning = true
    let answer = await (try ServedScript(script)).post(
      "/v1/chat/completions",
      body(Self.format + #","temperature":0"#)
    )
    #expect(answer.message?["reasoning_content"]?.string == "Let me see. Yes.")
    try check(answer.message?["content"]?.string)
  }

  @Test func `a reasoning that would end the answer goes on, for the answer to come`() async throws
  {
    // The script ends within its reasoning.
    var script = ScriptedModel([.init("Let me see.")])
    script.opensReasoning = true
    let fields = #""thinking":{"budget_tokens":20,"type":"enabled"},"temperature":0"#
    let answer = await (try ServedScript(script)).post(
      "/v1/chat/completions",
      body(Self.format + "," + fields)
    )
    #expect(answer.message?["reasoning_content"]?.string?.hasPrefix("Let me see.") == true)
    try check(answer.message?["content"]?.string)
  }

  @Test func `a message that is gone on with is the beginning of the form`() async throws {
    let served = try ServedScript(ScriptedModel([.init("It is deep.")]))
    func answer(_ prefix: String) async -> ServedScript.Answer {
      await served.post(
        "/v1/chat/completions",
        #"""
        {"model":"scripted","messages":[{"role":"user","content":"?"},{"role":"assistant",
         "content":"\#(prefix)","prefix":true}],"temperature":0,\#(Self.format)}
        """#
      )
    }
    let begun = #"{\"name\":\"Zo"#
    let fitting = await answer(begun)
    try check(#"{"name":"Zo"# + (fitting.message?["content"]?.string ?? ""))
    #expect(await answer("It is").status == 400)
  }

  @Test func `any object is JSON as far as it comes`() async throws {
    let served = try ServedScript(ScriptedModel([.init("It is deep.")]))
    let fields = #""response_format":{"type":"json_object"},"temperature":0,"max_tokens":1"#
    let answer = await served.post("/v1/chat/completions", body(fields))
    #expect(answer.message?["content"]?.string?.hasPrefix("{") == true, "\(answer.text)")
  }

  @Test func `reasoning ends at its budget`() async throws {
    var script = ScriptedModel([.init("on and ", isEndless: true)])
    script.opensReasoning = true
    let fields = #""thinking":{"type":"enabled","budget_tokens":7},"temperature":0,"max_tokens":40"#
    let answer = await (try ServedScript(script)).post("/v1/chat/completions", body(fields))
    #expect(answer.status == 200, "\(answer.text)")
    let words = answer.message?["reasoning_content"]?.string?.split(separator: " ") ?? []
    #expect((5...7).contains(words.count), "\(words)")
    #expect(answer.message?["content"]?.string?.isEmpty == false)
  }

  @Test func `a person ends the reasoning of an answer that streams`() async throws {
    var script = ScriptedModel([.init("on and ", isEndless: true)])
    script.opensReasoning = true
    let served = try ServedScript(script)
    let reply = try await served.endpoints.reply(
      method: "POST",
      path: "/chat/completions",
      body: Array(body(#""stream":true,"temperature":0,"max_tokens":4000"#).utf8)
    )
    guard case .events(let run, _) = reply else {
      Issue.record("no stream")
      return
    }
    var stream = AnswerStream(run)
    for _ in 0..<5 { _ = await stream.next() }
    let ended = await served.post("/v1/thinking/end", #"{"id":"an-id"}"#)
    #expect(ended.status == 200, "\(ended.text)")
    var text = ""
    while let more = await stream.next() {
      text += String(decoding: more, as: UTF8.self)
      if text.contains(#""content":""#) { break }
    }
    #expect(text.contains(#""content":""#), "\(text.suffix(300))")
    stream.cancel()
    let unknown = await served.post("/v1/thinking/end", #"{"id":"another"}"#)
    #expect(unknown.status == 404)
  }
}
