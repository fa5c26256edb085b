// SPDX-License-Identifier: Apache-2.0

/// One transformer layer as far as a plan depends on it: how many numbers, and how many products.
public struct PlannedLayer: Sendable, Hashable {
  /// The widths of latent attention (DeepSeek-V2, section 2.1).
  public struct Latent: Sendable, Hashable {
    /// Query heads.
    public var headCount: Int
    /// The query latent; 0 where queries have one projection.
    public var queryRank: Int
    /// The latent of keys and values.
    public var rank: Int
    /// Numbers of a head that are rotated.
    public var rotary: Int
    /// Numbers of a head that are not.
    public var noPosition: Int
    /// Numbers of a head's value.
    public var value: Int
  }

  /// Weights of attention's matrices.
  public var attentionCount = 0
  /// Weights of a dense feed-forward's matrices; 0 in a mixture.
  public var denseCount = 0
  /// Weights of a router's matrix.
  public var routerCount = 0
  /// Weights of the shared experts.
  public var sharedCount = 0
  /// Weights of one routed expert.
  public var expertWeightCount = 0
  /// Routed experts.
  public var expertCount = 0
  /// Routed experts that a token meets.
  public var chosenCount = 0
  /// The most expert groups that a token's experts lie in; nil where nothing limits them.
  public var groupLimit: Int?
  /// Norms, biases and selection biases: what is added or scaled by, not multiplied as a matrix.
  public var vectorCount = 0
  /// Multiplications for each pair of a query and a key, keys and values expanded.
  public var scoredElementCount = 0
  /// Multiplications for each pair that an indexer takes to choose keys (DeepSeek-V3.2).
  public var indexedElementCount = 0
  /// The most keys that a query sees: a window, or an indexer's choice; nil for all.
  public var keyLimit: Int?
  /// Numbers that a position adds to the cache.
  public var cacheElementCount = 0
  /// The widths of latent attention, nil for other kinds.
  public var latent: Latent?
  /// Width of the feed-forward, of one expert in a mixture.
  public var intermediateSize = 0
  /// Width of the fused shared experts.
  public var sharedIntermediateSize = 0
  /// Query heads.
  public var headCount = 0
  /// Key/value heads that tensor parallelism can divide; the query heads in latent attention.
  public var keyValueHeadCount = 0

  /// Whether the feed-forward is a mixture of experts.
  public var isMixture: Bool { expertCount > 0 }

  /// Weights of all routed experts.
  public var routedCount: Int { expertCount * expertWeightCount }

  /// All parameters but those of routed experts.
  public var residentCount: Int {
    attentionCount + denseCount + routerCount + sharedCount + vectorCount
  }

  /// All parameters.
  public var parameterCount: Int { residentCount + routedCount }

  /// Weights of the matrices that one token is multiplied with.
  public var metCount: Int {
    attentionCount + denseCount + routerCount + sharedCount + chosenCount * expertWeightCount
  }

  /// How many keys a query meets in the mean.
  ///
  /// A causal mask leaves half of a sequence (costs.md 3.2; the half position is left out), and a
  /// limit w leaves w, or half of the sequence before position w.
  ///
  /// - Parameters:
  ///   - sequenceLength: Positions.
  ///   - isCausal: Whether a query sees only what stands before it.
  /// - Returns: Keys.
  public func meanKeyCount(sequenceLength: Double, isCausal: Bool) -> Double {
    let limit = keyLimit.map(Double.init) ?? .infinity
    guard isCausal else { return min(sequenceLength, limit) }
    guard limit < sequenceLength else { return sequenceLength / 2 }
    return (limit * limit / 2 + (sequenceLength - limit) * limit) / sequenceLength
  }

  /// Floating-point operations of attention for one token of the forward pass.
  public func attentionOperations(sequenceLength: Double, isCausal: Bool) -> Double {
    let pairs = meanKeyCount(sequenceLength: sequenceLength, isCausal: isCausal)
    let all = isCausal ? sequenceLength / 2 : sequenceLength
    return 2 * (Double(scoredElementCount) * pairs + Double(indexedElementCount) * all)
  }
}
