// SPDX-License-Identifier: Apache-2.0

/// The derivative of a router: from gradients of weights to those of logits.
///
/// What the reference device computes, in FP32 by the kernels' arithmetic or in double precision.
struct RouterGradient<Scalar: ReferenceScalar> {
  let rule: RoutingRule

  private typealias Forms = ReferenceForms<Scalar>

  /// Replaces logits by their gradients.
  func replace(
    _ logits: ActivationView,
    choice: ExpertChoice,
    weightGradients: [Float],
    balance: [BalanceSlopes]
  ) {
    var slopes = balance.makeIterator()
    var current = slopes.next()
    for row in 0..<logits.rowCount {
      while let sequence = current, row >= sequence.rows.upperBound { current = slopes.next() }
      let affinities = self.affinities(logits.floats(row: row).map(Scalar.widened))
      let places = row * rule.chosenCount..<(row + 1) * rule.chosenCount
      var gradients = [Scalar](repeating: 0, count: rule.expertCount)
      addWeights(
        choice.experts[places].map(Int.init),
        weightGradients[places].map(Scalar.widened),
        affinities,
        to: &gradients
      )
      if let sequence = current, sequence.rows.contains(row) {
        addBalance(sequence.slopes.map(Scalar.widened), affinities, to: &gradients)
      }
      logits.set(row: row, to: logitGradients(gradients, affinities).map(\.narrowed))
    }
  }

  /// What a router makes of logits.
  func affinities(_ x: [Scalar]) -> [Scalar] {
    switch rule.scoring {
    case .softmax:
      let exponentials = Forms.exponentials(x).values
      let sum = Forms.laneSum(exponentials)
      return exponentials.map { Scalar.quotient($0, sum) }
    case .sigmoid:
      return x.map { Scalar.quotient(1, Scalar.sum(1, Scalar.exponential(-$0))) }
    }
  }

  /// `wᵢ = scale · aᵢ / (Σ a + ε)` over the chosen, or `scale · aᵢ`.
  private func addWeights(
    _ experts: [Int],
    _ weightGradients: [Scalar],
    _ affinities: [Scalar],
    to gradients: inout [Scalar]
  ) {
    let scale = Scalar.widened(rule.scale)
    guard rule.normalizes else {
      for (expert, gradient) in zip(experts, weightGradients) {
        gradients[expert] = Scalar.product(gradient, scale)
      }
      return
    }
    let chosen = experts.map { affinities[$0] }
    let sum = Scalar.sum(Forms.laneSum(chosen), Scalar.widened(rule.normalizationEpsilon))
    // Σ dwⱼ · aⱼ / sum is what every affinity loses through the sum.
    let products = zip(weightGradients, chosen).map { Scalar.product($0, $1) }
    let common = Scalar.quotient(Forms.laneSum(products), sum)
    for (expert, gradient) in zip(experts, weightGradients) {
      let share = Scalar.quotient(Scalar.sum(gradient, -common), sum)
      gradients[expert] = Scalar.product(share, scale)
    }
  }

  /// `a'ᵢ = aᵢ / Σ a` over all experts, with a slope each.
  private func addBalance(
    _ slopes: [Scalar],
    _ affinities: [Scalar],
    to gradients: inout [Scalar]
  ) {
    let sum = Forms.laneSum(affinities)
    let products = zip(slopes, affinities).map { Scalar.product($0, $1) }
    let common = Scalar.quotient(Forms.laneSum(products), sum)
    for expert in gradients.indices {
      let share = Scalar.quotient(Scalar.sum(slopes[expert], -common), sum)
      gradients[expert] = Scalar.sum(gradients[expert], share)
    }
  }

  private func logitGradients(_ gradients: [Scalar], _ affinities: [Scalar]) -> [Scalar] {
    switch rule.scoring {
    case .sigmoid:
      return zip(gradients, affinities).map { gradient, affinity in
        Scalar.product(gradient, Scalar.product(affinity, Scalar.sum(1, -affinity)))
      }
    case .softmax:
      let common = Forms.laneSum(zip(gradients, affinities).map { Scalar.product($0, $1) })
      return zip(gradients, affinities).map { gradient, affinity in
        Scalar.product(affinity, Scalar.sum(gradient, -common))
      }
    }
  }
}
