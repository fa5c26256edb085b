// SPDX-License-Identifier: Apache-2.0

import Compute

extension MixtureFeedForward {
  func differentiate(
    _ gradient: ActivationView,
    x: ActivationView,
    gradients: any FeedForward,
    pass: BackwardPass,
    layer: Int,
    into target: ActivationView
  ) throws(ModelError) {
    guard let gradients = gradients as? MixtureFeedForward else {
      fatalError("layer \(layer) has gradients of another kind")
    }
    let routing = pass.forward.workspace.routing
    let weightGradients = try differentiateExperts(
      gradient,
      x: x,
      gradients: gradients,
      routing: routing,
      pass: pass,
      into: target
    )
    if let shared, let sharedGradients = gradients.shared {
      try shared.differentiate(
        gradient,
        x: x,
        gradients: sharedGradients,
        pass: pass,
        into: target,
        accumulates: true
      )
    }
    try differentiateRouter(
      weightGradients,
      x: x,
      gradients: gradients,
      routing: routing,
      pass: pass,
      layer: layer,
      into: target
    )
  }

  /// Computes the gradients of the routed experts.
  ///
  /// - Returns: The gradients of their weights in the sum, `[tokens, chosenCount]`.
  private func differentiateExperts(
    _ gradient: ActivationView,
    x: ActivationView,
    gradients: MixtureFeedForward,
    routing: Workspace.Routing,
    pass: BackwardPass,
    into target: ActivationView
  ) throws(ModelError) -> [Float] {
    let (choice, groups) = (routing.choice, routing.groups)
    let pairs = choice.experts.count
    let width = plan.expertIntermediateSize
    let workspace = pass.forward.workspace
    let outputs = try workspace.view(.expertOutputs, rows: pairs, columns: x.columnCount)
    let activated = try workspace.view(.gate, rows: pairs, columns: width)
    let gate = try workspace.view(.rawGate, rows: pairs, columns: width)
    let up = try workspace.view(.up, rows: pairs, columns: width)
    let weightGradients = pass.device.combineGradient(
      gradient,
      outputs: outputs,
      choice: choice,
      groups: groups
    )
    let runs = groups.groups.map { batchRuns(of: $0, tokens: groups.tokens, pass.batchRows) }
    let products = try pass.workspace.view(.gate, rows: pairs, columns: width)
    pass.device.accumulate(
      zip(groups.groups, runs).map { group, runs in
        WeightGradient(
          input: activated.rows(group.pairs),
          outputs: [
            .init(
              gradient: outputs.rows(group.pairs),
              target: gradients.down[0][group.expert].values
            )
          ],
          rows: ContractedRows(runs: runs)
        )
      },
      computeType: pass.computeType
    )
    propagate(groups.groups, outputs, by: down[0], into: products, accumulates: false, pass)
    pass.device.multiplySiLUGradient(products, gate: gate, up: up)
    pass.device.accumulate(
      zip(groups.groups, runs).map { group, runs in
        WeightGradient(
          input: x,
          outputs: [
            .init(
              gradient: gate.rows(group.pairs),
              target: gradients.gateAndUp[0][group.expert].values
            ),
            .init(
              gradient: up.rows(group.pairs),
              target: gradients.gateAndUp[1][group.expert].values
            ),
          ],
          rows: ContractedRows(runs: runs, inputRows: Array(groups.tokens[group.pairs]))
        )
      },
      computeType: pass.computeType
    )
    // The outputs' gradients have been used: their room takes those of each pair's input.
    propagate(groups.groups, gate, by: gateAndUp[0], into: outputs, accumulates: false, pass)
    propagate(groups.groups, up, by: gateAndUp[1], into: outputs, accumulates: true, pass)
    let ones = ExpertChoice(
      chosenCount: choice.chosenCount,
      experts: choice.experts,
      weights: [Float](repeating: 1, count: pairs)
    )
    pass.device.combine(outputs, choice: ones, groups: groups, into: target)
    return weightGradients
  }

  /// The pairs of an expert that belong to each row of the batch, counted from its first pair.
  private func batchRuns(
    of group: ExpertGroups.Group,
    tokens: [Int32],
    _ batchRows: [Range<Int>]
  ) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var next = group.pairs.lowerBound
    for row in batchRows {
      let start = next
      while next < group.pairs.upperBound, Int(tokens[next]) < row.upperBound { next += 1 }
      if next > start {
        runs.append(start - group.pairs.lowerBound..<next - group.pairs.lowerBound)
      }
    }
    return runs
  }

  private func propagate(
    _ groups: [ExpertGroups.Group],
    _ gradient: ActivationView,
    by weights: [WeightMatrix],
    into target: ActivationView,
    accumulates: Bool,
    _ pass: BackwardPass
  ) {
    pass.device.propagate(
      groups.map { group in
        InputGradient(
          gradient: gradient.rows(group.pairs),
          weight: weights[group.expert].values,
          target: target.rows(group.pairs),
          accumulates: accumulates
        )
      },
      computeType: pass.computeType
    )
  }

  /// Computes the gradients of the router, which is FP32 whatever the compute type.
  private func differentiateRouter(
    _ weightGradients: [Float],
    x: ActivationView,
    gradients: MixtureFeedForward,
    routing: Workspace.Routing,
    pass: BackwardPass,
    layer: Int,
    into target: ActivationView
  ) throws(ModelError) {
    let logits = try pass.kept(.routerLogits, columns: plan.rule.expertCount)
    var slopes: [BalanceSlopes] = []
    if let balance = pass.balance {
      let affinities = try pass.gradient(.routerLogits, columns: plan.rule.expertCount)
      pass.device.affinities(of: logits, rule: plan.rule, into: affinities)
      for rows in pass.batchRows {
        let (loss, own) = balance.slopes(
          affinities,
          rows: rows,
          rule: plan.rule,
          choice: routing.choice
        )
        pass.loads.add(balanceLoss: loss, layer: layer)
        slopes.append(own)
      }
    }
    pass.loads.add(routing.choice, expertCount: plan.rule.expertCount, layer: layer)
    pass.device.routerGradient(
      logits,
      rule: plan.rule,
      choice: routing.choice,
      weightGradients: weightGradients,
      balance: slopes
    )
    let product = WeightGradient(
      input: x,
      outputs: [.init(gradient: logits, target: gradients.router.values)],
      rows: ContractedRows(runs: pass.batchRows)
    )
    pass.device.accumulate([product], computeType: .f32)
    pass.device.propagate(
      [
        InputGradient(
          gradient: logits,
          weight: router.values,
          target: target,
          accumulates: true
        )
      ],
      computeType: .f32
    )
  }
}
