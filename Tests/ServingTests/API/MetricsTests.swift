// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `/metrics`, as Prometheus reads it.
@Suite struct MetricsTests {
  /// The values of the page by name and labels.
  private func values(_ text: String) -> [String: Int] {
    var values: [String: Int] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ")
      if parts.count == 2 { values[String(parts[0])] = Int(parts[1]) }
    }
    return values
  }

  @Test func `requests, tokens and cache hits are counted under vLLM's names`() async throws {
    let served = try ServedScript(ScriptedModel([.init("It is deep.")]))
    let body =
      #"{"model":"scripted","messages":[{"role":"user","content":"How is it?"}],"temperature":0"#
    let first = await served.post("/v1/chat/completions", body + "}")
    _ = await served.post("/v1/chat/completions", body + #","max_tokens":1}"#)
    let promptCount = try #require(first.json?["usage"]?["prompt_tokens"]?.integer)
    let answerCount = try #require(first.json?["usage"]?["completion_tokens"]?.integer)
    let page = await served.answer("GET", "/metrics")
    let values = values(page.text)
    func value(_ name: String, _ labels: String = "") -> Int? {
      values[#"\#(name){model_name="scripted"\#(labels)}"#]
    }
    #expect(value("vllm:prompt_tokens_total") == 2 * promptCount, "\(page.text)")
    #expect(value("vllm:generation_tokens_total") == answerCount + 1)
    #expect(value("vllm:prefix_cache_hits_total") == promptCount - 1)
    #expect(value("vllm:request_success_total", #",finished_reason="stop""#) == 1)
    #expect(value("vllm:request_success_total", #",finished_reason="length""#) == 1)
    #expect(value("vllm:num_requests_running") == 0 && value("vllm:num_requests_waiting") == 0)
    #expect(value("hadal:prefix_cache_bytes") ?? 0 > 0)
    // Every value has its kind, and is a number.
    let lines = page.text.split(separator: "\n")
    let kinds = Set(lines.filter { $0.hasPrefix("# TYPE") }.map { $0.split(separator: " ")[2] })
    for line in lines where !line.hasPrefix("#") {
      #expect(kinds.contains(line.prefix { $0 != "{" }), "\(line)")
    }
    #expect(values.count == lines.filter { !$0.hasPrefix("#") }.count)
  }
}
