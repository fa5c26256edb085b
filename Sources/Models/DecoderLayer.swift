// SPDX-License-Identifier: Apache-2.0

import Compute

/// One transformer layer: `x += attention(norm x)`, then `x += feedForward(norm x)`.
struct DecoderLayer: Sendable {
  let attention: any Attention
  let feedForward: any FeedForward
  let inputNorm: Tensor
  let postAttentionNorm: Tensor
  let normEpsilon: Float

  init(
    _ plan: LayerPlan,
    normEpsilon: Float,
    prefix: String,
    loader: WeightLoader
  ) throws(ModelError) {
    self.normEpsilon = normEpsilon
    let attentionPrefix = prefix + TensorNames.attention
    switch plan.attention {
    case .groupedQuery(let plan):
      attention = try GroupedQueryAttention(
        plan,
        normEpsilon: normEpsilon,
        prefix: attentionPrefix,
        loader: loader
      )
    case .latent(let plan):
      attention = try LatentAttention(plan, prefix: attentionPrefix, loader: loader)
    }
    switch plan.feedForward {
    case .dense(_, let hasBias):
      feedForward = try DenseFeedForward(
        prefix: prefix + TensorNames.feedForward,
        hasBias: hasBias,
        loader: loader
      )
    case .mixture(let plan):
      feedForward = try MixtureFeedForward(plan, prefix: prefix, loader: loader)
    }
    inputNorm = try loader.tensor(prefix + TensorNames.inputNorm)
    postAttentionNorm = try loader.tensor(prefix + TensorNames.postAttentionNorm)
  }

  /// Transforms the residual stream in place.
  ///
  /// - Returns: The experts that were chosen, nil in a dense layer.
  func forward(
    _ residual: ActivationView,
    pass: ForwardPass,
    layer: Int
  ) throws(ModelError) -> ExpertChoice? {
    let columns = residual.columnCount
    pass.workspace.enter(layer: layer + 1)
    defer { pass.workspace.enter(layer: 0) }
    try pass.keep(residual, in: .layerInput)
    let normed = try pass.workspace.view(.normed, rows: pass.rowCount, columns: columns)
    let projected = try pass.workspace.view(.projected, rows: pass.rowCount, columns: columns)
    pass.device.normalize(residual, weight: inputNorm, epsilon: normEpsilon, into: normed)
    try attention.forward(normed, pass: pass, layer: layer, into: projected)
    pass.device.add(projected, to: residual)
    try pass.keep(residual, in: .middle)
    // The same buffer where nobody reads the first norm's result later.
    let second = try pass.workspace.view(
      pass.workspace.keepsLayers ? .postNormed : .normed,
      like: normed
    )
    pass.device.normalize(residual, weight: postAttentionNorm, epsilon: normEpsilon, into: second)
    let choice = try feedForward.forward(second, pass: pass, into: projected)
    pass.device.add(projected, to: residual)
    return choice
  }
}
