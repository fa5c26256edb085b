// SPDX-License-Identifier: Apache-2.0

import Compute

/// Multi-head latent attention in its absorbed form (DeepSeek-V2, arXiv 2405.04434, section 2.1).
struct LatentAttention: Attention {
  // The published code passes no epsilon to the norms of the latents and so takes this one,
  // whatever rms_norm_eps says.
  static let latentNormEpsilon: Float = 1e-6

  let plan: LatentPlan
  let query: WeightMatrix
  let queryDown: WeightMatrix?
  let queryNorm: Tensor?
  let latentDown: WeightMatrix
  let latentNorm: Tensor
  let latentUp: Tensor
  let output: WeightMatrix

  init(_ plan: LatentPlan, prefix: String, loader: WeightLoader) throws(ModelError) {
    self.plan = plan
    if plan.queryRank == nil {
      query = try loader.linear(prefix + "q_proj")
      queryDown = nil
      queryNorm = nil
    } else {
      query = try loader.linear(prefix + "q_b_proj")
      queryDown = try loader.linear(prefix + "q_a_proj", hasBias: plan.hasBias)
      queryNorm = try loader.tensor(prefix + "q_a_layernorm.weight")
    }
    latentDown = try loader.linear(prefix + "kv_a_proj_with_mqa", hasBias: plan.hasBias)
    latentNorm = try loader.tensor(prefix + "kv_a_layernorm.weight")
    latentUp = try loader.absorbable(prefix + "kv_b_proj")
    output = try loader.linear(prefix + "o_proj", hasBias: plan.hasBias)
  }

  var weightByteCount: Int {
    query.byteCount + (queryDown?.byteCount ?? 0) + latentDown.byteCount + latentUp.byteCount
      + output.byteCount
  }

  func makeCache(_ computeType: ComputeType) -> any LayerCache {
    LatentCache(
      latentRank: plan.shape.latentRank,
      rotaryDimension: plan.shape.rotaryDimension,
      computeType: computeType
    )
  }

  func forward(
    _ x: ActivationView,
    pass: ForwardPass,
    layer: Int,
    into result: ActivationView
  ) throws(ModelError) {
    let shape = plan.shape
    let queries = try makeQueries(x, pass)
    let latents = try makeLatents(x, pass)
    pass.workspace.latentRows.removeAll(keepingCapacity: true)
    for part in pass.parts {
      guard let cache = part.cache.layers[layer] as? LatentCache else {
        fatalError("layer \(layer) has another cache than its attention made")
      }
      do {
        try pass.device.append(latents: latents.rows(part.rows), to: cache)
      } catch { throw ModelError(error) }
      pass.workspace.latentRows.append(
        AttentionRows(rows: part.rows, firstPosition: part.firstPosition, cache: cache)
      )
    }
    let absorbed = try pass.workspace.view(
      .absorbed,
      rows: pass.rowCount,
      columns: shape.headCount * (shape.latentRank + shape.rotaryDimension)
    )
    pass.device.absorb(
      queries,
      weight: latentUp,
      shape: shape,
      into: absorbed,
      computeType: pass.computeType
    )
    let results = try pass.workspace.view(
      .latentResults,
      rows: pass.rowCount,
      columns: shape.headCount * shape.latentRank
    )
    pass.device.attend(
      absorbed,
      headCount: shape.headCount,
      sequences: pass.workspace.latentRows,
      scale: plan.scale,
      into: results,
      statistics: try pass.statistics(headCount: shape.headCount)
    )
    let attended = try pass.workspace.view(
      .attended,
      rows: pass.rowCount,
      columns: shape.headCount * shape.valueDimension
    )
    pass.device.expandValues(
      results,
      weight: latentUp,
      shape: shape,
      into: attended,
      computeType: pass.computeType
    )
    pass.multiply(attended, by: output, into: result)
  }

  private func makeQueries(
    _ x: ActivationView,
    _ pass: ForwardPass
  ) throws(ModelError) -> ActivationView {
    let rows = pass.rowCount
    let queries = try pass.workspace.view(.queries, rows: rows, columns: query.rowCount)
    if let queryDown, let queryNorm {
      let latents = try pass.workspace.view(.queryLatents, rows: rows, columns: queryDown.rowCount)
      pass.multiply(x, by: queryDown, into: latents)
      try pass.keep(latents, in: .rawQueryLatents)
      pass.device.normalize(
        latents,
        weight: queryNorm,
        epsilon: Self.latentNormEpsilon,
        into: latents
      )
      pass.multiply(latents, by: query, into: queries)
    } else {
      pass.multiply(x, by: query, into: queries)
    }
    pass.device.rotate(
      queries,
      headCount: plan.shape.headCount,
      headStride: plan.shape.noPositionDimension + plan.shape.rotaryDimension,
      headOffset: plan.shape.noPositionDimension,
      angles: pass.angles,
      layout: pass.rotaryLayout
    )
    return queries
  }

  /// `[latent | rotary key]`: the latent is normed, the key rotated, never the other way round.
  private func makeLatents(
    _ x: ActivationView,
    _ pass: ForwardPass
  ) throws(ModelError) -> ActivationView {
    let latents = try pass.workspace.view(
      .keys,
      rows: pass.rowCount,
      columns: latentDown.rowCount
    )
    pass.multiply(x, by: latentDown, into: latents)
    try pass.keep(latents, in: .rawKeys)
    let normed = latents.columns(0..<plan.shape.latentRank)
    pass.device.normalize(
      normed,
      weight: latentNorm,
      epsilon: Self.latentNormEpsilon,
      into: normed
    )
    pass.device.rotate(
      latents,
      headCount: 1,
      headStride: latentDown.rowCount,
      headOffset: plan.shape.latentRank,
      angles: pass.angles,
      layout: pass.rotaryLayout
    )
    return latents
  }
}
