// SPDX-License-Identifier: Apache-2.0

import Compute

extension GroupedQueryAttention {
  func differentiate(
    _ gradient: ActivationView,
    x: ActivationView,
    gradients: any Attention,
    pass: BackwardPass,
    layer: Int,
    into target: ActivationView
  ) throws(ModelError) {
    guard let gradients = gradients as? GroupedQueryAttention else {
      fatalError("layer \(layer) has gradients of another kind")
    }
    let width = plan.headCount * plan.headDimension
    let keyWidth = plan.keyValueHeadCount * plan.headDimension
    let attended = try pass.kept(.attended, columns: width)
    let attendedGradient = try pass.gradient(.attended, columns: width)
    pass.accumulate(attended, [(gradient, gradients.output)])
    pass.propagate([(gradient, output)], into: attendedGradient)
    let queries = try pass.gradient(.queries, columns: width)
    let keys = try pass.gradient(.keys, columns: keyWidth)
    let values = try pass.gradient(.values, columns: keyWidth)
    pass.device.attentionGradient(
      AttentionGradient(
        queries: try pass.kept(.queries, columns: width),
        keys: try pass.kept(.keys, columns: keyWidth),
        outputs: attended,
        statistics: try pass.kept(.statistics, columns: 2 * plan.headCount),
        gradient: attendedGradient,
        headCount: plan.headCount,
        sequences: pass.forward.parts.map { part in
          guard let cache = part.cache.layers[layer] as? KeyValueCache else {
            fatalError("layer \(layer) has another cache than its attention made")
          }
          return AttentionRows(rows: part.rows, firstPosition: part.firstPosition, cache: cache)
        },
        scale: plan.scale,
        queryGradient: queries,
        keyGradient: keys,
        valueGradient: values
      )
    )
    let projected = [
      try unrotated(queries, .rawQueries, queryNorm, gradients.queryNorm, plan.headCount, pass),
      try unrotated(keys, .rawKeys, keyNorm, gradients.keyNorm, plan.keyValueHeadCount, pass),
      values,
    ]
    pass.accumulate(x, Array(zip(projected, gradients.projections)))
    pass.propagate(Array(zip(projected, projections)), into: target)
  }

  /// The gradient of heads before their rotation and, where there is one, their norm.
  private func unrotated(
    _ gradient: ActivationView,
    _ raw: Workspace.Slot,
    _ norm: Tensor?,
    _ normGradient: Tensor?,
    _ headCount: Int,
    _ pass: BackwardPass
  ) throws(ModelError) -> ActivationView {
    pass.rotateBack(
      gradient,
      headCount: headCount,
      headStride: plan.headDimension,
      headOffset: 0
    )
    guard let norm, let normGradient else { return gradient }
    let width = headCount * plan.headDimension
    let target = try pass.gradient(raw, columns: width)
    pass.device.normalizeGradient(
      of: try pass.kept(raw, columns: width).split(into: headCount),
      weight: norm,
      epsilon: normEpsilon,
      gradient: gradient.split(into: headCount),
      weightGradient: normGradient,
      into: target.split(into: headCount),
      accumulates: false
    )
    return target
  }
}
