// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import Settings
import TestSupport
import Testing

/// Configuration files with random damage.
///
/// Each is read, or refused with 78; a trap or a hang stops the test process. `HADAL_LONG=1` makes it
/// 100,000 files.
@Suite struct SettingsFuzzTests {
  private static let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] == "1"

  @Test(.timeLimit(.minutes(30)))
  func `a damaged file is read or refused`() throws {
    let seed = """
      # Hadal
      model: &q "a b"   # quoted
      threads: 4
      json: true
      run: &run
        stop: ['x', "y\\n", z]
        no-think: false
        temperature: |
          0.5
      bench: {model: *q, depth: 7}
      train:
        check:
          steps: >-
            10
      """
    let count = Self.isLong ? 100_000 : 2_000
    let catalog = try TinyCatalog.catalog()
    var readCount = 0
    for round in 0..<count {
      let bytes = TextDamage.bytes(seed, words: TextDamage.wordsOfYAML, round: round)
      do {
        _ = try OptionDefaults(bytes, file: "c.yaml", catalog: catalog)
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
