// SPDX-License-Identifier: Apache-2.0

import Compute

/// What the derivatives of one pass share.
///
/// Its workspace holds gradients: that of what a slot of the forward pass holds lies in the same slot.
struct BackwardPass {
  /// The pass whose derivative is taken; its workspace kept what each layer computed.
  let forward: ForwardPass
  let workspace: Workspace
  /// The forward pass's angles with their sines negated: rotation by them is the transposed one.
  let inverseAngles: RotaryAngles
  /// The rows of each row of the batch, in order.
  let batchRows: [Range<Int>]
  /// What keeps the load of experts even, if anything does.
  let balance: BalanceLoss?
  /// How often each expert was chosen and what the balance loss is, a mixture layer each.
  let loads: ExpertLoads

  var device: any Device { forward.device }
  var computeType: ComputeType { forward.computeType }
  var rowCount: Int { forward.rowCount }

  /// Goes on with a layer's buffers; gradients need no buffers of a layer's own.
  func enter(layer: Int) { forward.workspace.enter(layer: layer) }

  /// What the forward pass left in a slot.
  func kept(_ slot: Workspace.Slot, columns: Int) throws(ModelError) -> ActivationView {
    try forward.workspace.view(slot, rows: rowCount, columns: columns)
  }

  /// Room for the gradient of what a slot held.
  func gradient(_ slot: Workspace.Slot, columns: Int) throws(ModelError) -> ActivationView {
    try workspace.view(slot, rows: rowCount, columns: columns)
  }

  /// Adds gradients of weights that share an input, biases included.
  func accumulate(
    _ input: ActivationView,
    _ outputs: [(gradient: ActivationView, weight: WeightMatrix)]
  ) {
    let product = WeightGradient(
      input: input,
      outputs: outputs.map { .init(gradient: $0.gradient, target: $0.weight.values) },
      rows: ContractedRows(runs: batchRows)
    )
    device.accumulate([product], computeType: computeType)
    for output in outputs {
      if let bias = output.weight.bias { device.addRows(output.gradient, to: bias) }
    }
  }

  /// Computes the gradient of an input that several products share: one after the other onto it.
  func propagate(
    _ gradients: [(gradient: ActivationView, weight: WeightMatrix)],
    into target: ActivationView,
    accumulates: Bool = false
  ) {
    for (index, product) in gradients.enumerated() {
      device.propagate(
        [
          InputGradient(
            gradient: product.gradient,
            weight: product.weight.values,
            target: target,
            accumulates: accumulates || index > 0
          )
        ],
        computeType: computeType
      )
    }
  }

  /// Turns gradients of rotated heads into gradients of what was rotated.
  func rotateBack(_ x: ActivationView, headCount: Int, headStride: Int, headOffset: Int) {
    device.rotate(
      x,
      headCount: headCount,
      headStride: headStride,
      headOffset: headOffset,
      angles: inverseAngles,
      layout: forward.rotaryLayout
    )
  }
}
