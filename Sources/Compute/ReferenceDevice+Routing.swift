// SPDX-License-Identifier: Apache-2.0

extension ReferenceDevice {
  /// Scores, keeps groups, chooses and weighs.
  public func route(
    _ logits: ActivationView,
    rule: RoutingRule,
    selectionBias: Tensor?,
    into choice: inout ExpertChoice
  ) {
    let bias = selectionBias?.floats.map(Scalar.widened)
    choice.clear(chosenCount: rule.chosenCount)
    for row in 0..<logits.rowCount {
      let affinities = RouterGradient<Scalar>(rule: rule).affinities(scalars(logits, row: row))
      let selection = bias.map { zip(affinities, $0).map { Scalar.sum($0, $1) } } ?? affinities
      let experts = chosenExperts(selection, rule)
      choice.experts += experts.map(Int32.init)
      choice.weights += weights(experts.map { affinities[$0] }, rule).map(\.narrowed)
    }
  }

  private func chosenExperts(_ selection: [Scalar], _ rule: RoutingRule) -> [Int] {
    let groupExtent = rule.expertCount / rule.groupCount
    let members = { (group: Int) in Array(group * groupExtent..<(group + 1) * groupExtent) }
    let scores = (0..<rule.groupCount).map { group in
      let best = Self.best(rule.groupScore == .best ? 1 : 2, of: members(group), by: selection)
      return best.dropFirst().reduce(selection[best[0]]) { Scalar.sum($0, selection[$1]) }
    }
    let kept = Self.best(rule.keptGroupCount, of: Array(0..<rule.groupCount), by: scores)
    return Self.best(rule.chosenCount, of: kept.sorted().flatMap(members), by: selection).sorted()
  }

  /// The `count` best candidates, best first; of equals the lower index.
  static func best(_ count: Int, of candidates: [Int], by scores: [Scalar]) -> [Int] {
    var remaining = candidates
    var result: [Int] = []
    while result.count < count, !remaining.isEmpty {
      var winner = 0
      for index in remaining.indices where scores[remaining[index]] > scores[remaining[winner]] {
        winner = index
      }
      result.append(remaining.remove(at: winner))
    }
    return result
  }

  private func weights(_ affinities: [Scalar], _ rule: RoutingRule) -> [Scalar] {
    var weights = affinities
    if rule.normalizes {
      let sum = Scalar.sum(Forms.laneSum(weights), Scalar.widened(rule.normalizationEpsilon))
      weights = weights.map { Scalar.quotient($0, sum) }
    }
    return weights.map { Scalar.product($0, Scalar.widened(rule.scale)) }
  }
}
