// SPDX-License-Identifier: Apache-2.0

import Inference
import Testing

/// Penalties held against their definitions, worked out by hand.
@Suite struct LogitPenaltyTests {
  private let logits: [Float] = [2, 1.5, -1, 0, 1.75]

  private func greedy(_ penalties: LogitPenalties, after prompt: [Int32], count: Int) -> [Int32] {
    var sampler = Sampler(SamplingParameters(penalties: penalties))
    sampler.begin(after: prompt)
    return (0..<count).map { sampler.choose(logits.span, position: prompt.count + $0) }
  }

  @Test func `neutral penalties change nothing`() {
    #expect(LogitPenalties().isNeutral)
    #expect(greedy(LogitPenalties(), after: [0], count: 3) == [0, 0, 0])
  }

  @Test func `repetition divides what is above zero, of the prompt too`() {
    // 2 / 1.25 = 1.6 is below 1.75; then that one falls to 1.4, and 1.6 leads again.
    #expect(greedy(LogitPenalties(repetition: 1.25), after: [0], count: 3) == [4, 0, 0])
  }

  @Test func `repetition multiplies what is below zero`() {
    let low: [Float] = [-1, -1.5]
    var sampler = Sampler(SamplingParameters(penalties: LogitPenalties(repetition: 2)))
    sampler.begin(after: [0])
    let chosen = sampler.choose(low.span, position: 1)
    #expect(chosen == 1)
  }

  @Test func `presence counts once, frequency each time, both of the answer alone`() {
    // 2, then 2 − 0.3 = 1.7 < 1.75, then 1.75 − 0.3 = 1.45 < 1.7, and so it stays.
    #expect(
      greedy(LogitPenalties(presence: 0.3), after: [0, 4], count: 5) == [0, 4, 0, 0, 0]
    )
    // 2; 1.75; 1.7; 1.5; 1.45; then 1.4 (0 twice) stands behind 1.45 (4 once).
    #expect(
      greedy(LogitPenalties(frequency: 0.3), after: [0, 4], count: 6) == [0, 4, 0, 1, 4, 0]
    )
  }

  @Test func `a bias is added to its token`() {
    #expect(greedy(LogitPenalties(bias: [3: 2.5, 99: 50]), after: [], count: 1) == [3])
    #expect(greedy(LogitPenalties(bias: [0: -100]), after: [], count: 1) == [4])
  }
}
