// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// The derivative of attention on every kernel path and thread count, held to the reference.
///
/// Method: sequences that end within a block, one after the other in the rows of a pass, with heads of
/// awkward widths; grouped and latent. What attention says of its sums is compared too.
@Suite struct AttentionGradientTests {
  private static let lengths = [[1], [5, 63], [64, 2], [130, 1, 65]]

  @Test(arguments: ComputeType.allCases, lengths)
  func `over keys and values`(computeType: ComputeType, lengths: [Int]) throws {
    let (heads, keyHeads, width) = (4, 2, 21)
    for flavor in [Flavor.ordinary, .tiny] {
      var samples = Samples(seed: 1, flavor: flavor)
      let rows = lengths.reduce(0, +)
      let queries = try samples.view(rows: rows, columns: heads * width)
      let keys = try samples.view(rows: rows, columns: keyHeads * width)
      let values = try samples.view(rows: rows, columns: keyHeads * width)
      let gradient = try samples.view(rows: rows, columns: heads * width)
      try KernelComparison("attention's derivative \(computeType) \(lengths)").expectEqual {
        device in
        var sequences: [AttentionRows<KeyValueCache>] = []
        for rows in ranges(lengths) {
          let cache = KeyValueCache(
            headCount: keyHeads,
            headDimension: width,
            computeType: computeType
          )
          try device.append(keys: keys.rows(rows), values: values.rows(rows), to: cache)
          sequences.append(AttentionRows(rows: rows, firstPosition: 0, cache: cache))
        }
        let outputs = try blankView(rows: rows, columns: heads * width)
        let statistics = try blankView(rows: rows, columns: 2 * heads)
        device.attend(
          queries,
          headCount: heads,
          sequences: sequences,
          scale: 0.4,
          into: outputs,
          statistics: statistics
        )
        let targets = try [heads, keyHeads, keyHeads].map {
          try samples.view(rows: rows, columns: $0 * width)
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
            scale: 0.4,
            queryGradient: targets[0],
            keyGradient: targets[1],
            valueGradient: targets[2]
          )
        )
        return zerosWithoutSign(statistics) + targets.flatMap(\.allFloats)
      }
    }
  }

  @Test(arguments: ComputeType.allCases, lengths)
  func `over latents`(computeType: ComputeType, lengths: [Int]) throws {
    let (heads, rank, rotary) = (3, 70, 10)
    var samples = Samples(seed: 2, flavor: .ordinary)
    let rows = lengths.reduce(0, +)
    let queries = try samples.view(rows: rows, columns: heads * (rank + rotary))
    let latents = try samples.view(rows: rows, columns: rank + rotary)
    let gradient = try samples.view(rows: rows, columns: heads * rank)
    try KernelComparison("latent attention's derivative \(computeType) \(lengths)").expectEqual {
      device in
      var sequences: [AttentionRows<LatentCache>] = []
      for rows in ranges(lengths) {
        let cache = LatentCache(
          latentRank: rank,
          rotaryDimension: rotary,
          computeType: computeType
        )
        try device.append(latents: latents.rows(rows), to: cache)
        sequences.append(AttentionRows(rows: rows, firstPosition: 0, cache: cache))
      }
      let outputs = try blankView(rows: rows, columns: heads * rank)
      let statistics = try blankView(rows: rows, columns: 2 * heads)
      device.attend(
        queries,
        headCount: heads,
        sequences: sequences,
        scale: 0.3,
        into: outputs,
        statistics: statistics
      )
      let queryGradient = try blankView(rows: rows, columns: heads * (rank + rotary))
      let latentGradient = try blankView(rows: rows, columns: rank + rotary)
      device.attentionGradient(
        AttentionGradient(
          queries: queries,
          keys: latents,
          outputs: outputs,
          statistics: statistics,
          gradient: gradient,
          headCount: heads,
          sequences: sequences,
          scale: 0.3,
          queryGradient: queryGradient,
          keyGradient: latentGradient,
          valueGradient: latentGradient.columns(0..<rank)
        )
      )
      return zerosWithoutSign(statistics) + queryGradient.allFloats + latentGradient.allFloats
    }
  }

  /// Which of two zeros a maximum gives is open, and changes no exponential.
  private func zerosWithoutSign(_ view: ActivationView) -> [Float] { view.allFloats.map { $0 + 0 } }

  private func ranges(_ lengths: [Int]) -> [Range<Int>] {
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return start..<start + length
    }
  }
}
