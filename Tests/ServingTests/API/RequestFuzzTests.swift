// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Requests with random damage.
///
/// Each is answered or refused; a trap or a hang stops the test process. `HADAL_LONG=1` makes it 100,000.
@Suite struct RequestFuzzTests {
  @Test(.timeLimit(.minutes(30)))
  func `a damaged request is answered or refused`() async throws {
    let served = try ServedScript(ScriptedModel([.init("It is deep.")]))
    let seed = #"""
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
    let words = [
      "null", "true", "-1", "1e308", "\"\"", "[]", "{}", "\"\\ud800\"", "\u{FFFD}", "role", "[[",
      "99999999999999999999", "\"deepseek-chat\"", ",", ":",
    ]
    let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] == "1"
    var statuses: [Int: Int] = [:]
    for round in 0..<(isLong ? 100_000 : 1_000) {
      let bytes = TextDamage.bytes(seed, words: words, round: round)
      let answer = await served.answer("POST", "/v1/chat/completions", bytes)
      statuses[answer.status, default: 0] += 1
      #expect([200, 400, 404, 422].contains(answer.status), "round \(round): \(answer.text)")
    }
    #expect(statuses[200] ?? 0 > 0 && statuses[400] ?? 0 > 0, "\(statuses)")
  }
}
