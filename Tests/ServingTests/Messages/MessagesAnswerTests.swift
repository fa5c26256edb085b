// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON
import Serving
import TestSupport
import Testing

/// `/anthropic/v1/messages`, without HTTP: what is answered, whole and as it comes.
@Suite struct MessagesAnswerTests {
  private static let path = "/anthropic/v1/messages"
  private static let call = #"{"name": "get_weather", "arguments": {"city": "Köln", "days": 2}}"#
  private static let tools = #"""
    [{"name":"get_weather","description":"Says the weather.","input_schema":{"type":"object",
    "properties":{"city":{"enum":["Bonn","Köln"]},"days":{"type":"integer","minimum":0,
    "maximum":9}},"required":["city","days"],"additionalProperties":false}},{"name":"stop",
    "input_schema":{"type":"object","properties":{},"additionalProperties":false}}]
    """#

  private static func thinking() throws -> ServedScript {
    var script = ScriptedModel([.init("Let me see.\nYes.</think>\n\nIt is deep, 深い.")])
    script.opensReasoning = true
    return try ServedScript(script)
  }

  private static func served(_ text: String = "It is deep.") throws -> ServedScript {
    try ServedScript(ScriptedModel([.init(text)]))
  }

  private func body(_ fields: String = "", most: Int = 500) -> String {
    #"""
    {"model":"scripted","max_tokens":\#(most),"messages":[{"role":"user","content":"How is it?"}]
    \#(fields.isEmpty ? "" : ",")\#(fields)}
    """#
  }

  private func blocks(_ answer: ServedScript.Answer) -> [MessageStream.Block] {
    answer.json?["content"]?.array?.map(MessageStream.Block.init) ?? []
  }

  @Test func `a message has the fields that Anthropic's clients read`() async throws {
    let answer = await (try Self.thinking()).post(Self.path, body(#""seed":5"#))
    #expect(answer.status == 200, "\(answer.text)")
    let json = try #require(answer.json)
    #expect(json["type"]?.string == "message" && json["role"]?.string == "assistant")
    #expect(json["id"]?.string == "an-id" && json["model"]?.string == "scripted")
    #expect(
      blocks(answer) == [
        .init(type: "thinking", text: "Let me see.\nYes.", signature: "an-id"),
        .init(type: "text", text: "It is deep, 深い."),
      ]
    )
    #expect(json["stop_reason"]?.string == "end_turn" && json["stop_sequence"]?.isNull == true)
    let usage = try #require(json["usage"])
    #expect(usage["input_tokens"]?.integer ?? 0 > 0)
    #expect(usage["cache_read_input_tokens"]?.integer == 0)
    let thinking = usage["output_tokens_details"]?["thinking_tokens"]?.integer ?? 0
    let tokens = usage["output_tokens"]?.integer ?? 0
    #expect((1..<tokens).contains(thinking))
    #expect(answer.headers["x-hadal-seed"] == "5")
  }

  @Test func `a stream has Anthropic's events in their order`() async throws {
    let answer = await (try Self.thinking()).post(Self.path, body(#""stream":true"#))
    let stream = try MessageStream(answer.text)
    // Deltas that follow each other count once.
    var names: [String] = []
    for name in stream.names where name != "content_block_delta" || names.last != name {
      names.append(name)
    }
    let block = ["content_block_start", "content_block_delta", "content_block_stop"]
    #expect(
      names == ["message_start", block[0], "ping", block[1], block[2]] + block
        + ["message_delta", "message_stop"]
    )
    #expect(stream.blocks.map(\.type) == ["thinking", "text"])
    #expect(stream.blocks.map(\.signature) == ["an-id", nil])
    #expect(stream.start?["content"]?.array?.count == 0)
    #expect(stream.start?["stop_reason"]?.isNull == true)
    #expect(stream.start?["usage"]?["output_tokens"]?.integer == 0)
    #expect(stream.end?["delta"]?["stop_reason"]?.string == "end_turn")
  }

  @Test(arguments: [
    ("It is deep.", ""), ("It is deep.", #""max_tokens":2"#),
    ("It is deep.", #""stop_sequences":["zz","deep"]"#), (call, #""tools":\#(tools)"#),
    (call + "\nIt is deep, 深い, and more.", #""tools":\#(tools)"#),
    (call + "\n" + call, #""tools":\#(tools)"#), (call, #""tools":\#(tools),"max_tokens":4"#),
  ])
  func `a stream says what the whole message says`(_ text: String, _ fields: String) async throws {
    let served = try Self.served(text)
    let body = body(fields).replacing(
      fields.contains("max_tokens") ? #""max_tokens":500,"# : "",
      with: ""
    )
    let whole = await served.post(Self.path, body)
    #expect(whole.status == 200, "\(whole.text)")
    let stream = try MessageStream(
      await served.post(Self.path, String(body.dropLast()) + #","stream":true}"#).text
    )
    let stop = whole.json?["stop_reason"]?.string
    if stop != "max_tokens" { #expect(stream.blocks.map(\.respelled) == blocks(whole)) }
    #expect(stream.blocks.map(\.type) == blocks(whole).map(\.type))
    #expect(stream.end?["delta"]?["stop_reason"]?.string == stop)
    #expect(
      stream.end?["delta"]?["stop_sequence"]?.string == whole.json?["stop_sequence"]?.string
    )
    let tokens = whole.json?["usage"]?["output_tokens"]?.integer
    #expect(stream.end?["usage"]?["output_tokens"]?.integer == tokens)
  }

  // A stop text that never comes holds back what may become it, and so cuts the stream elsewhere.
  @Test func `however a stream is cut, its blocks are the same`() async throws {
    let text = Self.call + "\nIt is deep, 深い, and more."
    let served = try Self.served(text)
    let fields = #""stream":true,"temperature":0,"tools":\#(Self.tools)"#
    let plain = try MessageStream(await served.post(Self.path, body(fields)).text)
    #expect(plain.blocks.map(\.type) == ["tool_use", "text"])
    var cuts: Set<Int> = [plain.names.count]
    let characters = Array(text)
    for index in characters.indices.dropLast() {
      var stop: [UInt8] = []
      JSONText.string(String(characters[index...].prefix(12)) + "|").write(to: &stop)
      let stops = #","stop_sequences":[\#(String(decoding: stop, as: UTF8.self))]"#
      let stream = try MessageStream(await served.post(Self.path, body(fields + stops)).text)
      #expect(stream.blocks == plain.blocks, "\(stops)")
      cuts.insert(stream.names.count)
    }
    #expect(cuts.count > 2, "all streams were cut alike")
  }

  @Test(arguments: [
    ("", "end_turn", nil, "It is deep."),
    (#""stop_sequences":["zzz","is d"]"#, "stop_sequence", "is d", "It "),
    (#""stop_sequences":["s d","is d"]"#, "stop_sequence", "is d", "It "),
  ])
  func `the reason of the end is said, and which stop text it was`(
    _ fields: String,
    _ reason: String,
    _ stop: String?,
    _ text: String
  ) async throws {
    let answer = await (try Self.served()).post(Self.path, body(fields))
    #expect(answer.json?["stop_reason"]?.string == reason, "\(answer.text)")
    #expect(answer.json?["stop_sequence"]?.string == stop)
    #expect(blocks(answer) == [.init(type: "text", text: text)])
  }

  @Test func `an answer that is cut says so, also within a call`() async throws {
    let short = await (try Self.served()).post(Self.path, body(most: 1))
    #expect(short.json?["stop_reason"]?.string == "max_tokens")
    #expect(short.json?["usage"]?["output_tokens"]?.integer == 1)
    let cut = await (try Self.served(Self.call)).post(
      Self.path,
      body(#""tools":\#(Self.tools)"#, most: 4)
    )
    #expect(cut.json?["stop_reason"]?.string == "max_tokens", "\(cut.text)")
    #expect(blocks(cut).allSatisfy { $0.text == "{}" || $0.type != "tool_use" })
  }

  @Test func `a call has its arguments as an object`() async throws {
    let answer = await (try Self.served(Self.call)).post(
      Self.path,
      body(#""tools":\#(Self.tools)"#)
    )
    #expect(answer.json?["stop_reason"]?.string == "tool_use", "\(answer.text)")
    let block = try #require(blocks(answer).first)
    #expect(blocks(answer).count == 1 && block.type == "tool_use" && block.name == "get_weather")
    #expect(block.text == #"{"city":"Köln","days":2}"#)
    #expect(block.id?.hasPrefix("toolu_") == true && block.id?.count == 30)
  }

  @Test func `one call comes where several are not wanted`() async throws {
    let served = try Self.served()
    func counts(_ choice: String) async -> [Int] {
      var counts: [Int] = []
      for seed in 1...8 {
        let fields =
          #""tools":\#(Self.tools),"tool_choice":{"type":"any"\#(choice)},"temperature":2,"#
          + #""thinking":{"type":"adaptive","budget_tokens":0},"seed":\#(seed)"#
        let answer = await served.post(Self.path, body(fields))
        counts.append(blocks(answer).count { $0.type == "tool_use" })
      }
      return counts
    }
    #expect(await counts(#","disable_parallel_tool_use":true"#).allSatisfy { $0 == 1 })
    #expect(await counts("").contains { $0 > 1 })
  }

  // The same conversation, seed and choice by both endpoints: one engine, one sampler, one constraint.
  @Test(arguments: 1...6)
  func `an answer is the text that the chat endpoint gives`(_ seed: Int) async throws {
    let served = try Self.served()
    let fields = #""temperature":2,"seed":\#(seed),"top_p":0.9,"top_k":50"#
    let chat = await served.post("/v1/chat/completions", body(fields, most: 40))
    let message = await served.post(Self.path, body(fields, most: 40))
    #expect(blocks(message).map(\.text).joined() == chat.message?["content"]?.string)
    let tools = #"""
      [{"type":"function","function":{"name":"pick","description":"Picks.","parameters":{"type":
      "object","properties":{"n":{"type":"integer","minimum":0,"maximum":99999}},"required":["n"],
      "additionalProperties":false}}}]
      """#
    let own = #"""
      [{"name":"pick","description":"Picks.","input_schema":{"type":"object","properties":{"n":
      {"type":"integer","minimum":0,"maximum":99999}},"required":["n"],
      "additionalProperties":false}}]
      """#
    let called = await served.post(
      "/v1/chat/completions",
      body(
        fields + #","tools":\#(tools),"tool_choice":"required","parallel_tool_calls":false,"#
          + #""thinking_budget":0"#
      )
    )
    let used = await served.post(
      Self.path,
      body(
        fields
          + #","tools":\#(own),"tool_choice":{"type":"any","disable_parallel_tool_use":true},"#
          + #""thinking":{"type":"adaptive","budget_tokens":0}"#
      )
    )
    let call = called.message?["tool_calls"]?.array?.first { _ in true }?["function"]
    let arguments = try JSONDocument(Array((call?["arguments"]?.string ?? "").utf8)).root
    let block = try #require(blocks(used).last, "\(used.text)")
    #expect(block.text == JSONText(arguments).text, "\(called.text)")
    #expect(used.json?["stop_reason"]?.string == "tool_use")
  }

  @Test func `who stops listening to a stream ends its answer`() async throws {
    let served = try ServedScript(ScriptedModel([.init("on and ", isEndless: true)]))
    let reply = try await served.endpoints.reply(
      method: "POST",
      path: Self.path,
      body: Array(body(#""stream":true"#).utf8)
    )
    guard case .events(let run, _) = reply else {
      Issue.record("no stream")
      return
    }
    var stream = AnswerStream(run)
    for _ in 0..<5 { _ = await stream.next() }
    stream.cancel()
    var last: [UInt8] = []
    while let bytes = await stream.next() { last = bytes }
    for _ in 0..<400 where served.ended.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try served.ended.first?.get().finish == .cancelled)
    let text = String(decoding: last, as: UTF8.self)
    #expect(text.isEmpty || text.contains("event: error"), "\(text)")
  }
}
