// SPDX-License-Identifier: Apache-2.0

import Compute

/// One SwiGLU MLP: `down(silu(gate x) ⊙ up x)`.
struct DenseFeedForward: FeedForward {
  let gateAndUp: [WeightMatrix]
  let down: WeightMatrix
  let slots: DenseSlots

  init(
    prefix: String,
    hasBias: Bool = false,
    isShared: Bool = false,
    loader: WeightLoader
  ) throws(ModelError) {
    gateAndUp = [
      try loader.linear(prefix + "gate_proj", hasBias: hasBias),
      try loader.linear(prefix + "up_proj", hasBias: hasBias),
    ]
    down = try loader.linear(prefix + "down_proj", hasBias: hasBias)
    slots = isShared ? .shared : .own
  }

  var weightByteCount: Int { gateAndUp[0].byteCount + gateAndUp[1].byteCount + down.byteCount }

  func forward(
    _ x: ActivationView,
    pass: ForwardPass,
    into output: ActivationView
  ) throws(ModelError) -> ExpertChoice? {
    let width = down.columnCount
    let gates = try pass.workspace.view(slots.gate, rows: x.rowCount, columns: width)
    let ups = try pass.workspace.view(slots.up, rows: x.rowCount, columns: width)
    pass.multiply(x, by: gateAndUp, into: ViewList(gates, ups))
    try pass.keep(gates, in: slots.rawGate)
    pass.device.multiplySiLU(gate: gates, up: ups)
    pass.multiply(gates, by: down, into: output)
    return nil
  }
}

/// Where an MLP keeps its values: shared experts stand beside routed ones in one layer.
struct DenseSlots: Sendable {
  let gate: Workspace.Slot
  let up: Workspace.Slot
  let rawGate: Workspace.Slot

  static let own = DenseSlots(gate: .gate, up: .up, rawGate: .rawGate)
  static let shared = DenseSlots(gate: .sharedGate, up: .sharedUp, rawGate: .sharedRawGate)
}
