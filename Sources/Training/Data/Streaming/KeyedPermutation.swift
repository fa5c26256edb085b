// SPDX-License-Identifier: Apache-2.0

/// A permutation of 0 to n − 1 that is computed place by place, without a table or a state: a
/// Feistel network over the next even number of bits, walked on until it lands below n (Black and
/// Rogaway, "Ciphers with arbitrary finite domains", 2002).
package struct KeyedPermutation: Sendable {
  // More than the four rounds that make a network a pseudorandom permutation: halves are small here.
  private static let roundCount = 8

  /// How many places there are.
  package let count: Int
  private let halfBits: UInt64
  private let random: TrainingRandom
  private let purpose: TrainingRandom.Purpose
  private let stream: UInt64

  /// Creates a permutation.
  ///
  /// - Parameters:
  ///   - count: How many places there are, 1 or more.
  ///   - random: The key.
  ///   - purpose: What it is for.
  ///   - stream: Which of those of a purpose, below 2^40; others are other permutations.
  init(
    count: Int,
    _ random: TrainingRandom,
    _ purpose: TrainingRandom.Purpose = .permutation,
    stream: UInt64
  ) {
    self.count = count
    self.random = random
    self.purpose = purpose
    self.stream = stream
    let bits = max(Int.bitWidth - (count - 1).leadingZeroBitCount, 2)
    halfBits = UInt64((bits + 1) / 2)
  }

  /// Creates a permutation of rows, for tests.
  package init(count: Int, seed: UInt64, stream: UInt64) {
    self.init(count: count, TrainingRandom(seed: seed), stream: stream)
  }

  /// Where a place goes.
  ///
  /// - Parameter place: 0 to count − 1.
  /// - Complexity: O(1) on average: below 4 walks.
  package subscript(place: Int) -> Int {
    var value = UInt64(place)
    repeat { value = permuted(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func permuted(_ value: UInt64) -> UInt64 {
    let mask = (1 as UInt64) << halfBits - 1
    var (left, right) = (value >> halfBits, value & mask)
    for round in 0..<UInt64(Self.roundCount) {
      let word = random.words(step: stream << 8 | round, purpose, index: right).0
      (left, right) = (right, left ^ word & mask)
    }
    return left << halfBits | right
  }
}
