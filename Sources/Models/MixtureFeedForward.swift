// SPDX-License-Identifier: Apache-2.0

import Compute

/// A mixture of experts: routed ones by the router's choice, shared ones for every token
/// (DeepSeekMoE, arXiv 2401.06066, equations 9 to 11; DeepSeek-V3, section 2.1.2).
struct MixtureFeedForward: FeedForward {
  let plan: MixturePlan
  let router: WeightMatrix
  let selectionBias: Tensor?
  /// Gate and up, an expert each.
  let gateAndUp: [[WeightMatrix]]
  let down: [[WeightMatrix]]
  let shared: DenseFeedForward?

  init(_ plan: MixturePlan, prefix: String, loader: WeightLoader) throws(ModelError) {
    self.plan = plan
    router = WeightMatrix(try loader.tensor(prefix + TensorNames.router))
    selectionBias =
      plan.hasSelectionBias ? try loader.tensor(prefix + TensorNames.selectionBias) : nil
    let experts = try loader.experts(prefix, count: plan.rule.expertCount)
    gateAndUp = [experts.gate, experts.up]
    down = [experts.down]
    shared =
      plan.sharedIntermediateSize > 0
      ? try DenseFeedForward(
        prefix: prefix + TensorNames.sharedExperts,
        isShared: true,
        loader: loader
      ) : nil
  }

  var weightByteCount: Int {
    let expert = (gateAndUp + down).reduce(0) { $0 + $1[0].byteCount }
    return router.byteCount + plan.rule.chosenCount * expert + (shared?.weightByteCount ?? 0)
  }

  func forward(
    _ x: ActivationView,
    pass: ForwardPass,
    into output: ActivationView
  ) throws(ModelError) -> ExpertChoice? {
    let workspace = pass.workspace
    let device = pass.device
    let logits = try workspace.view(
      .routerLogits,
      rows: x.rowCount,
      columns: plan.rule.expertCount
    )
    // The router is FP32 whatever the compute type: its choice must not hang on a rounding.
    device.multiply(x, by: router, into: logits, computeType: .f32)
    device.route(
      logits,
      rule: plan.rule,
      selectionBias: selectionBias,
      into: &workspace.routing.choice
    )
    workspace.routing.groups.sort(workspace.routing.choice, expertCount: plan.rule.expertCount)
    let routing = workspace.routing
    let pairs = routing.choice.experts.count
    let gates = try workspace.view(.gate, rows: pairs, columns: plan.expertIntermediateSize)
    let ups = try workspace.view(.up, rows: pairs, columns: plan.expertIntermediateSize)
    let outputs = try workspace.view(.expertOutputs, rows: pairs, columns: output.columnCount)
    multiply(
      x,
      inputRows: routing.groups.tokens,
      by: gateAndUp,
      into: ViewList(gates, ups),
      pass
    )
    try pass.keep(gates, in: .rawGate)
    device.multiplySiLU(gate: gates, up: ups)
    multiply(gates, inputRows: nil, by: down, into: ViewList(outputs), pass)
    device.combine(outputs, choice: routing.choice, groups: routing.groups, into: output)
    if let shared {
      let mixed = try workspace.view(.mixed, rows: x.rowCount, columns: output.columnCount)
      _ = try shared.forward(x, pass: pass, into: mixed)
      device.add(mixed, to: output)
    }
    return routing.choice
  }

  private func multiply(
    _ x: ActivationView,
    inputRows: [Int32]?,
    by weights: [[WeightMatrix]],
    into outputs: ViewList,
    _ pass: ForwardPass
  ) {
    pass.device.multiply(
      x,
      inputRows: inputRows,
      groups: pass.workspace.routing.groups.groups,
      by: weights,
      into: outputs,
      computeType: pass.computeType
    )
  }
}
