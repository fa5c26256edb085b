// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// Answers that call functions, whole and streamed.
@Suite struct ToolAnswerTests {
  private static let call = #"{"name": "get_weather", "arguments": {"city": "Köln", "days": 2}}"#
  private static let tools = #"""
    [{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":
    {"city":{"enum":["Bonn","Köln"]},"days":{"type":"integer","minimum":0,"maximum":9}},"required":
    ["city","days"],"additionalProperties":false}}},{"type":"function","function":{"name":"stop",
    "parameters":{"type":"object","properties":{},"additionalProperties":false}}}]
    """#

  private static func served(_ text: String) throws -> ServedScript {
    try ServedScript(ScriptedModel([.init(text)]))
  }

  private func body(_ fields: String) -> String {
    #"""
    {"model":"scripted","messages":[{"role":"user","content":"How is it?"}],"temperature":0,
     "tools":\#(Self.tools)\#(fields.isEmpty ? "" : ",")\#(fields)}
    """#
  }

  private func calls(_ message: JSONValue?) -> [JSONValue] {
    message?["tool_calls"]?.array.map(Array.init) ?? []
  }

  @Test func `a call is told apart from the text, with its arguments as they were written`()
    async throws
  {
    let answer = await (try Self.served(Self.call)).post("/v1/chat/completions", body(""))
    #expect(answer.status == 200, "\(answer.text)")
    #expect(answer.choice(0)?["finish_reason"]?.string == "tool_calls")
    #expect(answer.message?["content"]?.string == "")
    let call = try #require(calls(answer.message).first)
    #expect(call["function"]?["name"]?.string == "get_weather")
    #expect(call["function"]?["arguments"]?.string == #"{"city": "Köln", "days": 2}"#)
    #expect(call["type"]?.string == "function" && call["index"]?.integer == 0)
    let id = try #require(call["id"]?.string)
    #expect(id.hasPrefix("call_00_") && id.count == 28)
  }

  @Test func `a stream says the same in deltas, name and id first`() async throws {
    let served = try Self.served(Self.call)
    let whole = await served.post("/v1/chat/completions", body(""))
    let stream = await served.post("/v1/chat/completions", body(#""stream":true"#))
    let deltas = stream.deltas().flatMap { $0["tool_calls"]?.array.map(Array.init) ?? [] }
    #expect(deltas.first?["id"]?.string == calls(whole.message).first?["id"]?.string)
    #expect(deltas.first?["function"]?["name"]?.string == "get_weather")
    #expect(deltas.first?["function"]?["arguments"]?.string == "")
    #expect(deltas.dropFirst().allSatisfy { $0["id"] == nil && $0["function"]?["name"] == nil })
    #expect(deltas.count > 2)
    let arguments = deltas.map { $0["function"]?["arguments"]?.string ?? "" }.joined()
    #expect(arguments == calls(whole.message).first?["function"]?["arguments"]?.string)
    #expect(stream.deltas().allSatisfy { $0["content"]?.string ?? "" == "" })
    let finish = stream.chunks.compactMap { $0["choices"]?.array.map(Array.init)?.first }
      .compactMap { $0["finish_reason"]?.string }
    #expect(finish == ["tool_calls"])
  }

  @Test func `what is no call of a known function is text`() async throws {
    let unknown = #"{"name": "fly", "arguments": {}}"#
    let answer = await (try Self.served(unknown)).post("/v1/chat/completions", body(""))
    #expect(answer.message?["content"]?.string == unknown && calls(answer.message).isEmpty)
    #expect(answer.choice(0)?["finish_reason"]?.string == "stop")
    let none = body(#""tool_choice":"none""#)
    let untold = await (try Self.served(Self.call)).post("/v1/chat/completions", none)
    #expect(untold.message?["content"]?.string == Self.call && calls(untold.message).isEmpty)
  }

  @Test func `a call that is cut ends by its length`() async throws {
    let served = try Self.served(Self.call)
    let answer = await served.post("/v1/chat/completions", body(#""max_tokens":4"#))
    #expect(answer.choice(0)?["finish_reason"]?.string == "length", "\(answer.text)")
  }

  @Test(arguments: [
    (#""tool_choice":"required""#, ["get_weather", "stop"]),
    (#""tool_choice":{"type":"function","function":{"name":"get_weather"}}"#, ["get_weather"]),
  ])
  func `a model that must call does, with arguments that fit`(
    _ choice: String,
    _ names: [String]
  ) async throws {
    let served = try Self.served("It is deep.")
    for seed in 1...4 {
      let fields =
        choice
        + #","temperature":1,"parallel_tool_calls":false,"thinking_budget":3,"seed":\#(seed)"#
      let answer = await served.post(
        "/v1/chat/completions",
        body(fields).replacingFirst(#""temperature":0,"#, with: "")
      )
      #expect(answer.choice(0)?["finish_reason"]?.string == "tool_calls", "\(answer.text)")
      let calls = calls(answer.message)
      #expect(calls.count == 1 && answer.message?["content"]?.string == "")
      let function = try #require(calls.first?["function"])
      #expect(names.contains(function["name"]?.string ?? ""))
      let text = try #require(function["arguments"]?.string)
      let arguments = try JSONDocument(Array(text.utf8)).root
      guard function["name"]?.string == "get_weather" else { continue }
      #expect(["Bonn", "Köln"].contains(arguments["city"]?.string))
      #expect((0...9).contains(arguments["days"]?.integer ?? -1))
    }
  }

  @Test func `a strict function's arguments fit also where the model calls by itself`() async throws
  {
    // The script wants seven days and a town that is not there.
    let text = #"{"name": "get_weather", "arguments": {"city": "Rome", "days": 77}}"#
    let strict = body("").replacingFirst(
      #""name":"get_weather","#,
      with: #""name":"get_weather","strict":true,"#
    )
    let answer = await (try Self.served(text)).post("/v1/chat/completions", strict)
    let call = try #require(calls(answer.message).first, "\(answer.text)")
    let written = try #require(call["function"]?["arguments"]?.string)
    let arguments = try JSONDocument(Array(written.utf8)).root
    #expect(["Bonn", "Köln"].contains(arguments["city"]?.string))
    #expect((0...9).contains(arguments["days"]?.integer ?? -1))
  }

  @Test func `many functions with large schemas may be called in parallel`() async throws {
    let properties = (0..<9).map {
      #""p\#($0)":{"type":["string","number","null"],"maxLength":40}"#
    }
    let schema = #"{"type":"object","properties":{\#(properties.joined(separator: ","))}}"#
    let tools = (0..<8).map {
      #"{"type":"function","function":{"name":"f\#($0)","parameters":\#(schema)}}"#
    }
    let answer = await (try Self.served("It is deep.")).post(
      "/v1/chat/completions",
      #"""
      {"model":"scripted","messages":[{"role":"user","content":"?"}],"temperature":0,"max_tokens":30,
       "thinking_budget":0,"tool_choice":"required","tools":[\#(tools.joined(separator: ","))]}
      """#
    )
    #expect(answer.status == 200, "\(answer.text)")
  }

  @Test func `a message that is gone on with cannot become a call`() async throws {
    let answer = await (try Self.served("It is deep.")).post(
      "/v1/chat/completions",
      #"""
      {"model":"scripted","messages":[{"role":"user","content":"?"},{"role":"assistant","content":
       "I","prefix":true}],"tool_choice":"required","tools":\#(Self.tools)}
      """#
    )
    #expect(answer.status == 400 && answer.text.contains("tool_choice"), "\(answer.text)")
  }

  @Test func `the template is told of the tools`() async throws {
    let served = try Self.served("It is deep.")
    let prompt = await served.post("/apply-template", body(""))
    #expect(prompt.text.contains("get_weather") && prompt.text.contains("Köln"))
    let none = await served.post("/apply-template", body(#""tool_choice":"none""#))
    #expect(!none.text.contains("get_weather"))
  }
}

extension String {
  /// The text with the first place of another one replaced.
  fileprivate func replacingFirst(_ text: String, with other: String) -> String {
    guard let range = firstRange(of: text) else { return self }
    return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
