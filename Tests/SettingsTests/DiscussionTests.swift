// SPDX-License-Identifier: Apache-2.0

import Settings
import Testing

/// Help texts are taken apart and put together again.
@Suite struct DiscussionTests {
  private let text = "Start with:\n  a b    c\n    d\n\nOne\ntwo three.\n\n\nFour."

  @Test func `paragraphs and indented lines are told apart`() {
    let parts = Discussion(text).parts
    #expect(
      parts.map(\.block) == [
        .paragraph("Start with:"), .lines(["  a b    c", "    d"]), .paragraph("One two three."),
        .paragraph("Four."),
      ]
    )
    #expect(parts.map(\.isApart) == [false, false, true, true])
    #expect(Discussion(text).indentedLines == ["a b    c", "d"])
    #expect(Discussion("").parts.isEmpty)
  }

  @Test func `paragraphs are broken where a line is full, indented lines are not`() {
    let filled = Discussion(text).filled(to: 8)
    #expect(filled == "Start\nwith:\n  a b    c\n    d\n\nOne two\nthree.\n\nFour.")
  }

  @Test func `a word longer than the line has its own`() {
    #expect(TextFill.lines(of: "aa bbbbbb c d", width: 4) == ["aa", "bbbbbb", "c d"])
    #expect(
      TextFill.lines(of: ["ab", "c d", "e"], width: 5, indentation: 2) == ["ab", "  c d", "  e"]
    )
    #expect(TextFill.lines(of: "", width: 4) == [""])
  }
}
