// SPDX-License-Identifier: Apache-2.0

/// A model as far as a plan depends on it, whatever family it is of.
///
/// Counts are sums over kinds of layers, not over tensors: DeepSeek-V3 has 91,991 of these, and a
/// plan shall take milliseconds. A test holds them to `ModelSummary`, which lists tensors.
public struct PlannedModel: Sendable, Hashable {
  /// Layers of one kind.
  public struct Group: Sendable, Hashable {
    /// How many there are.
    public var count: Int
    /// What each is.
    public var layer: PlannedLayer
  }

  /// What the model is called.
  public var name: String
  /// The main layers by kind, in order of first appearance.
  public var groups: [Group]
  /// Layers of multi-token prediction by kind; empty for most models.
  public var predictionGroups: [Group]
  /// Rows of the embedding table and of the head.
  public var vocabularySize: Int
  /// Width of the residual stream.
  public var hiddenSize: Int
  /// Whether the head is the embedding table.
  public var tiesEmbedding: Bool
  /// Parameters outside of layers, embedding and head: the final norm, and learned positions.
  public var outerCount: Int
  /// Learned positions among these, which no token is multiplied with.
  public var positionCount: Int
  /// The most positions that the model may see.
  public var contextLength: Int
  /// Whether its matrices are published in FP8, as they were trained.
  public var isPublishedInFP8 = false

  /// Layers of the main model.
  public var layerCount: Int { groups.reduce(0) { $0 + $1.count } }

  /// Layers of multi-token prediction.
  public var predictionLayerCount: Int { predictionGroups.reduce(0) { $0 + $1.count } }

  /// Whether some layer is a mixture of experts.
  public var hasMixture: Bool { groups.contains { $0.layer.isMixture } }

  /// The embedding table.
  public var embeddingCount: Int { vocabularySize * hiddenSize }

  /// The head where it is a tensor of its own.
  public var ownHeadCount: Int { tiesEmbedding ? 0 : embeddingCount }

  /// All parameters of the main model, a tied head once.
  public var parameterCount: Int {
    sum(groups, \.parameterCount) + embeddingCount + ownHeadCount + outerCount
  }

  /// Parameters that a token uses, with the head and without the embedding table.
  public var activeCount: Int {
    parameterCount - sum(groups) { ($0.expertCount - $0.chosenCount) * $0.expertWeightCount }
      - (tiesEmbedding ? 0 : embeddingCount) - positionCount
  }

  /// Parameters of the multi-token-prediction modules, without their copies of embedding and head:
  /// the layer, the projection of 2d to d, and three norms (DeepSeek-V3, section 2.2).
  public var predictionCount: Int {
    sum(predictionGroups) { $0.parameterCount + projectionCount + 3 * hiddenSize }
  }

  /// All parameters that are trained.
  public func trainedParameterCount(withPrediction: Bool) -> Int {
    parameterCount + (withPrediction ? predictionCount : 0)
  }

  /// Weights of routed experts, prediction included where it is trained.
  public func routedCount(withPrediction: Bool) -> Int {
    sum(groups, \.routedCount) + (withPrediction ? sum(predictionGroups, \.routedCount) : 0)
  }

  /// Weights of the matrices that a token of the main model is multiplied with, the head included.
  public var metCount: Int { sum(groups, \.metCount) + embeddingCount }

  /// The same of the prediction modules, the head that they use again included.
  public var predictionMetCount: Int {
    sum(predictionGroups) { $0.metCount + projectionCount + embeddingCount }
  }

  private var projectionCount: Int { 2 * hiddenSize * hiddenSize }

  /// Bytes of cache that a position takes in all layers.
  ///
  /// - Parameter elementByteCount: Bytes of a number; 2 where nothing else is said.
  /// - Returns: Bytes.
  public func cacheByteCount(elementByteCount: Double = 2) -> Double {
    Double(sum(groups, \.cacheElementCount)) * elementByteCount
  }

  /// Floating-point operations of attention for one token of the forward pass, all main layers.
  public func attentionOperations(sequenceLength: Double, isCausal: Bool) -> Double {
    groups.reduce(0) { total, group in
      total + Double(group.count)
        * group.layer.attentionOperations(sequenceLength: sequenceLength, isCausal: isCausal)
    }
  }

  /// The same of the prediction layers.
  public func predictionAttentionOperations(
    sequenceLength: Double,
    isCausal: Bool
  ) -> Double {
    predictionGroups.reduce(0) { total, group in
      total + Double(group.count)
        * group.layer.attentionOperations(sequenceLength: sequenceLength, isCausal: isCausal)
    }
  }

  /// Adds up a figure over all layers of some groups.
  func sum(_ groups: [Group], _ figure: (PlannedLayer) -> Int) -> Int {
    groups.reduce(0) { $0 + $1.count * figure($1.layer) }
  }

  /// Layers one by one as groups of equal ones.
  static func grouped(_ layers: [PlannedLayer]) -> [Group] {
    var groups: [Group] = []
    for layer in layers {
      if let index = groups.firstIndex(where: { $0.layer == layer }) {
        groups[index].count += 1
      } else {
        groups.append(Group(count: 1, layer: layer))
      }
    }
    return groups
  }
}
