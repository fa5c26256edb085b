// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// The derivatives of attention against differences of its formula: grouped and over latents, two
/// sequences in the rows of one pass.
@Suite struct AttentionDifferenceTests {
  private static let sequences = [0..<5, 5..<8]
  private static let scale: Float = 0.375

  @Test func `over keys and values it is the slope`() throws {
    let (heads, keyHeads, width) = (4, 2, 6)
    var samples = Samples(seed: 1, flavor: .ordinary)
    let trial = try GroupedAttentionTrial(
      &samples,
      heads: (queries: heads, keys: keyHeads),
      width: width,
      scale: Self.scale,
      sequences: Self.sequences
    )
    let inputs = [trial.queries, trial.keys, trial.values].map(\.allFloats)
    try DifferenceComparison("grouped attention").expectSlopes(of: inputs) { inputs in
      let (q, k) = (rows(inputs[0], of: width), rows(inputs[1], of: width))
      let v = rows(inputs[2], of: width)
      let slopes = rows(trial.gradient.doubles, of: width)
      return (0..<heads).reduce(0) { sum, head in
        let shared = head / (heads / keyHeads)
        return sum
          + loss(
            every(heads, from: head, q),
            every(keyHeads, from: shared, k),
            every(keyHeads, from: shared, v),
            every(heads, from: head, slopes)
          )
      }
    } _: { device in
      try trial.run(device).gradients.map(\.allFloats)
    }
  }

  @Test func `over latents it is the slope, keys' and values' in one`() throws {
    let (heads, rank, rotary) = (3, 7, 4)
    var samples = Samples(seed: 2, flavor: .ordinary)
    let trial = try LatentAttentionTrial(
      &samples,
      headCount: heads,
      rank: rank,
      rotary: rotary,
      scale: Self.scale,
      sequences: Self.sequences
    )
    let inputs = [trial.queries, trial.latents].map(\.allFloats)
    try DifferenceComparison("latent attention").expectSlopes(of: inputs) { inputs in
      let (q, k) = (rows(inputs[0], of: rank + rotary), rows(inputs[1], of: rank + rotary))
      let slopes = rows(trial.gradient.doubles, of: rank)
      return (0..<heads).reduce(0) { sum, head in
        let values = k.map { Array($0.prefix(rank)) }
        return sum
          + loss(every(heads, from: head, q), k, values, every(heads, from: head, slopes))
      }
    } _: { device in
      try trial.run(device).gradients.map(\.allFloats)
    }
  }

  /// Every `count`-th of the heads of all tokens: one head's rows.
  private func every(_ count: Int, from first: Int, _ rows: [[Double]]) -> [[Double]] {
    stride(from: first, to: rows.count, by: count).map { rows[$0] }
  }

  /// One head's causal `softmax(q · k) v`, each result times its slope, all added.
  private func loss(
    _ q: [[Double]],
    _ k: [[Double]],
    _ v: [[Double]],
    _ slopes: [[Double]]
  ) -> Double {
    var sum = 0.0
    for sequence in Self.sequences {
      for row in sequence {
        let seen = sequence.lowerBound...row
        let weights = seen.map {
          ElementaryFunctions.exp(product(q[row], k[$0]) * Double(Self.scale))
        }
        let total = weights.reduce(0, +)
        for (weight, place) in zip(weights, seen) {
          sum += weight / total * product(v[place], slopes[row])
        }
      }
    }
    return sum
  }
}
