// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Requests with random damage.
///
/// Each is answered or refused; a trap or a hang stops the test process. `HADAL_LONG=1` makes it 100,000.
@Suite struct RequestFuzzTests {
  private static let chat = #"""
    {"model":"scripted","messages":[{"role":"system","content":"a"},{"role":"user","content":
    [{"type":"text","text":"How is it?"}]},{"role":"assistant","content":"","tool_calls":[{"id":
    "c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool",
    "tool_call_id":"c","content":"7"}],"temperature":0.5,"top_p":0.9,"max_tokens":4,"n":2,
    "stop":["x"],"logprobs":true,"top_logprobs":3,"logit_bias":{"5":1},"seed":7,"stream":false,
    "tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":
    "object","properties":{"a":{"enum":[1,2]}},"required":["a"],"additionalProperties":false}}}],
    "tool_choice":"auto","response_format":{"type":"json_schema","json_schema":{"schema":{"type":
    "array","items":{"type":"integer"},"maxItems":2}}},"thinking":{"budget_tokens":3}}
    """#
  private static let messages = #"""
    {"model":"scripted","system":[{"type":"text","text":"a"}],"messages":[{"role":"user","content":
    [{"type":"text","text":"How is it?"}]},{"role":"assistant","content":[{"type":"thinking",
    "thinking":"b","signature":"c"},{"type":"text","text":"d"},{"type":"tool_use","id":"c","name":
    "f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c",
    "content":[{"type":"text","text":"7"}],"is_error":true}]}],"temperature":0.5,"top_p":0.9,
    "top_k":9,"max_tokens":4,"stop_sequences":["x"],"seed":7,"stream":true,"metadata":{"user_id":
    "u"},"tools":[{"name":"f","strict":true,"input_schema":{"type":"object","properties":{"a":
    {"enum":[1,2]}},"required":["a"],"additionalProperties":false}}],"tool_choice":{"type":"auto",
    "disable_parallel_tool_use":true},"output_config":{"effort":"low","format":{"type":
    "json_schema","schema":{"type":"array","items":{"type":"integer"},"maxItems":2}}},"thinking":
    {"type":"adaptive","budget_tokens":3}}
    """#

  @Test(
    .timeLimit(.minutes(30)),
    arguments: [("/v1/chat/completions", chat), ("/anthropic/v1/messages", messages)]
  )
  func `a damaged request is answered or refused`(_ path: String, _ seed: String) async throws {
    let served = try ServedScript(ScriptedModel([.init("It is deep.")]))
    let words = [
      "null", "true", "-1", "1e308", "\"\"", "[]", "{}", "\"\\ud800\"", "\u{FFFD}", "role", "[[",
      "99999999999999999999", "\"deepseek-chat\"", ",", ":",
    ]
    let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] == "1"
    var statuses: [Int: Int] = [:]
    for round in 0..<(isLong ? 100_000 : 1_000) {
      let bytes = TextDamage.bytes(seed, words: words, round: round)
      let answer = await served.answer("POST", path, bytes)
      statuses[answer.status, default: 0] += 1
      #expect([200, 400, 404, 422].contains(answer.status), "round \(round): \(answer.text)")
    }
    #expect(statuses[200] ?? 0 > 0 && statuses[400] ?? 0 > 0, "\(statuses)")
  }
}
