// SPDX-License-Identifier: Apache-2.0

import Compute

extension DecoderLayer {
  /// Turns the gradient of the residual stream after the layer into that before it.
  ///
  /// - Parameters:
  ///   - gradient: `[rows, hiddenSize]`, in place.
  ///   - gradients: Where those of the weights are added.
  ///   - pass: The pass.
  ///   - layer: Which cache of each sequence is this layer's.
  /// - Throws: `ModelError` if memory cannot be had.
  func differentiate(
    _ gradient: ActivationView,
    gradients: DecoderLayer,
    pass: BackwardPass,
    layer: Int
  ) throws(ModelError) {
    pass.enter(layer: layer + 1)
    defer { pass.enter(layer: 0) }
    let columns = gradient.columnCount
    let normed = try pass.gradient(.normed, columns: columns)
    try feedForward.differentiate(
      gradient,
      x: try pass.kept(.postNormed, columns: columns),
      gradients: gradients.feedForward,
      pass: pass,
      layer: layer,
      into: normed
    )
    pass.device.normalizeGradient(
      of: try pass.kept(.middle, columns: columns),
      weight: postAttentionNorm,
      epsilon: normEpsilon,
      gradient: normed,
      weightGradient: gradients.postAttentionNorm,
      into: gradient,
      accumulates: true
    )
    try attention.differentiate(
      gradient,
      x: try pass.kept(.normed, columns: columns),
      gradients: gradients.attention,
      pass: pass,
      layer: layer,
      into: normed
    )
    pass.device.normalizeGradient(
      of: try pass.kept(.layerInput, columns: columns),
      weight: inputNorm,
      epsilon: normEpsilon,
      gradient: normed,
      weightGradient: gradients.inputNorm,
      into: gradient,
      accumulates: true
    )
  }
}
