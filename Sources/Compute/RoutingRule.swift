// SPDX-License-Identifier: Apache-2.0

/// How a router's logits become chosen experts and their weights.
///
/// Ties are won by the lower index, for groups and experts alike. Experts outside the kept groups
/// are excluded, whatever their score.
public struct RoutingRule: Sendable, Hashable {
  /// What turns logits into affinities.
  public enum Scoring: String, Sendable, Hashable {
    /// Over all experts.
    case softmax
    /// Each expert by itself.
    case sigmoid
  }

  /// What a group is worth.
  public enum GroupScore: String, Sendable, Hashable {
    /// Its best expert (DeepSeek-V2, `group_limited_greedy`).
    case best
    /// The sum of its two best biased experts (DeepSeek-V3, `noaux_tc`).
    case bestTwo
  }

  /// What turns logits into affinities.
  public var scoring: Scoring
  /// How many experts there are.
  public var expertCount: Int
  /// How many are chosen for a token.
  public var chosenCount: Int
  /// How many groups of neighboring experts there are; 1 for no groups.
  public var groupCount: Int
  /// How many groups are kept.
  public var keptGroupCount: Int
  /// What a group is worth.
  public var groupScore: GroupScore
  /// Whether the weights are divided by their sum.
  public var normalizes: Bool
  /// Added to that sum: 1e-20 in DeepSeek's code, 0 in Qwen's.
  public var normalizationEpsilon: Float
  /// What the weights are multiplied with at the end.
  public var scale: Float

  /// Creates a rule.
  ///
  /// - Precondition: The chosen experts exist within the kept groups, and groups divide experts.
  public init(
    scoring: Scoring,
    expertCount: Int,
    chosenCount: Int,
    groupCount: Int = 1,
    keptGroupCount: Int = 1,
    groupScore: GroupScore = .best,
    normalizes: Bool,
    normalizationEpsilon: Float = 1e-20,
    scale: Float = 1
  ) {
    precondition(groupCount >= 1 && expertCount % groupCount == 0)
    precondition(keptGroupCount >= 1 && keptGroupCount <= groupCount && chosenCount >= 1)
    precondition(chosenCount <= keptGroupCount * (expertCount / groupCount))
    self.scoring = scoring
    self.expertCount = expertCount
    self.chosenCount = chosenCount
    self.groupCount = groupCount
    self.keptGroupCount = keptGroupCount
    self.groupScore = groupScore
    self.normalizes = normalizes
    self.normalizationEpsilon = normalizationEpsilon
    self.scale = scale
  }
}
