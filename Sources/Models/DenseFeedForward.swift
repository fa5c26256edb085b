// SPDX-License-Identifier: Apache-2.0

import Compute

/// One SwiGLU MLP: `down(silu(gate x) ⊙ up x)`.
struct DenseFeedForward: FeedForward {
  let gateAndUp: [WeightMatrix]
  let down: WeightMatrix

  init(prefix: String, hasBias: Bool = false, loader: WeightLoader) throws(ModelError) {
    gateAndUp = [
      try loader.linear(prefix + "gate_proj", hasBias: hasBias),
      try loader.linear(prefix + "up_proj", hasBias: hasBias),
    ]
    down = try loader.linear(prefix + "down_proj", hasBias: hasBias)
  }

  var weightByteCount: Int { gateAndUp[0].byteCount + gateAndUp[1].byteCount + down.byteCount }

  func forward(
    _ x: ActivationView,
    pass: ForwardPass,
    into output: ActivationView
  ) throws(ModelError) -> ExpertChoice? {
    let width = down.columnCount
    let gates = try pass.workspace.view(.gate, rows: x.rowCount, columns: width)
    let ups = try pass.workspace.view(.up, rows: x.rowCount, columns: width)
    pass.multiply(x, by: gateAndUp, into: ViewList(gates, ups))
    pass.device.multiplySiLU(gate: gates, up: ups)
    pass.multiply(gates, by: down, into: output)
    return nil
  }
}
