// SPDX-License-Identifier: Apache-2.0

import Inference
import JSON
import Serving
import TestSupport
import Testing

/// `/chat/completions`, without HTTP: what is asked, what is answered.
@Suite struct ChatCompletionTests {
  private static func thinking() throws -> ServedScript {
    var script = ScriptedModel([.init("Let me see.\nYes.</think>\n\nIt is deep, 深い.")])
    script.opensReasoning = true
    return try ServedScript(script)
  }

  private static func plain() throws -> ServedScript {
    try ServedScript(ScriptedModel([.init("It is deep."), .init("Very.")]))
  }

  private static let question = #"[{"role":"user","content":"How is it?"}]"#

  @Test func `an answer has the fields that clients of DeepSeek read`() async throws {
    let served = try Self.thinking()
    let answer = await served.post(
      "/v1/chat/completions",
      #"{"model":"scripted","messages":\#(Self.question),"seed":5}"#
    )
    #expect(answer.status == 200, "\(answer.text)")
    let json = try #require(answer.json)
    #expect(json["object"]?.string == "chat.completion" && json["id"]?.string == "an-id")
    #expect(json["created"]?.integer == 17 && json["model"]?.string == "scripted")
    #expect(json["system_fingerprint"]?.string?.count == 32)
    #expect(answer.message?["role"]?.string == "assistant")
    #expect(answer.message?["reasoning_content"]?.string == "Let me see.\nYes.")
    #expect(answer.message?["content"]?.string == "It is deep, 深い.")
    #expect(answer.choice(0)?["finish_reason"]?.string == "stop")
    #expect(answer.choice(0)?["logprobs"]?.isNull == true)
    let usage = try #require(json["usage"])
    let (prompt, completion) = (
      usage["prompt_tokens"]?.integer, usage["completion_tokens"]?.integer
    )
    #expect(usage["total_tokens"]?.integer == (prompt ?? 0) + (completion ?? 0))
    #expect(usage["prompt_cache_hit_tokens"]?.integer == 0)
    #expect(usage["prompt_cache_miss_tokens"]?.integer == prompt)
    let reasoning = usage["completion_tokens_details"]?["reasoning_tokens"]?.integer ?? 0
    #expect((1..<(completion ?? 0)).contains(reasoning))
    #expect(answer.headers["x-hadal-seed"] == "5")
  }

