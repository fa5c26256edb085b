// SPDX-License-Identifier: Apache-2.0

import Compute

/// What a model costs, counted from its architecture alone.
public struct ModelSummary: Sendable, Hashable {
  /// How many parameters a model has.
  public struct Parameters: Sendable, Hashable {
    /// All of the main model; a tied head counts once, block scales and prediction layers not.
    public var total = 0
    /// Those that one token uses, with the head and without the embedding table.
    public var active = 0
    /// Those that one token uses, with the whole embedding table.
    public var activeWithEmbedding = 0
    /// The embedding table.
    public var embedding = 0
    /// Multi-token-prediction layers, without their copies of embedding and head.
    public var prediction = 0
  }

  /// The numbers of parameters.
  public let parameters: Parameters
  /// Bytes that a cached token takes, at two bytes an element.
  public let cacheByteCountPerToken: Int
  /// Floating-point operations a token: two for each weight of a matrix that the token meets.
  public let linearOperationsPerToken: Int
  /// Floating-point operations for each pair of a query and a key, over all layers and heads.
  public let attentionOperationsPerKey: Int

  /// Counts.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - isTied: Whether the head is the embedding table, where the tensors have decided it.
  ///   - hasPredictionLayers: Whether the prediction layers that the configuration names are there.
  /// - Complexity: O(number of tensors).
  public init(
    _ architecture: Architecture,
    isTied: Bool? = nil,
    hasPredictionLayers: Bool = true
  ) {
    let isTied = isTied ?? architecture.tiesEmbedding
    var counts = Parameters()
    var matrixCount = 0
    // Experts of a layer that a token does not use.
    var idle = 0
    for layer in architecture.layers {
      if case .mixture(let plan) = layer.feedForward {
        let one = 3 * plan.expertIntermediateSize * architecture.hiddenSize
        idle += (plan.rule.expertCount - plan.rule.chosenCount) * one
      }
    }
    for tensor in TensorPlan(architecture).tensors {
      switch tensor.role {
      case .head where isTied, .duplicate: continue
      default: break
      }
      if tensor.isPrediction {
        if hasPredictionLayers { counts.prediction += tensor.count }
        continue
      }
      counts.total += tensor.count
      if tensor.role == .embedding {
        counts.embedding += tensor.count
      } else if tensor.shape.count == 2 {
        matrixCount += tensor.count
      }
    }
    // A tied table is multiplied with as head, so it stays among the active ones.
    counts.active = counts.total - idle - (isTied ? 0 : counts.embedding)
    counts.activeWithEmbedding = counts.active + (isTied ? 0 : counts.embedding)
    parameters = counts
    linearOperationsPerToken = 2 * (matrixCount - idle + (isTied ? counts.embedding : 0))
    cacheByteCountPerToken =
      2 * architecture.layers.reduce(0) { $0 + $1.attention.cacheElementsPerPosition }
    attentionOperationsPerKey = 2 * architecture.layers.reduce(0) { $0 + $1.scoredElementCount }
  }
}

extension LayerPlan {
  /// How many multiplications a pair of a query and a key takes, keys and values expanded.
  package var scoredElementCount: Int {
    switch attention {
    case .groupedQuery(let plan): plan.headCount * 2 * plan.headDimension
    case .latent(let plan):
      plan.shape.headCount
        * (plan.shape.noPositionDimension + plan.shape.rotaryDimension
          + plan.shape.valueDimension)
    }
  }
}
