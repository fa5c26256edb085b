// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON
import Serving
import TestSupport
import Testing

/// Receipts that answers offer, and their proof.
@Suite struct ReceiptTests {
  private static let script = ScriptedModel([.init("It is deep, says the sailor.")])

  /// A body; temperature and length are those of the fields, where they name them.
  private static func body(_ fields: String = "") -> String {
    let defaults = [("max_tokens", "12"), ("temperature", "1.5"), ("top_p", "0.98")]
    let others = defaults.filter { !fields.contains("\"\($0.0)\"") }
      .map { ",\"\($0.0)\":\($0.1)" }
    return #"{"model":"scripted","messages":[{"role":"user","content":"How is it?"}]"#
      + others.joined() + fields + "}"
  }

  /// Asks, and fetches the receipt that the answer names.
  private func receipt(
    _ served: ServedScript,
    _ body: String,
    path: String = "/v1/chat/completions"
  ) async throws -> String {
    let answer = await served.post(path, body)
    #expect(answer.status == 200, "\(answer.text)")
    let place = try #require(answer.headers["x-hadal-receipt"])
    let receipt = await served.answer("GET", place)
    #expect(receipt.status == 200, "\(receipt.text)")
    return receipt.text
  }

  @Test(arguments: [
    "", #","stream":true"#, #","n":3"#, #","n":2,"stream":true,"seed":-7"#,
    #","stop":["sailor"],"temperature":0"#, #","logprobs":true,"presence_penalty":1"#,
    #","logit_bias":{"5":2}"#, #","response_format":{"type":"json_object"}"#,
  ])
  func `an answer is proved by its receipt in another process`(fields: String) async throws {
    let body = Self.body(fields)
    let text = try await receipt(ServedScript(Self.script), body)
    let verdict = try await ServedScript(Self.script).replay(text, body)
    #expect(verdict.differences.isEmpty, "\(verdict.differences) \(text)")
    let receipt = try AnswerReceipt(try JSONDocument(Array(text.utf8)).root)
    let tokenCount = receipt.choices.reduce(0) { $0 + $1.trail.count }
    #expect(verdict.tokenCount == tokenCount)
    #expect(tokenCount > 0)
  }

  @Test func `texts that were gone on with are proved, each with its own prompt`() async throws {
    let body = #"{"model":"scripted","prompt":["a","b",[5,6]],"n":2,"max_tokens":5}"#
    let text = try await receipt(ServedScript(Self.script), body, path: "/v1/completions")
    let verdict = try await ServedScript(Self.script).replay(text, body)
    #expect(verdict.differences.isEmpty, "\(verdict.differences)")
    #expect(verdict.texts.count == 6)
  }

  @Test(arguments: [false, true])
  func `an answer to Anthropic's clients is proved from their body`(streams: Bool) async throws {
    let body =
      #"{"model":"scripted","max_tokens":9,"system":"Be short.","stream":\#(streams),"#
      + #""messages":[{"role":"user","content":[{"type":"text","text":"How is it?"}]}]}"#
    let text = try await receipt(ServedScript(Self.script), body, path: "/anthropic/v1/messages")
    let verdict = try await ServedScript(Self.script).replay(text, body)
    #expect(verdict.differences.isEmpty, "\(verdict.differences)")
    #expect(verdict.tokenCount > 3)
  }

