// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSON
import TestSupport
import Testing

/// `/completions` that repeat their prompts with what its tokens are worth, as evaluations ask.
@Suite struct EchoTests {
  private static func served() throws -> ServedScript {
    try ServedScript(ScriptedModel([.init("It is deep."), .init("Very.")]))
  }

  private func body(_ fields: String) -> String {
    #"{"model":"scripted","prompt":"How is it?","max_tokens":1,"temperature":0,\#(fields)}"#
  }

  @Test func `a prompt comes back with its log-probabilities, the first one null`() async throws {
    let served = try Self.served()
    let answer = await served.post("/v1/completions", body(#""echo":true,"logprobs":1"#))
    #expect(answer.status == 200, "\(answer.text)")
    let choice = try #require(answer.choice(0))
    #expect(choice["text"]?.string?.hasPrefix("How is it?") == true)
    let lists = try #require(choice["logprobs"])
    let values = try #require(lists["token_logprobs"]?.array.map(Array.init))
    let tops = try #require(lists["top_logprobs"]?.array.map(Array.init))
    let promptCount = try #require(answer.json?["usage"]?["prompt_tokens"]?.integer)
    #expect(values.count == promptCount + 1 && tops.count == values.count)
    #expect(lists["tokens"]?.array?.count == values.count)
    #expect(lists["text_offset"]?.array?.count == values.count)
    #expect(values[0].isNull && tops[0].isNull)
    for (value, top) in zip(values, tops).dropFirst() {
      let best = top.object?.compactMap { $0.value.double }.max()
      #expect(try #require(value.double) <= #require(best))
    }
    // What was chosen greedily is worth exactly the most.
    #expect(values.last?.double == tops.last?.object?.compactMap { $0.value.double }.max())
  }

  @Test func `a stream says the same`() async throws {
    let served = try Self.served()
    let fields = #""echo":true,"logprobs":1"#
    let whole = await served.post("/v1/completions", body(fields))
    let stream = await served.post("/v1/completions", body(fields + #","stream":true"#))
    let choices = stream.chunks.compactMap { $0["choices"]?.array.map(Array.init)?.first }
    #expect(choices.map { $0["text"]?.string ?? "" }.joined() == whole.choice(0)?["text"]?.string)
    let values = choices.flatMap { $0["logprobs"]?["token_logprobs"]?.array.map(Array.init) ?? [] }
    let expected = whole.choice(0)?["logprobs"]?["token_logprobs"]?.array.map(Array.init) ?? []
    #expect(values.map(\.double) == expected.map(\.double))
    #expect(choices.first?["text"]?.string == "How is it?")
  }

  @Test func `without log-probabilities the text comes at once`() async throws {
    let served = try Self.served()
    let answer = await served.post("/v1/completions", body(#""echo":true"#))
    #expect(answer.choice(0)?["text"]?.string?.hasPrefix("How is it?") == true)
    #expect(answer.choice(0)?["logprobs"]?.isNull == true)
  }
}
