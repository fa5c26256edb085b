// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import TestSupport
import Testing
import YAML

/// Files of keys and values with random damage.
///
/// Each is read, or refused with 78; a trap or a hang stops the test process. `HADAL_LONG=1` makes it
/// 100,000 files.
@Suite struct YAMLFuzzTests {
  private static let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] == "1"

  @Test(.timeLimit(.minutes(30)))
  func `a damaged file is read or refused`() {
    let seed = """
      # A recipe
      model: &q "a b"   # quoted
      steps: 4
      data: &run
        - path: ['x', "y\\n", z]
          weight: 0.5
        - path: *q
          text: |
            0.5
      check: [[1, 2], {steps: "1
        0"}]
      """
    let count = Self.isLong ? 100_000 : 2_000
    var readCount = 0
    for round in 0..<count {
      let bytes = TextDamage.bytes(seed, words: TextDamage.wordsOfYAML, round: round)
      do {
        _ = try YAMLDocument(bytes, file: "r.yaml")
        readCount += 1
      } catch {
        #expect(error.exitCode.rawValue == 78 && !error.what.isEmpty, "round \(round): \(error)")
      }
    }
    // Both ends must be reached, or nothing was tried.
    #expect(readCount > count / 50)
    #expect(readCount < count)
  }
}
