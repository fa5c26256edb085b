// SPDX-License-Identifier: Apache-2.0

import Compute

extension PredictionModule {
  /// Computes the gradients of the layer's inputs.
  ///
  /// - Parameters:
  ///   - gradient: Of the layer's output after its final norm, `[rows, hiddenSize]`.
  ///   - gradients: Where those of the weights are added.
  ///   - pass: The pass.
  ///   - cacheLayer: Which cache of each sequence is this layer's.
  ///   - hidden: Becomes the gradient of the states.
  ///   - embedded: Becomes the gradient of the embeddings.
  /// - Throws: `ModelError` if memory cannot be had.
  func differentiate(
    _ gradient: ActivationView,
    gradients: PredictionModule,
    pass: BackwardPass,
    cacheLayer: Int,
    hidden: ActivationView,
    embedded: ActivationView
  ) throws(ModelError) {
    let width = gradient.columnCount
    let residual = try pass.gradient(.predictionResidual, columns: width)
    pass.device.normalizeGradient(
      of: try pass.kept(.rawPrediction, columns: width),
      weight: finalNorm,
      epsilon: normEpsilon,
      gradient: gradient,
      weightGradient: gradients.finalNorm,
      into: residual,
      accumulates: false
    )
    try layer.differentiate(residual, gradients: gradients.layer, pass: pass, layer: cacheLayer)
    let input = try pass.gradient(.predictionInput, columns: 2 * width)
    pass.accumulate(
      try pass.kept(.predictionInput, columns: 2 * width),
      [(residual, gradients.projection)]
    )
    pass.propagate([(residual, projection)], into: input)
    pass.device.normalizeGradient(
      of: try pass.kept(.embedded, columns: width),
      weight: embeddingNorm,
      epsilon: normEpsilon,
      gradient: input.columns(0..<width),
      weightGradient: gradients.embeddingNorm,
      into: embedded,
      accumulates: false
    )
    pass.device.normalizeGradient(
      of: try pass.kept(.predictionHidden, columns: width),
      weight: hiddenNorm,
      epsilon: normEpsilon,
      gradient: input.columns(width..<2 * width),
      weightGradient: gradients.hiddenNorm,
      into: hidden,
      accumulates: false
    )
  }
}
