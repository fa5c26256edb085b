// SPDX-License-Identifier: Apache-2.0

import Compute

/// One SwiGLU MLP: `down(silu(gate x) ⊙ up x)`.
struct DenseFeedForward: FeedForward {
  let gate: WeightMatrix
  let up: WeightMatrix
  let down: WeightMatrix

  init(prefix: String, hasBias: Bool = false, loader: WeightLoader) throws(ModelError) {
    gate = try loader.linear(prefix + "gate_proj", hasBias: hasBias)
    up = try loader.linear(prefix + "up_proj", hasBias: hasBias)
    down = try loader.linear(prefix + "down_proj", hasBias: hasBias)
  }

  var weightByteCount: Int { gate.byteCount + up.byteCount + down.byteCount }

  func forward(
    _ x: ActivationView,
    pass: ForwardPass,
    into output: ActivationView
  ) throws(ModelError) -> ExpertChoice? {
    let gates = try pass.workspace.view(.gate, rows: x.rowCount, columns: gate.rowCount)
    let ups = try pass.workspace.view(.up, rows: x.rowCount, columns: up.rowCount)
    pass.multiply(x, by: [gate, up], into: [gates, ups])
    pass.device.multiplySiLU(gate: gates, up: ups)
    pass.multiply(gates, by: down, into: output)
    return nil
  }
}
