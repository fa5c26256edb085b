// SPDX-License-Identifier: Apache-2.0

import Compute

/// The random numbers of one generated conversation.
///
/// They are keyed by (seed, stream, index): what one conversation draws moves no other.
package struct Draw {
  private let philox: Philox
  private let stream: UInt32
  private let index: UInt64
  private var count: UInt32 = 0
  private var spare: UInt64?

  /// Creates the draws of an index, 0 or more.
  package init(seed: UInt64, stream: UInt32, index: Int) {
    philox = Philox(key: seed)
    self.stream = stream
    self.index = UInt64(index)
  }

  private mutating func word() -> UInt64 {
    if let spare {
      self.spare = nil
      return spare
    }
    let words = philox.words(
      SIMD4(
        UInt32(truncatingIfNeeded: index),
        UInt32(truncatingIfNeeded: index >> 32),
        stream,
        count
      )
    )
    count += 1
    spare = UInt64(words[3]) << 32 | UInt64(words[2])
    return UInt64(words[1]) << 32 | UInt64(words[0])
  }

  /// A number from 0 to below the bound.
  package mutating func below(_ bound: Int) -> Int { TrainingRandom.below(bound, word()) }

  /// A number within bounds.
  package mutating func number(in bounds: ClosedRange<Int>) -> Int {
    bounds.lowerBound + below(bounds.count)
  }

  /// True in a share of cases.
  package mutating func chance(_ share: Double) -> Bool { fraction() < share }

  /// A number in [0, 1).
  package mutating func fraction() -> Double { Double(word() >> 11) * 0x1p-53 }

  /// The place of one of some weights, each as likely as its share; `ends` are their running sums.
  package mutating func place(in ends: [Double]) -> Int {
    let drawn = fraction() * (ends.last ?? 0)
    var (low, high) = (0, max(ends.count - 1, 0))
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > drawn { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
