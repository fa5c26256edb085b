// SPDX-License-Identifier: Apache-2.0

import Compute

/// The fields of a router, checked against each other, so that a rule can be made of them.
struct RoutingFields {
  var expertCount: Int
  var chosenCount: Int
  var groupCount = 1
  var keptGroupCount = 1
  var normalizes = false
  var normalizationEpsilon: Float = 1e-20
  var scale: Float = 1

  /// Reads how many experts there are, and how many of them a token takes.
  init(_ reader: ConfigurationReader) throws(ModelError) {
    let limit = 1...ConfigurationReader.expertLimit
    expertCount = try reader.count(
      "n_routed_experts",
      "num_experts",
      "num_local_experts",
      in: limit
    )
    chosenCount = try reader.count("num_experts_per_tok", in: limit)
    guard chosenCount <= expertCount else {
      throw reader.error(
        .topkTooLarge(chosen: chosenCount, available: expertCount),
        "num_experts_per_tok"
      )
    }
  }

  /// Reads the groups of experts; a group needs `minimum` experts for its score.
  mutating func readGroups(
    _ reader: ConfigurationReader,
    minimum: Int
  ) throws(ModelError) {
    groupCount = try reader.count("n_group", in: 1...ConfigurationReader.expertLimit)
    let groupSize = expertCount / groupCount
    guard expertCount % groupCount == 0, groupCount == 1 || groupSize >= minimum else {
      throw reader.error(
        .expertsNotInGroups(expertCount: expertCount, groupCount: groupCount),
        "n_group"
      )
    }
    keptGroupCount = try reader.count(
      "topk_group",
      in: 1...ConfigurationReader.expertLimit
    )
    guard keptGroupCount <= groupCount else {
      let expected = "1…\(groupCount), the value of 'n_group'"
      throw reader.error(
        .badNumber(found: "\(keptGroupCount)", expected: expected),
        "topk_group"
      )
    }
    guard chosenCount <= keptGroupCount * groupSize else {
      throw reader.error(
        .topkTooLarge(chosen: chosenCount, available: keptGroupCount * groupSize),
        "num_experts_per_tok"
      )
    }
  }

  /// Makes the rule.
  func rule(
    scoring: RoutingRule.Scoring,
    groupScore: RoutingRule.GroupScore = .best
  ) -> RoutingRule {
    RoutingRule(
      scoring: scoring,
      expertCount: expertCount,
      chosenCount: chosenCount,
      groupCount: groupCount,
      keptGroupCount: keptGroupCount,
      groupScore: groupScore,
      normalizes: normalizes,
      normalizationEpsilon: normalizationEpsilon,
      scale: scale
    )
  }
}
