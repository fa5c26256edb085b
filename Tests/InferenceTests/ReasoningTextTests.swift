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
}
