// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Testing

/// Seeds of samples.
@Suite struct SampleSeedTests {
  @Test func `places have seeds of their own, and every JSON reader can hold them`() {
    var seen: Set<UInt64> = []
    for seed in [UInt64(0), 1, .max] {
      for question in 0..<500 {
        for sample in 0..<8 {
          let value = SampleSeed.of(seed, question: question, sample: sample)
          #expect(value < 1 << 53)
          seen.insert(value)
        }
      }
    }
    #expect(seen.count == 3 * 500 * 8)
  }

  @Test func `a place has the same seed in every run`() {
    #expect(
      SampleSeed.of(7, question: 3, sample: 2) == SampleSeed.of(7, question: 3, sample: 2)
    )
  }
}
