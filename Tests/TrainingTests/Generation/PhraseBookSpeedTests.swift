// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

/// Phrases that would take for ever if they were followed.
@Suite struct PhraseBookSpeedTests {
  // Method: 40 pairs of sections, each of which refers to both of the next: 2^40 ways through them.
  @Test(.timeLimit(.minutes(1)))
  func `many ways between sections are looked through once`() throws {
    var text = ""
    for index in 0..<40 {
      for side in ["x", "y"] { text += "[\(side)\(index)]\n{@x\(index + 1)}{@y\(index + 1)}\n" }
    }
    let file = PhraseBook.File(name: "a", bytes: Array((text + "[x40]\nx\n[y40]\ny").utf8))
    _ = try PhraseBook([file])
  }
}
