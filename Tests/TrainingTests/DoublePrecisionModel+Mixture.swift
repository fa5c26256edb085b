// SPDX-License-Identifier: Apache-2.0

import Compute
import Models

extension DoublePrecisionModel {
  /// What the routers did with one row of the batch, layer by layer.
  struct RoutedRow {
    /// What a mixture layer's router did.
    struct Layer {
      /// The affinities of each token.
      var affinities: Rows = []
      /// The experts that each token took.
      var experts: [[Int]] = []
      /// The rule.
      var rule: RoutingRule
    }

    var layers: [Int: Layer] = [:]
    var choices = Choices()
  }

  /// A mixture of experts (DeepSeek-V3, arXiv 2412.19437, section 2.1.2, equations 12 to 16; with softmax
  /// and the group's best expert DeepSeek-V2, section 2.1.3 of arXiv 2405.04434 and its code).
  func mixture(
    _ x: Rows,
    _ plan: MixturePlan,
    _ layer: Int,
    _ routed: inout RoutedRow
  ) -> Rows {
    let prefix = "model.layers.\(layer).mlp."
    let rule = plan.rule
    let bias =
      plan.hasSelectionBias
      ? self[prefix + "gate.e_score_correction_bias"]
      : [Double](repeating: 0, count: rule.expertCount)
    let affinities = linear(x, prefix + "gate").map { scored($0, rule.scoring) }
    var members = [[(token: Int, weight: Double)]](repeating: [], count: rule.expertCount)
    for (token, own) in affinities.enumerated() {
      // The bias has a say in the choice and none in the weight.
      let experts = chosen(zip(own, bias).map(+), rule, &routed.choices)
      let sum = rule.normalizes ? experts.reduce(0) { $0 + own[$1] } : 1
      for expert in experts {
        members[expert].append((token, own[expert] / sum * Double(rule.scale)))
      }
      routed.layers[layer, default: .init(rule: rule)].experts.append(experts)
    }
    routed.layers[layer, default: .init(rule: rule)].affinities += affinities
    var result =
      plan.sharedIntermediateSize > 0
      ? swiGLU(x, prefix + "shared_experts.")
      : x.map { $0.map { _ in 0 } }
    for (expert, taken) in members.enumerated() {
      let outputs = swiGLU(taken.map { x[$0.token] }, prefix + "experts.\(expert).")
      for (output, member) in zip(outputs, taken) {
        for column in output.indices {
          result[member.token][column] += member.weight * output[column]
        }
      }
    }
    return result
  }

  private func scored(_ logits: [Double], _ scoring: RoutingRule.Scoring) -> [Double] {
    switch scoring {
    case .sigmoid: return logits.map { 1 / (1 + ElementaryFunctions.exp(-$0)) }
    case .softmax:
      let maximum = logits.max() ?? 0
      let exponentials = logits.map { ElementaryFunctions.exp($0 - maximum) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    }
  }

  /// The best experts of the best groups.
  private func chosen(
    _ values: [Double],
    _ rule: RoutingRule,
    _ choices: inout Choices
  ) -> [Int] {
    let extent = rule.expertCount / rule.groupCount
    let scores = (0..<rule.groupCount).map { group in
      let best = values[group * extent..<(group + 1) * extent].sorted(by: >)
      return best.prefix(rule.groupScore == .bestTwo ? 2 : 1).reduce(0, +)
    }
    let kept = choices.largest(rule.keptGroupCount, of: scores, among: Array(scores.indices))
    let candidates = kept.flatMap { $0 * extent..<($0 + 1) * extent }
    return choices.largest(rule.chosenCount, of: values, among: candidates)
  }

  /// Adds a row's loads and its balance loss (DeepSeek-V3, section 2.1.2, equations 17 to 20).
  func finish(_ routed: RoutedRow, _ balance: BalanceLoss?, _ loss: inout Loss) {
    loss.choices.append(routed.choices)
    for (index, layer) in routed.layers.sorted(by: { $0.key < $1.key }) {
      let count = layer.rule.expertCount
      for expert in layer.experts.joined() {
        loss.loads[index, default: [Int](repeating: 0, count: count)][expert] += 1
      }
      guard let balance else { continue }
      let length = Double(layer.affinities.count)
      var (frequencies, means) = (
        [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
      )
      for (token, affinities) in layer.affinities.enumerated() {
        let sum = affinities.reduce(0, +)
        for expert in 0..<count { means[expert] += affinities[expert] / sum / length }
        let counted =
          balance.countsChosen
          ? layer.experts[token]
          : loss.choices.largest(
            layer.rule.chosenCount,
            of: affinities,
            among: Array(affinities.indices)
          )
        for expert in counted {
          frequencies[expert] += Double(count) / (Double(layer.rule.chosenCount) * length)
        }
      }
      let sum = zip(frequencies, means).reduce(0) { $0 + $1.0 * $1.1 }
      loss.balance[index, default: 0] += balance.weight * sum / Double(balance.sequenceCount)
    }
  }
}
