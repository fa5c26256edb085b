// SPDX-License-Identifier: Apache-2.0

import Constraints
import Foundation
import TestSupport
import Testing

/// Damaged answers and heaps of what parsers look for.
///
/// Nothing traps, and however a text is cut the same comes of it. `HADAL_LONG=1` makes it 100,000.
@Suite struct ToolCallFuzzTests {
  private static let words = [
    "<tool_call>", "</tool_call>", "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "function",
    "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>", "```", "```json\n", "\n", " ", "{",
    "}", "[", "]", "\"", "\\", ":", ",", ";", "\"name\": ", "\"add\"", "\"arguments\": ", "add",
    "null",
    "<｜DSML｜tool_calls>", "<｜DSML｜function_calls>", "<｜DSML｜invoke name=\"add\">", "<", "｜", "é",
    "<｜DSML｜parameter name=\"a\" string=\"true\">", "</｜DSML｜parameter>", "</｜DSML｜invoke>",
    "<｜DSML｜parameter name=\"b\" string=\"false\">", "</｜DSML｜tool_calls>", "{\"a\": 1}", "🌊",
    "<|python_tag|>", "<|tool_calls_section_begin|>", "<|tool_call_begin|>", "functions.add:0",
    "<|tool_call_argument_begin|>", "<|tool_call_end|>", "{\"name\": \"add\", \"arguments\": ",
  ]

  private static var isLong: Bool { ProcessInfo.processInfo.environment["HADAL_LONG"] == "1" }

  @Test(.timeLimit(.minutes(30)), arguments: ToolCallFormat.allCases)
  func `damaged and random answers are read alike however they are cut`(format: ToolCallFormat) {
    let samples = ToolCallSample.all.map { $0.text(format) }
    var callCount = 0
    for round in 0..<(Self.isLong ? 100_000 : 1_000) {
      var generator = SplitMix64(seed: UInt64(round))
      var text = ""
      if round % 2 == 0 {
        let sample = samples[round / 2 % samples.count]
        let damaged = TextDamage.bytes(sample, words: Self.words, round: round)
        text = String(decoding: damaged, as: UTF8.self)
      } else {
        for _ in 0..<Int.random(in: 1...20, using: &generator) {
          text += Self.words.randomElement(using: &generator) ?? ""
        }
      }
      callCount += check(text, format, &generator, round)
    }
    #expect(callCount > 0)
  }

  private func check(
    _ text: String,
    _ format: ToolCallFormat,
    _ generator: inout SplitMix64,
    _ round: Int
  ) -> Int {
    let acceptsPlain = round % 3 == 0
    let isCut = round % 5 == 0
    func read(_ pieces: [String]) -> ToolCallAnswer {
      ToolCallAnswer(pieces, format, acceptsPlain: acceptsPlain, isCut: isCut)
    }
    let whole = read([text])
    #expect(whole.isOrdered, "round \(round)")
    #expect(read(ToolCallAnswer.scalars(text)) == whole, "round \(round): \(text.debugDescription)")
    #expect(read(Self.pieces(text, &generator)) == whole, "round \(round)")
    if whole.calls.isEmpty, !isCut { #expect(whole.content == text, "round \(round)") }
    return whole.calls.count
  }

  private static func pieces(_ text: String, _ generator: inout SplitMix64) -> [String] {
    var pieces: [String] = []
    var rest = Array(text.unicodeScalars)[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...9, using: &generator))
      rest = rest.dropFirst(piece.count)
      pieces.append(String(String.UnicodeScalarView(piece)))
    }
    return pieces
  }
}
