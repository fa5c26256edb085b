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
    for flavor in [Flavor.ordinary, .tiny] {
      var samples = Samples(seed: 1, flavor: flavor)
      var trial = try GroupedAttentionTrial(
        &samples,
        heads: (queries: 4, keys: 2),
        width: 21,
        scale: 0.4,
        sequences: ranges(lengths)
      )
      trial.computeType = computeType
      try KernelComparison("attention's derivative \(computeType) \(lengths)").expectEqual {
        numbers(try trial.run($0))
      }
    }
  }

  @Test(arguments: ComputeType.allCases, lengths)
  func `over latents`(computeType: ComputeType, lengths: [Int]) throws {
    var samples = Samples(seed: 2, flavor: .ordinary)
    var trial = try LatentAttentionTrial(
      &samples,
      headCount: 3,
      rank: 70,
      rotary: 10,
      scale: 0.3,
      sequences: ranges(lengths)
    )
    trial.computeType = computeType
    try KernelComparison("latent attention's derivative \(computeType) \(lengths)").expectEqual {
      numbers(try trial.run($0))
    }
  }

  /// Statistics without the signs of zeros: which of two zeros a maximum gives is open, and changes no
  /// exponential.
  private func numbers(_ result: AttentionTrialResult) -> [Float] {
    result.statistics.allFloats.map { $0 + 0 } + result.gradients.flatMap(\.allFloats)
  }

  private func ranges(_ lengths: [Int]) -> [Range<Int>] {
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return start..<start + length
    }
  }
}
