// SPDX-License-Identifier: Apache-2.0

import Compute

extension LatentAttention {
  func differentiate(
    _ gradient: ActivationView,
    x: ActivationView,
    gradients: any Attention,
    pass: BackwardPass,
    layer: Int,
    into target: ActivationView
  ) throws(ModelError) {
    guard let gradients = gradients as? LatentAttention else {
      fatalError("layer \(layer) has gradients of another kind")
    }
    let width = plan.shape.headCount * plan.shape.valueDimension
    let attended = try pass.kept(.attended, columns: width)
    let attendedGradient = try pass.gradient(.attended, columns: width)
    pass.accumulate(attended, [(gradient, gradients.output)])
    pass.propagate([(gradient, output)], into: attendedGradient)
    let results = try differentiateValues(attendedGradient, pass)
    let (absorbed, latents) = try differentiateScores(results, pass, layer)
    let queries = try differentiateAbsorption(absorbed, pass)
    accumulateUpProjection(
      values: attendedGradient,
      keys: absorbed,
      results: try pass.kept(.latentResults, columns: results.columnCount),
      queries: try pass.kept(.queries, columns: queries.columnCount),
      gradients.latentUp,
      pass
    )
    let latentRows = try differentiateLatents(latents, gradients.latentNorm, pass)
    let queryRows = try differentiateQueries(queries, x: x, gradients, pass)
    if let queryDown, let queryDownGradient = gradients.queryDown {
      pass.accumulate(
        x,
        [(queryRows, queryDownGradient), (latentRows, gradients.latentDown)]
      )
      pass.propagate([(queryRows, queryDown), (latentRows, latentDown)], into: target)
    } else {
      pass.accumulate(x, [(queryRows, gradients.query), (latentRows, gradients.latentDown)])
      pass.propagate([(queryRows, query), (latentRows, latentDown)], into: target)
    }
  }

  /// From values to the heads' latent results, through each head's value rows of kv_b_proj.
  private func differentiateValues(
    _ values: ActivationView,
    _ pass: BackwardPass
  ) throws(ModelError) -> ActivationView {
    let shape = plan.shape
    let results = try pass.gradient(.latentResults, columns: shape.headCount * shape.latentRank)
    pass.device.propagate(
      (0..<shape.headCount).map { head in
        InputGradient(
          gradient: values.head(head, width: shape.valueDimension),
          weight: latentUp.rows(valueRows(head)),
          target: results.head(head, width: shape.latentRank)
        )
      },
      computeType: pass.computeType
    )
    return results
  }

  /// From the heads' latent results to absorbed queries and cached rows.
  private func differentiateScores(
    _ gradient: ActivationView,
    _ pass: BackwardPass,
    _ layer: Int
  ) throws(ModelError) -> (absorbed: ActivationView, latents: ActivationView) {
    let shape = plan.shape
    let width = shape.latentRank + shape.rotaryDimension
    let absorbed = try pass.gradient(.absorbed, columns: shape.headCount * width)
    let latents = try pass.gradient(.keys, columns: width)
    pass.device.attentionGradient(
      AttentionGradient(
        queries: try pass.kept(.absorbed, columns: shape.headCount * width),
        keys: try pass.kept(.keys, columns: width),
        outputs: try pass.kept(.latentResults, columns: gradient.columnCount),
        statistics: try pass.kept(.statistics, columns: 2 * shape.headCount),
        gradient: gradient,
        headCount: shape.headCount,
        sequences: pass.forward.parts.map { part in
          guard let cache = part.cache.layers[layer] as? LatentCache else {
            fatalError("layer \(layer) has another cache than its attention made")
          }
          return AttentionRows(rows: part.rows, firstPosition: part.firstPosition, cache: cache)
        },
        scale: plan.scale,
        queryGradient: absorbed,
        keyGradient: latents,
        valueGradient: latents.columns(0..<shape.latentRank)
      )
    )
    return (absorbed, latents)
  }

