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
    let seed = Array(
      """
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
      """.utf8
    )
    let count = Self.isLong ? 100_000 : 2_000
    let catalog = try TinyCatalog.catalog()
    let words = ["&a ", "*a", "? ", "- ", ": ", "!!map ", "|\n", "{", "[", "}", "%YAML 1.2\n---\n"]
    var readCount = 0
    for round in 0..<count {
      var generator = SplitMix64(seed: UInt64(round))
      var bytes = seed
      for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 1...12, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        default:
          let word = words.randomElement(using: &generator) ?? ""
          bytes.insert(contentsOf: word.utf8, at: place)
        }
      }
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
