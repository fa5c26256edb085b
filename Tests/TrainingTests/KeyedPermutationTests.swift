// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Training

/// The permutation by which rows are shuffled.
@Suite struct KeyedPermutationTests {
  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 100, 1000, 4097])
  func `every place comes once`(count: Int) {
    let permutation = KeyedPermutation(count: count, seed: 5, stream: 3)
    #expect(Set((0..<count).map { permutation[$0] }) == Set(0..<count))
  }

  // Method: over many keys each place of a small permutation is each value about equally often; the
  // chi-square of 36 cells has mean 36 and a standard deviation below 10.
  @Test func `no place prefers a value`() {
    let trials = 6000
    var counts = [Int](repeating: 0, count: 36)
    for stream in 0..<UInt64(trials) {
      let permutation = KeyedPermutation(count: 6, seed: 1, stream: stream)
      for place in 0..<6 { counts[place * 6 + permutation[place]] += 1 }
    }
    let expected = Double(trials) / 6
    let square = counts.reduce(0.0) { sum, count in
      let difference = Double(count) - expected
      return sum + difference * difference / expected
    }
    #expect(square < 100, "\(counts)")
  }

  @Test func `other keys and streams are other permutations`() {
    let first = KeyedPermutation(count: 100, seed: 1, stream: 0)
    let same = KeyedPermutation(count: 100, seed: 1, stream: 0)
    for other in [
      KeyedPermutation(count: 100, seed: 2, stream: 0),
      KeyedPermutation(count: 100, seed: 1, stream: 1),
    ] {
      let equal = (0..<100).filter { first[$0] == other[$0] }.count
      #expect(equal < 12)
    }
    #expect((0..<100).allSatisfy { first[$0] == same[$0] })
  }
}
