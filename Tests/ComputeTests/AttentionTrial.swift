// SPDX-License-Identifier: Apache-2.0

import Compute

/// What attention and its derivative give.
struct AttentionTrialResult {
  /// What attention said of its sums.
  var statistics: ActivationView
  /// The gradients of queries, keys and values; of latents, keys' and values' are one.
  var gradients: [ActivationView]
}

/// Queries, keys and values of some sequences, one after the other in the rows of a pass, with the
/// gradient of the result.
struct GroupedAttentionTrial {
  var headCount: Int
  var keyHeadCount: Int
  var width: Int
  var scale: Float
  var sequences: [Range<Int>]
  var computeType = ComputeType.f32
  let queries: ActivationView
  let keys: ActivationView
  let values: ActivationView
  let gradient: ActivationView

  /// Draws a trial.
  init(
    _ samples: inout Samples,
    heads: (queries: Int, keys: Int),
    width: Int,
    scale: Float,
    sequences: [Range<Int>]
  ) throws {
    (headCount, keyHeadCount) = heads
    (self.width, self.scale, self.sequences) = (width, scale, sequences)
    let rows = sequences.last?.upperBound ?? 0
    queries = try samples.view(rows: rows, columns: heads.queries * width)
    keys = try samples.view(rows: rows, columns: heads.keys * width)
    values = try samples.view(rows: rows, columns: heads.keys * width)
    gradient = try samples.view(rows: rows, columns: heads.queries * width)
  }

  /// Attends and differentiates, into rows that hold something before.
  func run(_ device: any Device) throws -> AttentionTrialResult {
    let cached = try sequences.map { rows in
      let cache = KeyValueCache(
        headCount: keyHeadCount,
        headDimension: width,
        computeType: computeType
      )
      try device.append(keys: keys.rows(rows), values: values.rows(rows), to: cache)
      return AttentionRows(rows: rows, firstPosition: 0, cache: cache)
    }
    let outputs = try blankView(rows: queries.rowCount, columns: headCount * width)
    let statistics = try blankView(rows: queries.rowCount, columns: 2 * headCount)
    device.attend(
      queries,
      headCount: headCount,
      sequences: cached,
      scale: scale,
      into: outputs,
      statistics: statistics
    )
    let targets = [try queries.copy(), try keys.copy(), try values.copy()]
    device.attentionGradient(
      AttentionGradient(
        queries: queries,
        keys: keys,
        outputs: outputs,
        statistics: statistics,
        gradient: gradient,
        headCount: headCount,
        sequences: cached,
        scale: scale,
        queryGradient: targets[0],
        keyGradient: targets[1],
        valueGradient: targets[2]
      )
    )
    return AttentionTrialResult(statistics: statistics, gradients: targets)
  }
}

/// The same over latents.
struct LatentAttentionTrial {
  var headCount: Int
  var rank: Int
  var rotary: Int
  var scale: Float
  var sequences: [Range<Int>]
  var computeType = ComputeType.f32
  let queries: ActivationView
  let latents: ActivationView
  let gradient: ActivationView

  /// Draws a trial.
  init(
    _ samples: inout Samples,
    headCount: Int,
    rank: Int,
    rotary: Int,
    scale: Float,
    sequences: [Range<Int>]
  ) throws {
    (self.headCount, self.rank, self.rotary) = (headCount, rank, rotary)
    (self.scale, self.sequences) = (scale, sequences)
    let rows = sequences.last?.upperBound ?? 0
    queries = try samples.view(rows: rows, columns: headCount * (rank + rotary))
    latents = try samples.view(rows: rows, columns: rank + rotary)
    gradient = try samples.view(rows: rows, columns: headCount * rank)
  }

  /// Attends and differentiates, into rows that hold something before.
  func run(_ device: any Device) throws -> AttentionTrialResult {
    let cached = try sequences.map { rows in
      let cache = LatentCache(
        latentRank: rank,
        rotaryDimension: rotary,
        computeType: computeType
      )
      try device.append(latents: latents.rows(rows), to: cache)
      return AttentionRows(rows: rows, firstPosition: 0, cache: cache)
    }
    let outputs = try blankView(rows: queries.rowCount, columns: headCount * rank)
    let statistics = try blankView(rows: queries.rowCount, columns: 2 * headCount)
    device.attend(
      queries,
      headCount: headCount,
      sequences: cached,
      scale: scale,
      into: outputs,
      statistics: statistics
    )
    let (queryGradient, latentGradient) = (try queries.copy(), try latents.copy())
    device.attentionGradient(
      AttentionGradient(
        queries: queries,
        keys: latents,
        outputs: outputs,
        statistics: statistics,
        gradient: gradient,
        headCount: headCount,
        sequences: cached,
        scale: scale,
        queryGradient: queryGradient,
        keyGradient: latentGradient,
        valueGradient: latentGradient.columns(0..<rank)
      )
    )
    return AttentionTrialResult(
      statistics: statistics,
      gradients: [queryGradient, latentGradient]
    )
  }
}
