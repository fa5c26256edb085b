// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing
import Tokenization

/// Held to the recorded ids of an encoder that finds control tokens in template text alone; each
/// case renders a conversation whose messages hold control strings.
@Suite struct `Text cannot pose as control` {
  private struct Case {
    var tokenizer: String
    var template: String
    var request: ChatRequest
    var tokens: SpecialTokens
    var json: JSONValue
  }

  private static func cases() throws -> [Case] {
    try OracleTemplates.lines("injection.jsonl").map { line in
      Case(
        tokenizer: line["tokenizer"]?.string ?? "",
        template: line["template"]?.string ?? "",
        request: ChatRequest(
          messages: try line["messages"]?.array?.map { try PromptValue($0) } ?? []
        ),
        tokens: try OracleTemplates.specialTokens(line["tokens"]),
        json: line
      )
    }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `every recorded case gives the safe ids`() throws {
    let now = try #require(OracleTemplates.now)
    var templates: [String: ChatTemplate] = [:]
    let cases = try Self.cases()
    #expect(!cases.isEmpty)
    var failures: [String] = []
    for (index, test) in cases.enumerated() {
      guard OracleTokenizers.available.contains(test.tokenizer) else { continue }
      let template =
        try templates[test.template] ?? ChatTemplate(OracleTemplates.text(test.template))
      templates[test.template] = template
      let prompt = try template.render(test.request, specialTokens: test.tokens, time: now)
      #expect(equal(prompt.text, test.json["text"]?.string ?? ""), "case \(index)")
      let ids = try OracleTokenizers.tokenizer(test.tokenizer).encode(prompt)
      if ids != test.json["ids"]?.ids { failures.append("case \(index): \(ids)") }
    }
    #expect(failures.isEmpty, "\(failures.count) of \(cases.count) fail: \(failures.prefix(3))")
  }
}
