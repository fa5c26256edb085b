// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// Prompts that come again: what the usage says, and whose they are.
@Suite struct CachedPromptTests {
  private static func served() throws -> ServedScript {
    try ServedScript(ScriptedModel([.init("It is deep."), .init("Very.")]))
  }

  private func body(_ text: String, _ fields: String = "") -> String {
    #"""
    {"model":"scripted","messages":[{"role":"system","content":"You are brief."},
     {"role":"user","content":"\#(text)"}],"temperature":0\#(fields)}
    """#
  }

  private func usage(
    _ served: ServedScript,
    _ body: String
  ) async throws -> (hit: Int, miss: Int, prompt: Int) {
    let answer = await served.post("/v1/chat/completions", body)
    let usage = try #require(answer.json?["usage"], "\(answer.text)")
    let hit = try #require(usage["prompt_cache_hit_tokens"]?.integer)
    #expect(usage["prompt_tokens_details"]?["cached_tokens"]?.integer == hit)
    return (
      hit, try #require(usage["prompt_cache_miss_tokens"]?.integer),
      try #require(usage["prompt_tokens"]?.integer)
    )
  }

  @Test func `a prompt that comes again computes one token, for its owner alone`() async throws {
    let served = try Self.served()
    let first = try await usage(served, body("How is it?"))
    #expect(first.hit == 0 && first.miss == first.prompt)
    let again = try await usage(served, body("How is it?"))
    #expect(again.miss == 1 && again.hit == again.prompt - 1)
    let other = try await usage(served, body("How is it?", #","user_id":"another""#))
    #expect(other.hit == 0)
    #expect(try await usage(served, body("How is it?", #","cache_prompt":false"#)).hit == 0)
    let choices = try await usage(served, body("How is it?", #","n":3"#))
    #expect(choices.hit + choices.miss == choices.prompt && choices.miss == 1)
  }

  @Test func `what a prompt is worth is computed whole, whatever is held`() async throws {
    let served = try Self.served()
    let fields = #"{"model":"scripted","prompt":"How is it?","max_tokens":1,"temperature":0"#
    _ = await served.post("/v1/completions", fields + "}")
    let first = await served.post("/v1/completions", fields + #","echo":true,"logprobs":1}"#)
    let second = await served.post("/v1/completions", fields + #","echo":true,"logprobs":1}"#)
    #expect(first.choice(0)?["logprobs"]?["token_logprobs"]?.array?.count ?? 0 > 5)
    #expect(first.text == second.text)
  }

  @Test func `the first difference is named with its message`() async throws {
    let served = try Self.served()
    let nothing = await served.post("/v1/cache/explain", body("How is it?"))
    #expect(nothing.json?["reason"]?.string == "nothing_cached", "\(nothing.text)")
    _ = try await usage(served, body("How is it?"))
    let other = await served.post("/v1/cache/explain", body("How was it?"))
    let json = try #require(other.json)
    #expect(json["reason"]?.string == "different_token", "\(other.text)")
    #expect(json["message_index"]?.integer == 1)
    #expect(json["prompt_token"]?.string == "w" && json["cached_token"]?.string == "i")
    #expect(json["hit_tokens"]?.integer == json["token_index"]?.integer)
    let whole = await served.post("/v1/cache/explain", body("How is it?"))
    #expect(whole.json?["reason"]?.string == "whole")
    let another = body("How is it?", #","user_id":"another""#)
    let hidden = await served.post("/v1/cache/explain", another)
    #expect(hidden.json?["reason"]?.string == "nothing_cached")
  }
}
