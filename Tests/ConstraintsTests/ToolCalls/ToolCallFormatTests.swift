// SPDX-License-Identifier: Apache-2.0

import Constraints
import Foundation
import JSON
import TestSupport
import Testing

/// Formats found in renderings of published templates, which other programs made.
@Suite struct ToolCallFormatTests {
  private static let expected: [(ToolCallFormat?, [String])] = [
    (
      .deepSeekV3,
      [
        "deepseek-v2.5", "deepseek-v3", "deepseek-v3-0324", "deepseek-r1-updated",
        "deepseek-r1-0528", "deepseek-r1-distill-original", "deepseek-r1-distill-llama-8b",
        "deepseek-r1-distill-qwen-32b",
      ]
    ),
    (.deepSeekV31, ["deepseek-v3.1", "deepseek-v3.1-llamacpp"]),
    (.deepSeekV32, ["deepseek-v3.2"]),
    (.deepSeekV4, ["deepseek-v4", "deepseek-v4-flash-0731"]),
    (.kimi, ["kimi-k2"]),
    (
      .hermes,
      [
        "cz-qwen2.5-instruct", "qwen2.5-7b-instruct", "qwen3-0.6b", "qwq-32b", "trl-qwen3",
        "mimo-vl", "ibm-granite-granite-4.0", "ibm-granite-granite-4.1",
      ]
    ),
    (.llama, ["llama-3.1-8b-instruct", "llama-3.2-3b-instruct"]),
    (
      nil,
      [
        "glm-4.6", "trl-glm4moe", "gpt-oss-120b", "minimax-m1", "mistral-nemo-instruct-2407",
        "qwen3-coder", "qwen3.5-4b", "gigachat3-10b-a1.8b", "gigachat3.1-10b-a1.8b",
        "unsloth-apriel-1.5", "cohere2moe",
      ]
    ),
  ]

  @Test(.enabled(if: Oracles.folder != nil))
  func `published templates write the formats that they are known for`() throws {
    var seen = 0
    for (format, names) in Self.expected {
      for name in names {
        for text in try Self.renderings(name) {
          seen += 1
          #expect(ToolCallFormat(rendering: text, name: "get_tide") == format, "\(name)")
        }
      }
    }
    #expect(seen > 0)
  }

  /// The renderings of conversations with one call whose arguments the template took as meant.
  private static func renderings(_ name: String) throws -> [String] {
    let path = (Oracles.folder ?? "") + "/templates/vectors/\(name).jsonl"
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return try data.split(separator: 0x0A).dropFirst().compactMap { line in
      let row = try JSONDocument(Array(line)).root
      guard let id = row["id"]?.string, ["call-str", "call-obj"].contains(id),
        let text = row["text"]?.string, text.contains("get_tide"),
        !text.contains("\\\"port"), !text.contains("{'port")
      else { return nil }
      return text
    }
  }

  @Test(arguments: ToolCallFormat.allCases)
  func `each format is found in what it writes`(format: ToolCallFormat) {
    let call = ToolCallAnswer.Call(
      name: ToolCallFormat.probeName,
      arguments: ToolCallFormat.probeArguments
    )
    let text = ToolCallSample(calls: [call]).text(format)
    #expect(ToolCallFormat(rendering: "<|user|>a<|assistant|>\n\(text)<|end|>") == format)
  }

  @Test func `a template that leaves calls out asks for plain ones, an unknown form has none`() {
    #expect(ToolCallFormat(rendering: "<|user|>a<|assistant|><|end|>") == .plain)
    #expect(ToolCallFormat(rendering: "") == .plain)
    let unknown = [
      "[TOOL_CALLS][{\"name\": \"zqprobe\", \"arguments\": {\"zqkey\": \"zqvalue\"}}]",
      "[TOOL_CALLS]zqprobe[ARGS]{\"zqkey\": \"zqvalue\"}",
      "<function=zqprobe>{\"zqkey\": \"zqvalue\"}</function>", "zqprobe",
      "<tool_calls>\n{\"name\": \"zqprobe\", \"arguments\": {}}\n</tool_calls>",
    ]
    for text in unknown { #expect(ToolCallFormat(rendering: text) == nil, "\(text)") }
  }

  @Test func `a frame tells markers and text apart`() {
    #expect(
      ToolCallFormat.deepSeekV3.frame.beforeName
        == [.marker("<｜tool▁call▁begin｜>"), .text("function"), .marker("<｜tool▁sep｜>")]
    )
    #expect(ToolCallFormat.deepSeekV31.frame.separator.isEmpty)
    #expect(ToolCallFormat.kimi.frame.beforeArguments.contains(.number))
  }
}
