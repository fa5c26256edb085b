// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

/// Random numbers by (seed, stream, index).
@Suite struct DrawTests {
  private func fractions(_ seed: UInt64, _ stream: UInt32, _ index: Int) -> [Double] {
    var draw = Draw(seed: seed, stream: stream, index: index)
    return (0..<16).map { _ in draw.fraction() }
  }

  @Test func `equal keys draw equal numbers, and any other key others`() {
    let own = fractions(1, 2, 3)
    #expect(own == fractions(1, 2, 3))
    let keys: [(UInt64, UInt32, Int)] = [(2, 2, 3), (1, 3, 3), (1, 2, 4), (1, 2, 3 + 1 << 32)]
    for (seed, stream, index) in keys {
      #expect(
        Set(own).isDisjoint(with: fractions(seed, stream, index)),
        "\(seed) \(stream) \(index)"
      )
    }
    #expect(Set(own).count == 16)
  }

  @Test func `numbers are within their bounds and reach them`() {
    var draw = Draw(seed: 5, stream: 0, index: 0)
    var seen: Set<Int> = []
    for _ in 0..<2000 {
      let fraction = draw.fraction()
      #expect(fraction >= 0 && fraction < 1)
      let below = draw.below(7)
      #expect((0..<7).contains(below))
      seen.insert(draw.number(in: -2...2))
    }
    #expect(seen == [-2, -1, 0, 1, 2])
    #expect(draw.number(in: 4...4) == 4 && draw.below(1) == 0)
  }

  // Method: counts of 20,000 draws, each within four deviations of its share.
  @Test func `places come as often as their weights, and one without weight never`() {
    var draw = Draw(seed: 6, stream: 0, index: 0)
    var counts = [0, 0, 0, 0]
    for _ in 0..<20_000 { counts[draw.place(in: [0, 1, 1, 4])] += 1 }
    #expect(counts[0] == 0 && counts[2] == 0)
    #expect(abs(counts[1] - 5000) < 245 && abs(counts[3] - 15_000) < 245, "\(counts)")
    #expect(draw.place(in: [3]) == 0)
  }

  @Test(arguments: [0, 0.03, 0.5, 1])
  func `a chance comes as often as it says`(_ share: Double) {
    var draw = Draw(seed: 7, stream: 0, index: 0)
    let count = (0..<20_000).count { _ in draw.chance(share) }
    let bound = 4 * (20_000 * share * (1 - share)).squareRoot()
    #expect(abs(Double(count) - 20_000 * share) <= bound)
  }
}
