// SPDX-License-Identifier: Apache-2.0

import Compute

/// The random numbers of data and trials, keyed by (seed, step, purpose, index): no state to share or to lose.
struct TrainingRandom: Sendable {
  /// What a number is for, so that no two uses share any.
  enum Purpose: UInt32 {
    case permutation = 1
    case packing = 2
    case mixture = 3
    case fillInMiddle = 4
    case minimumHash = 5
    case kill = 6
  }

  private let philox: Philox

  init(seed: UInt64) { philox = Philox(key: seed) }

  /// Two words of 64 bits.
  ///
  /// - Parameters:
  ///   - step: The lower 48 bits count.
  ///   - purpose: What they are for.
  ///   - index: Which of those of a step.
  /// - Returns: The words.
  func words(step: UInt64 = 0, _ purpose: Purpose, index: UInt64) -> (UInt64, UInt64) {
    let words = philox.words(
      SIMD4(
        UInt32(truncatingIfNeeded: index),
        UInt32(truncatingIfNeeded: index >> 32),
        UInt32(truncatingIfNeeded: step),
        purpose.rawValue << 16 | UInt32(truncatingIfNeeded: step >> 32) & 0xFFFF
      )
    )
    return (
      UInt64(words[1]) << 32 | UInt64(words[0]), UInt64(words[3]) << 32 | UInt64(words[2])
    )
  }

  /// A number below a bound from a word, each as likely as the others but for one part in 2^64.
  static func below(_ bound: Int, _ word: UInt64) -> Int {
    Int(word.multipliedFullWidth(by: UInt64(bound)).high)
  }
}