  /// From absorbed queries to queries: the dot form along the latent, and a copy.
  private func differentiateAbsorption(
    _ absorbed: ActivationView,
    _ pass: BackwardPass
  ) throws(ModelError) -> ActivationView {
    let shape = plan.shape
    let width = shape.noPositionDimension + shape.rotaryDimension
    let queries = try pass.gradient(.queries, columns: shape.headCount * width)
    for head in 0..<shape.headCount {
      let source = absorbed.head(head, width: shape.latentRank + shape.rotaryDimension)
      let target = queries.head(head, width: width)
      pass.device.multiply(
        source.columns(0..<shape.latentRank),
        by: WeightMatrix(latentUp.rows(keyRows(head))),
        into: target.columns(0..<shape.noPositionDimension),
        computeType: pass.computeType
      )
      pass.device.copy(
        source.columns(shape.latentRank..<source.columnCount),
        into: target.columns(shape.noPositionDimension..<width)
      )
    }
    pass.rotateBack(
      queries,
      headCount: shape.headCount,
      headStride: width,
      headOffset: shape.noPositionDimension
    )
    return queries
  }

  /// Adds the gradients of kv_b_proj: each head's key rows from absorption, its value rows from values.
  private func accumulateUpProjection(
    values: ActivationView,
    keys: ActivationView,
    results: ActivationView,
    queries: ActivationView,
    _ target: Tensor,
    _ pass: BackwardPass
  ) {
    let shape = plan.shape
    let rows = ContractedRows(runs: pass.batchRows)
    var products: [WeightGradient] = []
    for head in 0..<shape.headCount {
      let absorbed = keys.head(head, width: shape.latentRank + shape.rotaryDimension)
      let query = queries.head(head, width: shape.noPositionDimension + shape.rotaryDimension)
      products.append(
        WeightGradient(
          input: absorbed.columns(0..<shape.latentRank),
          outputs: [
            .init(
              gradient: query.columns(0..<shape.noPositionDimension),
              target: target.rows(keyRows(head))
            )
          ],
          rows: rows
        )
      )
      products.append(
        WeightGradient(
          input: results.head(head, width: shape.latentRank),
          outputs: [
            .init(
              gradient: values.head(head, width: shape.valueDimension),
              target: target.rows(valueRows(head))
            )
          ],
          rows: rows
        )
      )
    }
    pass.device.accumulate(products, computeType: pass.computeType)
  }

  /// From cached rows to the down-projection's output: the rotation and the norm undone.
  private func differentiateLatents(
    _ latents: ActivationView,
    _ normGradient: Tensor,
    _ pass: BackwardPass
  ) throws(ModelError) -> ActivationView {
    let (rank, width) = (plan.shape.latentRank, latents.columnCount)
    pass.rotateBack(latents, headCount: 1, headStride: width, headOffset: rank)
    let target = try pass.gradient(.rawKeys, columns: width)
    pass.device.copy(latents.columns(rank..<width), into: target.columns(rank..<width))
    pass.device.normalizeGradient(
      of: try pass.kept(.rawKeys, columns: width).columns(0..<rank),
      weight: latentNorm,
      epsilon: Self.latentNormEpsilon,
      gradient: latents.columns(0..<rank),
      weightGradient: normGradient,
      into: target.columns(0..<rank),
      accumulates: false
    )
    return target
  }

  /// From queries to what multiplies the layer's input: the query latent where there is one.
  private func differentiateQueries(
    _ queries: ActivationView,
    x: ActivationView,
    _ gradients: LatentAttention,
    _ pass: BackwardPass
  ) throws(ModelError) -> ActivationView {
    guard let queryDown, let queryNorm, let normGradient = gradients.queryNorm else {
      return queries
    }
    let rank = queryDown.rowCount
    let latents = try pass.gradient(.queryLatents, columns: rank)
    pass.accumulate(try pass.kept(.queryLatents, columns: rank), [(queries, gradients.query)])
    pass.propagate([(queries, query)], into: latents)
    let target = try pass.gradient(.rawQueryLatents, columns: rank)
    pass.device.normalizeGradient(
      of: try pass.kept(.rawQueryLatents, columns: rank),
      weight: queryNorm,
      epsilon: Self.latentNormEpsilon,
      gradient: latents,
      weightGradient: normGradient,
      into: target,
      accumulates: false
    )
    return target
  }

  private func keyRows(_ head: Int) -> Range<Int> {
    let start = head * (plan.shape.noPositionDimension + plan.shape.valueDimension)
    return start..<start + plan.shape.noPositionDimension
  }

  private func valueRows(_ head: Int) -> Range<Int> {
    let start = keyRows(head).upperBound
    return start..<start + plan.shape.valueDimension
  }
}

extension ActivationView {
  /// The columns of one head.
  fileprivate func head(_ index: Int, width: Int) -> ActivationView {
    columns(index * width..<(index + 1) * width)
  }
}
