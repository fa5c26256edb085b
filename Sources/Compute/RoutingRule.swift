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

/// The experts of some tokens: `chosenCount` entries a token, experts in ascending order.
public struct ExpertChoice: Sendable, Hashable {
  /// How many experts each token has.
  public let chosenCount: Int
  /// The experts, `[tokens, chosenCount]`.
  public var experts: [Int32]
  /// What their outputs are multiplied with, `[tokens, chosenCount]`.
  public var weights: [Float]

  /// Creates a choice.
  public init(chosenCount: Int, experts: [Int32], weights: [Float]) {
    self.chosenCount = chosenCount
    self.experts = experts
    self.weights = weights
  }

  /// How many tokens it covers.
  public var tokenCount: Int { experts.count / chosenCount }
}

/// The (token, expert) pairs of a choice, sorted stably by expert.
public struct ExpertGroups: Sendable, Hashable {
  /// One expert's run of sorted pairs.
  public struct Group: Sendable, Hashable {
    /// The expert.
    public let expert: Int
    /// Its pairs.
    public let pairs: Range<Int>
  }

  /// The token of each sorted pair.
  public let tokens: [Int32]
  /// The experts that any token chose, ascending.
  public let groups: [Group]
  /// For each token and place in its choice, `[tokens, chosenCount]`, the sorted pair.
  public let pairs: [Int32]

  /// Sorts the pairs of a choice.
  ///
  /// - Complexity: O(pairs + experts).
  public init(_ choice: ExpertChoice, expertCount: Int) {
    var starts = [Int](repeating: 0, count: expertCount + 1)
    for expert in choice.experts { starts[Int(expert) + 1] += 1 }
    for expert in 0..<expertCount { starts[expert + 1] += starts[expert] }
    var next = starts
    var tokens = [Int32](repeating: 0, count: choice.experts.count)
    var pairs = tokens
    for (entry, expert) in choice.experts.enumerated() {
      let pair = next[Int(expert)]
      next[Int(expert)] += 1
      tokens[pair] = Int32(entry / choice.chosenCount)
      pairs[entry] = Int32(pair)
    }
    self.tokens = tokens
    self.pairs = pairs
    groups = (0..<expertCount).compactMap { expert in
      starts[expert] == starts[expert + 1]
        ? nil : Group(expert: expert, pairs: starts[expert]..<starts[expert + 1])
    }
  }
}
