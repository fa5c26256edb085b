// SPDX-License-Identifier: Apache-2.0

import Compute

/// DeepSeek-V3's multi-token-prediction layer (arXiv 2412.19437, section 2.2).
///
/// The projection takes the embedding first and the state second, as every server that runs the
/// released weights does; the paper's formula writes them the other way round. Embedding and head
/// are the main model's.
struct PredictionModule: Sendable {
  let embeddingNorm: Tensor
  let hiddenNorm: Tensor
  let projection: WeightMatrix
  let layer: DecoderLayer
  let finalNorm: Tensor
  let normEpsilon: Float

  init(
    _ plan: LayerPlan,
    normEpsilon: Float,
    prefix: String,
    loader: WeightLoader
  ) throws(ModelError) {
    self.normEpsilon = normEpsilon
    embeddingNorm = try loader.tensor(prefix + TensorNames.Prediction.embeddingNorm)
    hiddenNorm = try loader.tensor(prefix + TensorNames.Prediction.hiddenNorm)
    projection = try loader.linear(prefix + "eh_proj")
    layer = try DecoderLayer(plan, normEpsilon: normEpsilon, prefix: prefix, loader: loader)
    finalNorm = try loader.tensor(prefix + TensorNames.Prediction.finalNorm)
  }

  /// Computes the states whose product with the head predicts the token after next.
  ///
  /// - Parameters:
  ///   - hidden: The main model's states after its final norm, `[rows, hiddenSize]`.
  ///   - embedded: Embeddings of the tokens after them, `[rows, hiddenSize]`.
  ///   - pass: The pass.
  ///   - cacheLayer: Which cache of each sequence is this layer's.
  ///   - output: `[rows, hiddenSize]`.
  /// - Throws: `ModelError` if memory cannot be had.
  func forward(
    hidden: ActivationView,
    embedded: ActivationView,
    pass: ForwardPass,
    cacheLayer: Int,
    into output: ActivationView
  ) throws(ModelError) {
    let width = output.columnCount
    let input = try pass.workspace.view(.predictionInput, rows: pass.rowCount, columns: 2 * width)
    pass.device.normalize(
      embedded,
      weight: embeddingNorm,
      epsilon: normEpsilon,
      into: input.columns(0..<width)
    )
    pass.device.normalize(
      hidden,
      weight: hiddenNorm,
      epsilon: normEpsilon,
      into: input.columns(width..<2 * width)
    )
    pass.multiply(input, by: projection, into: output)
    _ = try layer.forward(output, pass: pass, layer: cacheLayer)
    try pass.keep(output, in: .rawPrediction)
    pass.device.normalize(output, weight: finalNorm, epsilon: normEpsilon, into: output)
  }
}