  @Test func `a receipt holds none of the words`() async throws {
    let body = Self.body(#","temperature":0"#)
    let text = try await receipt(ServedScript(Self.script), body)
    for word in ["deep", "sailor", "How"] { #expect(!text.contains(word), "\(text)") }
  }

  @Test(arguments: [
    (#","top_k":3"#, "top_k"), (#","seed":5"#, "seed"), (#","max_tokens":11"#, "max_tokens"),
  ])
  func `a request that asks for something else is not the receipt's`(
    fields: String,
    what: String
  ) async throws {
    let served = try ServedScript(Self.script)
    let text = try await receipt(served, Self.body())
    let verdict = try await served.replay(text, Self.body(fields))
    #expect(verdict.differences.map(\.what) == [what])
    #expect(verdict.tokenCount == 0)
  }

  @Test func `another prompt is named before anything is computed`() async throws {
    let served = try ServedScript(Self.script)
    let text = try await receipt(served, Self.body())
    let verdict = try await served.replay(text, Self.body().replacing("How", with: "Where"))
    #expect(verdict.differences.map(\.what) == ["prompt"])
    #expect(verdict.texts.isEmpty)
  }

  @Test func `the first token that differs is named, and those before it count`() async throws {
    let served = try ServedScript(Self.script)
    let text = try await receipt(served, Self.body())
    let whole = try await served.replay(text, Self.body())
    let choices = try JSONDocument(Array(text.utf8)).root["choices"]?.array
    let checks = try #require(choices?.first { _ in true }?["checks"]?.string)
    // Another digit in the check of the fourth token.
    let digit = checks.dropFirst(24).prefix(1)
    let damaged = checks.prefix(24) + (digit == "0" ? "1" : "0") + checks.dropFirst(25)
    let verdict = try await served.replay(text.replacing(checks, with: damaged), Self.body())
    #expect(verdict.differences.map(\.what) == ["token"])
    #expect(verdict.differences.first?.token == 3)
    #expect(verdict.tokenCount == 3 && whole.tokenCount > 4)
  }

  @Test func `an answer that goes on behind the receipt's end is not the receipt's`() async throws {
    let served = try ServedScript(Self.script)
    let body = Self.body(#","temperature":0,"max_tokens":100"#)
    let text = try await receipt(served, body)
    let receipt = try JSONDocument(Array(text.utf8)).root
    let choice = try #require(receipt["choices"]?.array?.first { _ in true })
    let checks = try #require(choice["checks"]?.string)
    let count = try #require(choice["tokens"]?.integer)
    // Its last token is cut away, and the end is still said to be its own.
    let cut = text.replacing(checks, with: checks.dropLast(8))
      .replacing(#""tokens":\#(count)"#, with: #""tokens":\#(count - 1)"#)
      .replacing(
        try #require(choice["output_sha256"]?.string),
        with: checks.dropLast(8).suffix(8) + String(repeating: "0", count: 56)
      )
    let verdict = try await served.replay(cut, body)
    #expect(verdict.differences.map(\.what) == ["finish"])
    #expect(verdict.differences.first?.token == count - 1)
  }

  @Test(arguments: [
    (#""finish":"stop""#, #""finish":"length""#, "finish"),
    (#""max_tokens":100"#, #""max_tokens":2"#, "max_tokens"),
    (#""prompt_tokens":"#, #""prompt_tokens":1"#, "prompt"),
  ])
  func `a receipt that says something else than what came is not proved`(
    part: String,
    other: String,
    what: String
  ) async throws {
    let served = try ServedScript(Self.script)
    let body = Self.body(#","temperature":0,"max_tokens":100"#)
    let text = try await receipt(served, body)
    #expect(text.contains(part))
    // Its own length is not asked for, so that the receipt's alone counts.
    let verdict = try await served.replay(
      text.replacing(part, with: other),
      body.replacing(#","max_tokens":100"#, with: "")
    )
    #expect(verdict.differences.map(\.what) == [what])
  }

  @Test func `a receipt of no tokens proves nothing`() async throws {
    let served = try ServedScript(Self.script)
    let text = try await receipt(served, Self.body())
    let choice = try JSONDocument(Array(text.utf8)).root["choices"]?.array?.first { _ in true }
    let checks = try #require(choice?["checks"]?.string)
    let empty = text.replacing(checks, with: "")
      .replacing(#""tokens":\#(checks.count / 8),"#, with: #""tokens":0,"#)
    let verdict = try await served.replay(empty, Self.body())
    #expect(verdict.differences.map(\.what) == ["finish"])
  }

  @Test func `an answer whose thinking a person ended is proved, too`() async throws {
    var script = ScriptedModel([.init("on and ", isEndless: true)])
    script.opensReasoning = true
    let served = try ServedScript(script)
    let body = Self.body(#","stream":true,"temperature":0,"max_tokens":2000"#)
    let reply = try await served.endpoints.reply(
      method: "POST",
      path: "/chat/completions",
      body: Array(body.utf8)
    )
    guard case .events(let run, _) = reply else {
      Issue.record("no stream")
      return
    }
    var stream = AnswerStream(run)
    for _ in 0..<5 { _ = await stream.next() }
    #expect(await served.post("/v1/thinking/end", #"{"id":"an-id"}"#).status == 200)
    while await stream.next() != nil {}
    let text = await served.answer("GET", "/v1/receipts/an-id").text
    let receipt = try AnswerReceipt(try JSONDocument(Array(text.utf8)).root)
    #expect(receipt.choices[0].thinkingEnd != nil)
    let verdict = try await ServedScript(script).replay(text, body)
    #expect(verdict.differences.isEmpty, "\(verdict.differences)")
    #expect(verdict.tokenCount == 2000)
  }

  @Test func `an answer of no name has no receipt`() async throws {
    let answer = await (try ServedScript(Self.script)).answer("GET", "/receipts/none")
    #expect(answer.status == 404)
  }
}
