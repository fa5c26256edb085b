// SPDX-License-Identifier: Apache-2.0

extension ReferenceDevice {
  /// Copies row by row.
  public func copy(_ x: ActivationView, into y: ActivationView) {
    for row in 0..<x.rowCount { y.set(row: row, to: x.floats(row: row)) }
  }

  /// Overwrites row by row.
  public func clear(_ x: ActivationView) {
    let zeros = [Float](repeating: 0, count: x.columnCount)
    for row in 0..<x.rowCount { x.set(row: row, to: zeros) }
  }

  /// Computes each row as one sum form over the weight's rows.
  public func propagate(_ products: [InputGradient], computeType: ComputeType) {
    let inPairs = computeType == .bf16
    for product in products {
      let weight = (0..<product.weight.rowCount).map {
        inputs(floats(product.weight, row: $0), computeType)
      }
      for row in 0..<product.gradient.rowCount {
        var sums =
          product.accumulates
          ? scalars(product.target, row: row)
          : [Scalar](repeating: 0, count: product.target.columnCount)
        let gradient = inputs(scalars(product.gradient, row: row), computeType)
        Forms.weightedSum(gradient, weight, onto: &sums, inPairs: inPairs)
        product.target.set(row: row, to: sums.map(\.narrowed))
      }
    }
  }

  /// Computes each row of a weight's gradient as one sum form over the rows that meet.
  public func accumulate(_ products: [WeightGradient], computeType: ComputeType) {
    let inPairs = computeType == .bf16
    for product in products {
      let places = 0..<product.rows.count
      let input = places.map {
        inputs(row($0, of: product.input, product.rows.inputRows), computeType)
      }
      for output in product.outputs {
        let gradient = places.map {
          inputs(row($0, of: output.gradient, product.rows.gradientRows), computeType)
        }
        for index in 0..<output.target.rowCount {
          var sums = floats(output.target, row: index)
          Forms.weightedSum(gradient.map { $0[index] }, input, onto: &sums, inPairs: inPairs)
          output.target.store(sums.map(\.narrowed), row: index)
        }
      }
    }
  }

  private func row(_ place: Int, of view: ActivationView, _ map: [Int32]?) -> [Scalar] {
    let row = map.map { Int($0[place]) } ?? place
    return row < 0
      ? [Scalar](repeating: 0, count: view.columnCount) : scalars(view, row: row)
  }

  /// Adds row after row.
  public func addRows(_ rows: ActivationView, to sum: Tensor) {
    var total = sum.floats.map(Scalar.widened)
    for row in 0..<rows.rowCount {
      total = zip(total, scalars(rows, row: row)).map { Scalar.sum($0, $1) }
    }
    sum.store(total.map(\.narrowed))
  }

  /// Adds row after row.
  public func addRows(_ rows: ActivationView, at ids: [Int32], to table: Tensor) {
    for (row, id) in ids.enumerated() {
      let sums = zip(floats(table, row: Int(id)), scalars(rows, row: row))
        .map { Scalar.sum($0, $1) }
      table.store(sums.map(\.narrowed), row: Int(id))
    }
  }

  /// Follows the formula, row by row.
  public func normalizeGradient(
    of input: ActivationView,
    weight: Tensor,
    epsilon: Float,
    gradient: ActivationView,
    weightGradient: Tensor,
    into output: ActivationView,
    accumulates: Bool
  ) {
    let w = weight.floats.map(Scalar.widened)
    var total = weightGradient.floats.map(Scalar.widened)
    let n = Scalar(w.count)
    for row in 0..<input.rowCount {
      let x = scalars(input, row: row)
      let dy = scalars(gradient, row: row)
      let mean = Scalar.quotient(Forms.dot(x, x, inPairs: false), n)
      let r = Scalar.quotient(1, Scalar.sum(mean, Scalar.widened(epsilon)).squareRoot())
      let a = zip(dy, w).map { Scalar.product($0, $1) }
      let cube = Scalar.product(
        Scalar.product(Scalar.product(Forms.dot(a, x, inPairs: false), r), r),
        r
      )
      let share = Scalar.quotient(cube, n)
      var dx = zip(x, a).map { Scalar.fused(-$0, share, Scalar.product($1, r)) }
      if accumulates { dx = zip(scalars(output, row: row), dx).map { Scalar.sum($0, $1) } }
      output.set(row: row, to: dx.map(\.narrowed))
      for k in total.indices { total[k] = Scalar.fused(dy[k], Scalar.product(x[k], r), total[k]) }
    }
    weightGradient.store(total.map(\.narrowed))
  }

