// SPDX-License-Identifier: Apache-2.0

import Compute

/// Attention whose query heads share key/value heads in runs of equal length.
struct GroupedQueryAttention: Attention {
  let plan: GroupedQueryPlan
  let normEpsilon: Float
  /// Those of queries, keys and values.
  let projections: [WeightMatrix]
  let output: WeightMatrix
  let queryNorm: Tensor?
  let keyNorm: Tensor?

  init(
    _ plan: GroupedQueryPlan,
    normEpsilon: Float,
    prefix: String,
    loader: WeightLoader
  ) throws(ModelError) {
    self.plan = plan
    self.normEpsilon = normEpsilon
    projections = [
      try loader.linear(prefix + "q_proj", hasBias: plan.hasQueryKeyValueBias),
      try loader.linear(prefix + "k_proj", hasBias: plan.hasQueryKeyValueBias),
      try loader.linear(prefix + "v_proj", hasBias: plan.hasQueryKeyValueBias),
    ]
    output = try loader.linear(prefix + "o_proj", hasBias: plan.hasOutputBias)
    queryNorm = plan.normalizesQueriesAndKeys ? try loader.tensor(prefix + "q_norm.weight") : nil
    keyNorm = plan.normalizesQueriesAndKeys ? try loader.tensor(prefix + "k_norm.weight") : nil
  }

  var weightByteCount: Int {
    projections.reduce(output.byteCount) { $0 + $1.byteCount }
  }

  func makeCache(_ computeType: ComputeType) -> any LayerCache {
    KeyValueCache(
      headCount: plan.keyValueHeadCount,
      headDimension: plan.headDimension,
      computeType: computeType
    )
  }

  func forward(
    _ x: ActivationView,
    pass: ForwardPass,
    layer: Int,
    into result: ActivationView
  ) throws(ModelError) {
    let rows = pass.rowCount
    let width = plan.headCount * plan.headDimension
    let keyWidth = plan.keyValueHeadCount * plan.headDimension
    let queries = try pass.workspace.view(.queries, rows: rows, columns: width)
    let keys = try pass.workspace.view(.keys, rows: rows, columns: keyWidth)
    let values = try pass.workspace.view(.values, rows: rows, columns: keyWidth)
    pass.multiply(x, by: projections, into: ViewList(queries, keys, values))
    if queryNorm != nil {
      try pass.keep(queries, in: .rawQueries)
      try pass.keep(keys, in: .rawKeys)
    }
    normAndRotate(queries, norm: queryNorm, headCount: plan.headCount, pass)
    normAndRotate(keys, norm: keyNorm, headCount: plan.keyValueHeadCount, pass)
    pass.workspace.keyValueRows.removeAll(keepingCapacity: true)
    for part in pass.parts {
      guard let cache = part.cache.layers[layer] as? KeyValueCache else {
        fatalError("layer \(layer) has another cache than its attention made")
      }
      do {
        try pass.device.append(
          keys: keys.rows(part.rows),
          values: values.rows(part.rows),
          to: cache
        )
      } catch { throw ModelError(error) }
      pass.workspace.keyValueRows.append(
        AttentionRows(rows: part.rows, firstPosition: part.firstPosition, cache: cache)
      )
    }
    let attended = try pass.workspace.view(.attended, rows: rows, columns: width)
    pass.device.attend(
      queries,
      headCount: plan.headCount,
      sequences: pass.workspace.keyValueRows,
      scale: plan.scale,
      into: attended,
      statistics: try pass.statistics(headCount: plan.headCount)
    )
    pass.multiply(attended, by: output, into: result)
  }

  private func normAndRotate(
    _ x: ActivationView,
    norm: Tensor?,
    headCount: Int,
    _ pass: ForwardPass
  ) {
    if let norm {
      let heads = x.split(into: headCount)
      pass.device.normalize(heads, weight: norm, epsilon: normEpsilon, into: heads)
    }
    pass.device.rotate(
      x,
      headCount: headCount,
      headStride: plan.headDimension,
      headOffset: 0,
      angles: pass.angles,
      layout: pass.rotaryLayout
    )
  }
}
