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
    let queries = try samples.view(rows: 8, columns: heads * width)
    let keys = try samples.view(rows: 8, columns: keyHeads * width)
    let values = try samples.view(rows: 8, columns: keyHeads * width)
    let gradient = try samples.view(rows: 8, columns: heads * width)
    let inputs = [queries.allFloats, keys.allFloats, values.allFloats]
    try DifferenceComparison("grouped attention").expectSlopes(of: inputs) { inputs in
      let (q, k) = (rows(inputs[0], of: width), rows(inputs[1], of: width))
      let v = rows(inputs[2], of: width)
      let slopes = rows(gradient.allFloats.map(Double.init), of: width)
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
      let sequences = try Self.sequences.map { rows in
        let cache = KeyValueCache(
          headCount: keyHeads,
          headDimension: width,
          computeType: .f32
        )
        try device.append(keys: keys.rows(rows), values: values.rows(rows), to: cache)
        return AttentionRows(rows: rows, firstPosition: 0, cache: cache)
      }
      let outputs = try blankView(rows: 8, columns: heads * width)
      let statistics = try blankView(rows: 8, columns: 2 * heads)
      device.attend(
        queries,
        headCount: heads,
        sequences: sequences,
        scale: Self.scale,
        into: outputs,
        statistics: statistics
      )
      let targets = try [heads, keyHeads, keyHeads].map {
        try blankView(rows: 8, columns: $0 * width)
      }
      device.attentionGradient(
        AttentionGradient(
          queries: queries,
          keys: keys,
          outputs: outputs,
          statistics: statistics,
          gradient: gradient,
          headCount: heads,
          sequences: sequences,
          scale: Self.scale,
          queryGradient: targets[0],
          keyGradient: targets[1],
          valueGradient: targets[2]
        )
      )
      return targets.map(\.allFloats)
    }
  }

  @Test func `over latents it is the slope, keys' and values' in one`() throws {
    let (heads, rank, rotary) = (3, 7, 4)
    let width = rank + rotary
    var samples = Samples(seed: 2, flavor: .ordinary)
    let queries = try samples.view(rows: 8, columns: heads * width)
    let latents = try samples.view(rows: 8, columns: width)
    let gradient = try samples.view(rows: 8, columns: heads * rank)
    let inputs = [queries.allFloats, latents.allFloats]
    try DifferenceComparison("latent attention").expectSlopes(of: inputs) { inputs in
      let (q, k) = (rows(inputs[0], of: width), rows(inputs[1], of: width))
      let slopes = rows(gradient.allFloats.map(Double.init), of: rank)
      return (0..<heads).reduce(0) { sum, head in
        let values = k.map { Array($0.prefix(rank)) }
        return sum
          + loss(every(heads, from: head, q), k, values, every(heads, from: head, slopes))
      }
    } _: { device in
      let sequences = try Self.sequences.map { rows in
        let cache = LatentCache(
          latentRank: rank,
          rotaryDimension: rotary,
          computeType: .f32
        )
        try device.append(latents: latents.rows(rows), to: cache)
        return AttentionRows(rows: rows, firstPosition: 0, cache: cache)
      }
      let outputs = try blankView(rows: 8, columns: heads * rank)
      let statistics = try blankView(rows: 8, columns: 2 * heads)
      device.attend(
        queries,
        headCount: heads,
        sequences: sequences,
        scale: Self.scale,
        into: outputs,
        statistics: statistics
      )
      let queryGradient = try blankView(rows: 8, columns: heads * width)
      let latentGradient = try blankView(rows: 8, columns: width)
      device.attentionGradient(
        AttentionGradient(
          queries: queries,
          keys: latents,
          outputs: outputs,
          statistics: statistics,
          gradient: gradient,
          headCount: heads,
          sequences: sequences,
          scale: Self.scale,
          queryGradient: queryGradient,
          keyGradient: latentGradient,
          valueGradient: latentGradient.columns(0..<rank)
        )
      )
      return [queryGradient.allFloats, latentGradient.allFloats]
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