  /// Follows the formula, element by element.
  public func multiplySiLUGradient(
    _ gradient: ActivationView,
    gate: ActivationView,
    up: ActivationView
  ) {
    for row in 0..<gradient.rowCount {
      let dy = scalars(gradient, row: row)
      let (g, u) = (scalars(gate, row: row), scalars(up, row: row))
      let s = g.map { Scalar.quotient(1, Scalar.sum(1, Scalar.exponential(-$0))) }
      let slopes = zip(g, s).map { Scalar.product($1, Scalar.fused($0, Scalar.sum(1, -$1), 1)) }
      gate.set(
        row: row,
        to: dy.indices.map { Scalar.product(Scalar.product(dy[$0], u[$0]), slopes[$0]).narrowed }
      )
      up.set(
        row: row,
        to: dy.indices.map { Scalar.product(dy[$0], Scalar.product(g[$0], s[$0])).narrowed }
      )
    }
  }

  /// Follows the formula, element by element.
  public func crossEntropyGradient(
    _ logits: ActivationView,
    sums: [LogSumExp],
    targets: [Int32],
    weights: [Float]
  ) {
    for row in 0..<logits.rowCount {
      let maximum = Scalar.widened(sums[row].maximum)
      let share = Scalar.quotient(1, Scalar.widened(sums[row].sum))
      var probabilities = scalars(logits, row: row).map {
        Scalar.product(Scalar.exponential(Scalar.sum($0, -maximum)), share)
      }
      let target = Int(targets[row])
      probabilities[target] = Scalar.sum(probabilities[target], -1)
      let weight = Scalar.widened(weights[row])
      logits.set(row: row, to: probabilities.map { Scalar.product($0, weight).narrowed })
    }
  }

  /// Takes one dot form an expert of each token.
  public func combineGradient(
    _ gradient: ActivationView,
    outputs: ActivationView,
    choice: ExpertChoice,
    groups: ExpertGroups
  ) -> [Float] {
    choice.weights.indices.map { entry in
      let pair = Int(groups.pairs[entry])
      let dz = scalars(gradient, row: entry / choice.chosenCount)
      let output = scalars(outputs, row: pair)
      let weight = Scalar.widened(choice.weights[entry])
      outputs.set(row: pair, to: dz.map { Scalar.product($0, weight).narrowed })
      return Forms.dot(dz, output, inPairs: false).narrowed
    }
  }

  /// Computes in this device's numbers.
  public func affinities(
    of logits: ActivationView,
    rule: RoutingRule,
    into affinities: ActivationView
  ) {
    let router = RouterGradient<Scalar>(rule: rule)
    for row in 0..<logits.rowCount {
      affinities.set(row: row, to: router.affinities(scalars(logits, row: row)).map(\.narrowed))
    }
  }

  /// Computes in this device's numbers.
  public func routerGradient(
    _ logits: ActivationView,
    rule: RoutingRule,
    choice: ExpertChoice,
    weightGradients: [Float],
    balance: [BalanceSlopes]
  ) {
    RouterGradient<Scalar>(rule: rule)
      .replace(logits, choice: choice, weightGradients: weightGradients, balance: balance)
  }

  /// Sums by lanes within blocks of 4,096, then block after block.
  public func sumsOfSquares(_ tensors: [Tensor]) -> [Double] {
    tensors.map { tensor in
      let all = tensor.floats.map(Scalar.widened)
      return stride(from: 0, to: all.count, by: 4096).reduce(0) { sum, start in
        let block = Array(all[start..<min(start + 4096, all.count)])
        return sum + Double(Forms.dot(block, block, inPairs: false).narrowed)
      }
    }
  }

  /// Follows the formula, element by element.
  public func update(_ states: [AdamWState], by step: AdamWStep) {
    for state in states { update(state, by: step) }
  }

  private func update(_ state: AdamWState, by step: AdamWStep) {
    let gradients = state.gradient.floats
    var (first, second) = (state.firstMoment.floats, state.secondMoment.floats)
    var weights = state.weight.floats
    let widened = Scalar.widened
    for k in gradients.indices {
      let g = Scalar.product(widened(gradients[k]), widened(step.clip))
      let m = Scalar.fused(
        widened(step.beta1),
        widened(first[k]),
        Scalar.product(widened(step.complement1), g)
      )
      let v = Scalar.fused(
        widened(step.beta2),
        widened(second[k]),
        Scalar.product(Scalar.product(widened(step.complement2), g), g)
      )
      let root = Scalar.product(v, widened(step.correction2)).squareRoot()
      let change = Scalar.quotient(
        Scalar.product(m, widened(step.correction1)),
        Scalar.sum(root, widened(step.epsilon))
      )
      let kept = Scalar.product(widened(weights[k]), widened(step.keep))
      (first[k], second[k]) = (m.narrowed, v.narrowed)
      weights[k] = Scalar.fused(-widened(step.rate), change, kept).narrowed
    }
    state.firstMoment.store(first)
    state.secondMoment.store(second)
    state.weight.store(weights)
    state.rounded?.store(weights)
  }
}
