// SPDX-License-Identifier: Apache-2.0

import Constraints
import Testing

/// Long answers with calls.
@Suite struct ToolCallSpeedTests {
  /// What would take minutes if any text were read again and again.
  @Test(.timeLimit(.minutes(1)), arguments: ToolCallFormat.allCases)
  func `long answers are read in linear time`(format: ToolCallFormat) {
    let frame = format.frame
    let openings = ToolCallSample.text(frame.opening) + ToolCallSample.text(frame.beforeName)
    let units = [
      "<", "<tool_call>{\"id\": \"", "{", " ", "```", openings, openings + "add<",
      "<tool_call>{\"arguments\": {\"a\": \"<tool_call>{",
    ]
    for unit in units {
      let text = String(repeating: unit, count: 100_000 / unit.utf8.count)
      #expect(ToolCallAnswer(text, format).isOrdered)
      let begun = openings + "add" + ToolCallSample.text(frame.beforeArguments) + "{\"a\": \""
      #expect(ToolCallAnswer(begun + text, format).isOrdered)
    }
  }
}
