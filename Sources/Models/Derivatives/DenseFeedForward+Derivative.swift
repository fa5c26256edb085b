// SPDX-License-Identifier: Apache-2.0

import Compute

extension DenseFeedForward {
  /// Computes the gradients of one MLP.
  ///
  /// - Parameters:
  ///   - gradient: Of the output, `[rows, hiddenSize]`.
  ///   - x: The input.
  ///   - gradients: Where those of the weights are added.
  ///   - pass: The pass.
  ///   - target: The gradient of the input.
  ///   - accumulates: Whether it is added to what `target` holds.
  /// - Throws: `ModelError` if memory cannot be had.
  func differentiate(
    _ gradient: ActivationView,
    x: ActivationView,
    gradients: DenseFeedForward,
    pass: BackwardPass,
    into target: ActivationView,
    accumulates: Bool
  ) throws(ModelError) {
    let width = down.columnCount
    let activated = try pass.kept(slots.gate, columns: width)
    let gate = try pass.kept(slots.rawGate, columns: width)
    let up = try pass.kept(slots.up, columns: width)
    let product = try pass.gradient(slots.gate, columns: width)
    pass.accumulate(activated, [(gradient, gradients.down)])
    pass.propagate([(gradient, down)], into: product)
    pass.device.multiplySiLUGradient(product, gate: gate, up: up)
    pass.accumulate(x, [(gate, gradients.gateAndUp[0]), (up, gradients.gateAndUp[1])])
    pass.propagate(
      [(gate, gateAndUp[0]), (up, gateAndUp[1])],
      into: target,
      accumulates: accumulates
    )
  }

  func differentiate(
    _ gradient: ActivationView,
    x: ActivationView,
    gradients: any FeedForward,
    pass: BackwardPass,
    layer: Int,
    into target: ActivationView
  ) throws(ModelError) {
    guard let gradients = gradients as? DenseFeedForward else {
      fatalError("layer \(layer) has gradients of another kind")
    }
    try differentiate(
      gradient,
      x: x,
      gradients: gradients,
      pass: pass,
      into: target,
      accumulates: false
    )
  }
}