  @Test func `a stream says the same, reasoning first, in the chunks of DeepSeek's`() async throws {
    let served = try Self.thinking()
    let answer = await served.post(
      "/chat/completions",
      #"{"model":"scripted","messages":\#(Self.question),"stream":true}"#
    )
    #expect(answer.events.last == "[DONE]")
    let deltas = answer.deltas()
    #expect(deltas.first?["role"]?.string == "assistant")
    #expect(deltas.first?["content"]?.isNull == true)
    #expect(deltas.first?["reasoning_content"]?.string == "")
    let reasoning = deltas.compactMap { $0["reasoning_content"]?.string }.joined()
    let content = deltas.compactMap { $0["content"]?.string }.joined()
    #expect(reasoning == "Let me see.\nYes." && content == "It is deep, 深い.")
    let kinds = deltas.dropFirst().dropLast().map { $0["content"]?.string != nil }
    #expect(kinds == kinds.sorted { !$0 && $1 }, "reasoning after content")
    #expect(
      deltas.allSatisfy { $0["content"]?.string == nil || $0["reasoning_content"]?.string == nil }
    )
    // The end and the usage are in one chunk, the last.
    let chunks = answer.chunks
    #expect(chunks.dropLast().allSatisfy { $0["usage"] == nil })
    #expect(chunks.last?["usage"]?["completion_tokens"]?.integer ?? 0 > 0)
    let finishes = chunks.map {
      $0["choices"]?.array?.first { _ in true }?["finish_reason"]?.string
    }
    #expect(finishes.last == "stop" && finishes.dropLast().allSatisfy { $0 == nil })
    #expect(Set(chunks.map { $0["id"]?.string }) == ["an-id"])
  }

  @Test func `usage comes in a chunk of its own where that is asked for`() async throws {
    let served = try Self.plain()
    let answer = await served.post(
      "/v1/chat/completions",
      #"""
      {"model":"scripted","messages":\#(Self.question),"stream":true,
       "stream_options":{"include_usage":true}}
      """#
    )
    let chunks = answer.chunks
    #expect(chunks.last?["choices"]?.array?.count == 0)
    #expect(chunks.last?["usage"]?["prompt_tokens"]?.integer ?? 0 > 0)
    #expect(chunks.dropLast().allSatisfy { $0["usage"]?.isNull == true })
  }

  @Test func `a stop text ends an answer and is no part of it`() async throws {
    let served = try Self.plain()
    for (stop, expected, finish) in [
      (#""deep""#, "It is ", "stop"), (#"["zzz","s d"]"#, "It i", "stop"),
    ] {
      let answer = await served.post(
        "/v1/chat/completions",
        #"{"model":"scripted","messages":\#(Self.question),"stop":\#(stop)}"#
      )
      #expect(answer.message?["content"]?.string == expected, "\(answer.text)")
      #expect(answer.choice(0)?["finish_reason"]?.string == finish)
    }
    let short = await served.post(
      "/v1/chat/completions",
      #"{"model":"scripted","messages":\#(Self.question),"max_tokens":9,"max_completion_tokens":1}"#
    )
    #expect(short.choice(0)?["finish_reason"]?.string == "length")
    #expect(short.json?["usage"]?["completion_tokens"]?.integer == 1)
  }

  @Test func `choices are as many as asked, and log-probabilities one a token`() async throws {
    let served = try Self.plain()
    let answer = await served.post(
      "/v1/chat/completions",
      #"""
      {"model":"scripted","messages":\#(Self.question),"n":3,"logprobs":true,"top_logprobs":2,
       "temperature":0}
      """#
    )
    #expect(answer.json?["choices"]?.array?.count == 3)
    for index in 0..<3 {
      let choice = try #require(answer.choice(index))
      #expect(choice["index"]?.integer == index)
      #expect(choice["message"]?["content"]?.string == "It is deep.")
      let entries = choice["logprobs"]?["content"]?.array.map(Array.init) ?? []
      let tokens = (answer.json?["usage"]?["completion_tokens"]?.integer ?? 0) / 3
      #expect(entries.count == tokens)
      #expect(entries.allSatisfy { $0["top_logprobs"]?.array?.count == 2 })
      // The end of the text is a token, and no part of it.
      let bytes = entries.dropLast().flatMap { $0["bytes"]?.array?.compactMap(\.integer) ?? [] }
      #expect(bytes.map { UInt8($0) } == Array("It is deep.".utf8))
    }
  }

  @Test func `messages may have the forms that clients send`() async throws {
    let served = try Self.plain()
    let forms = [
      #"[{"role":"developer","content":"Be brief."},{"role":"user","content":"How is it?"}]"#,
      #"[{"role":"user","content":[{"type":"text","text":"How "},{"type":"text","text":"is it?"}]}]"#,
      #"[{"role":"user","content":"How is it?","name":"Ada","cache_control":{"type":"ephemeral"}}]"#,
    ]
    for form in forms {
      let answer = await served.post(
        "/v1/chat/completions",
        #"{"model":"scripted","messages":\#(form)}"#
      )
      #expect(answer.message?["content"]?.string == "It is deep.", "\(answer.text)")
    }
    for reasoning in [#""""#, "null", #"" ""#, #""Hm.""#] {
      let answer = await served.post(
        "/v1/chat/completions",
        #"""
        {"model":"deepseek-chat","messages":[{"role":"user","content":"How is it?"},
         {"role":"assistant","content":"It is deep.","reasoning_content":\#(reasoning)},
         {"role":"user","content":"How deep?"}]}
        """#
      )
      #expect(answer.message?["content"]?.string == "Very.", "\(answer.text)")
    }
  }

  @Test func `an answer goes on with a prefix, and says the rest alone`() async throws {
    let served = try Self.plain()
    let body = #"""
      {"model":"scripted","messages":[{"role":"user","content":"How is it?"},
       {"role":"assistant","content":"It is","prefix":true}]}
      """#
    let prompt = await served.post("/apply-template", body)
    #expect(
      prompt.json?["prompt"]?.string?.hasSuffix("<|assistant|>It is") == true,
      "\(prompt.text)"
    )
  }

  @Test func `what is not looked at is named in a header, and nothing else`() async throws {
    let served = try Self.plain()
    let answer = await served.post(
      "/v1/chat/completions",
      #"""
      {"model":"scripted","messages":\#(Self.question),"user":"u","foo":1,"top_p":0.9,
       "tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"none",
       "chat_template_kwargs":{"x":true}}
      """#
    )
    #expect(answer.headers["x-hadal-ignored"] == "foo, tools, user")
  }

  @Test func `who stops listening to a stream ends its answer`() async throws {
    let served = try ServedScript(ScriptedModel([.init("on and ", isEndless: true)]))
    let reply = try await served.endpoints.reply(
      method: "POST",
      path: "/chat/completions",
      body: Array(#"{"model":"scripted","messages":\#(Self.question),"stream":true}"#.utf8)
    )
    guard case .events(let run, _) = reply else {
      Issue.record("no stream")
      return
    }
    var stream = AnswerStream(run)
    for _ in 0..<5 { _ = await stream.next() }
    stream.cancel()
    while await stream.next() != nil {}
    for _ in 0..<400 where served.ended.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try served.ended.first?.get().finish == .cancelled)
  }
}
