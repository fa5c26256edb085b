// SPDX-License-Identifier: Apache-2.0

public import Compute

/// A family-neutral description of a decoder, derived from `config.json` by the family's file.
public struct Architecture: Sendable, Hashable {
  /// The published class, for example `DeepseekV3ForCausalLM`.
  public var name: String
  /// The published `model_type`, for example `deepseek_v3`.
  public var modelType: String
  /// Rows of the embedding table and of the head.
  public var vocabularySize: Int
  /// Width of the residual stream.
  public var hiddenSize: Int
  /// What each layer does, first to last.
  public var layers: [LayerPlan]
  /// Multi-token-prediction layers, stored after the main ones; empty for most models.
  public var predictionLayers: [LayerPlan]
  /// Added to the mean of squares in the layers' and the final norms.
  public var normEpsilon: Float
  /// How positions rotate queries and keys.
  public var rotary: RotaryRule
  /// The most positions that the model may see.
  public var contextLength: Int
  /// Whether the configuration says that the head is the embedding table; the tensors decide.
  public var tiesEmbedding: Bool
  /// Whether matrices are stored as FP8 blocks with scales.
  public var isBlockQuantized: Bool
  /// The ids that end a text, from `config.json` alone.
  public var endOfSequenceIDs: [Int32]
  /// The `bos_token_id` of the configuration; the tokenizer's own wins.
  public var beginningOfSequenceID: Int32?
}

/// What one transformer layer does.
public struct LayerPlan: Sendable, Hashable {
  /// The kind of attention.
  public var attention: AttentionPlan
  /// The kind of feed-forward.
  public var feedForward: FeedForwardPlan

  /// Creates a plan.
  public init(attention: AttentionPlan, feedForward: FeedForwardPlan) {
    self.attention = attention
    self.feedForward = feedForward
  }
}

/// The kinds of attention.
public enum AttentionPlan: Sendable, Hashable {
  /// Query heads share key/value heads; multi-head and multi-query attention are its ends.
  case groupedQuery(GroupedQueryPlan)
  /// Keys and values are projections of one low-rank latent (DeepSeek-V2, section 2.1).
  case latent(LatentPlan)
}

extension AttentionPlan {
  /// How many numbers a position adds to the cache of one layer.
  public var cacheElementsPerPosition: Int {
    switch self {
    case .groupedQuery(let plan): 2 * plan.keyValueHeadCount * plan.headDimension
    case .latent(let plan): plan.shape.latentRank + plan.shape.rotaryDimension
    }
  }
}

/// Dimensions and options of grouped-query attention.
public struct GroupedQueryPlan: Sendable, Hashable {
  /// How many query heads there are.
  public var headCount: Int
  /// How many key/value heads there are; divides `headCount`.
  public var keyValueHeadCount: Int
  /// How many numbers a head has.
  public var headDimension: Int
  /// Whether q_proj, k_proj and v_proj have biases.
  public var hasQueryKeyValueBias: Bool
  /// Whether o_proj has a bias.
  public var hasOutputBias: Bool
  /// Whether queries and keys are normed per head before rotation (Qwen3).
  public var normalizesQueriesAndKeys: Bool
  /// What scores are multiplied with.
  public var scale: Float
}

/// Dimensions and options of multi-head latent attention.
public struct LatentPlan: Sendable, Hashable {
  /// The dimensions.
  public var shape: LatentShape
  /// The width of the query latent; nil where queries have one projection.
  public var queryRank: Int?
  /// What scores are multiplied with, YaRN's correction included.
  public var scale: Float
  /// Whether q_a_proj, kv_a_proj_with_mqa and o_proj have biases; false in published models.
  public var hasBias: Bool
}

/// The kinds of feed-forward.
public enum FeedForwardPlan: Sendable, Hashable {
  /// One SwiGLU MLP.
  case dense(intermediateSize: Int, hasBias: Bool)
  /// A mixture of experts.
  case mixture(MixturePlan)
}

/// Dimensions and options of a mixture of experts.
public struct MixturePlan: Sendable, Hashable {
  /// How experts are chosen and weighted.
  public var rule: RoutingRule
  /// The width of a routed expert.
  public var expertIntermediateSize: Int
  /// The width of the fused shared experts; 0 for none.
  public var sharedIntermediateSize: Int
  /// Whether the router has a selection bias (`e_score_correction_bias`).
  public var hasSelectionBias: Bool
}

/// How positions rotate queries and keys.
public struct RotaryRule: Sendable, Hashable {
  /// Radians a position, one a pair, scaling applied.
  public var inverseFrequencies: [Double]
  /// What cosine and sine are multiplied with.
  public var factor: Double
  /// Which elements form a pair.
  public var layout: RotaryLayout
  /// The length from which on the rule would depend on the length (dynamic NTK), or nil.
  public var lengthLimit: Int?
}
