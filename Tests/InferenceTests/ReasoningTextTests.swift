// SPDX-License-Identifier: Apache-2.0

import Inference
import Testing

/// What an answer is taken apart into, by where its prompt ended.
@Suite struct ReasoningTextTests {
  @Test(arguments: [
    (" hi", false, "", " hi"), ("plan</think>\n\nyes", true, "plan", "yes"),
    ("<think>\nplan\n</think>\n\nyes", false, "plan", "yes"), ("plan", true, "plan", ""),
    ("<think>plan", false, "plan", ""), ("no</think>x", false, "", "no</think>x"),
    ("</think> yes", true, "", " yes"), ("a <think>b</think>", false, "", "a <think>b</think>"),
  ])
  func `reasoning and answer stand apart`(
    _ text: String,
    _ opens: Bool,
    _ reasoning: String,
    _ answer: String
  ) {
    let parts = ReasoningText(text, opensReasoning: opens)
    #expect(parts.reasoning == reasoning && parts.answer == answer)
  }

  @Test(arguments: [
    "plan</think>\n\nyes", "<think>\nplan\n</think>\n\nyes </think>", "\n\n<think>a</thi", "<thin",
    "  <think>\n\n a <b> \n\n</thinking> c\r\n</think>\r\nd", "</think>", "\n", " x", "a\n\nb\n",
    "<think></think></think>", "<think>\u{301}x</think>\u{301}y", "<<think>", "\n</think>\n\n",
  ])
  func `how the text is cut changes nothing`(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    for opens in [false, true] {
      let whole = ReasoningText(text, opensReasoning: opens)
      for size in 1...max(scalars.count, 1) {
        var stream = ReasoningStream(opensReasoning: opens)
        var parts: [ReasoningStream.Part] = []
        for start in stride(from: 0, to: scalars.count, by: size) {
          let piece = scalars[start..<min(start + size, scalars.count)]
          parts += stream.append(String(String.UnicodeScalarView(piece)))
        }
        parts += stream.finish()
        var joined = (reasoning: "", answer: "")
        for part in parts {
          switch part {
          case .reasoning(let text): joined.reasoning.unicodeScalars += text.unicodeScalars
          case .answer(let text): joined.answer.unicodeScalars += text.unicodeScalars
          }
        }
        #expect(joined.reasoning == whole.reasoning && joined.answer == whole.answer)
      }
    }
  }
}
