// SPDX-License-Identifier: Apache-2.0

import Compute
package import Models

/// How many numbers a pass keeps for its derivatives, as the decoder's workspaces hold them.
package struct ActivationCount {
  /// Numbers a token that all layers together keep.
  private var kept = 0
  /// Numbers a token that the gradients of one layer take, of the largest.
  private var gradients = 0
  private let vocabularySize: Int

  // The fused head computes the logits of so many rows at a time, and as many of their gradients.
  private static let headRowCount = 128

  /// Counts.
  package init(_ architecture: Architecture, trainsPrediction: Bool) {
    let width = architecture.hiddenSize
    vocabularySize = architecture.vocabularySize
    let predictionLayers = trainsPrediction ? architecture.predictionLayers : []
    for layer in architecture.layers + predictionLayers {
      let own = Self.attention(layer.attention) + Self.feedForward(layer.feedForward, width)
      // The layer's input, its middle, both normed, and what attention gives to the residual.
      kept += own + 5 * width
      gradients = max(gradients, own + 5 * width)
    }
    // The residual, the normed rows and the hidden ones; of prediction also both halves of its input.
    kept += (predictionLayers.isEmpty ? 3 : 9) * width
    gradients += (predictionLayers.isEmpty ? 2 : 7) * width
  }

  /// Bytes of a pass over so many tokens, its derivatives included.
  func byteCount(tokenCount: Int) -> Int {
    let logits = min(tokenCount, Self.headRowCount) * vocabularySize
    return keptByteCount(tokenCount: tokenCount) + 4 * (gradients * tokenCount + logits)
  }

  /// Bytes that the forward pass over so many tokens leaves.
  package func keptByteCount(tokenCount: Int) -> Int {
    4 * (kept * tokenCount + min(tokenCount, Self.headRowCount) * vocabularySize)
  }

  private static func attention(_ plan: AttentionPlan) -> Int {
    switch plan {
    case .groupedQuery(let plan):
      let (queries, keys) = (
        plan.headCount * plan.headDimension, plan.keyValueHeadCount * plan.headDimension
      )
      let raw = plan.normalizesQueriesAndKeys ? queries + keys : 0
      return 2 * queries + 2 * keys + raw + 2 * plan.headCount
    case .latent(let plan):
      let shape = plan.shape
      let latent = shape.latentRank + shape.rotaryDimension
      let queries = shape.headCount * (shape.noPositionDimension + shape.rotaryDimension)
      let results = shape.headCount * (shape.latentRank + shape.valueDimension)
      return queries + 2 * (plan.queryRank ?? 0) + shape.headCount * latent + results + 2 * latent
        + 2 * shape.headCount
    }
  }

  private static func feedForward(_ plan: FeedForwardPlan, _ width: Int) -> Int {
    switch plan {
    case .dense(let intermediate, _): return 3 * intermediate
    case .mixture(let plan):
      let pairs = plan.rule.chosenCount * (3 * plan.expertIntermediateSize + width)
      return pairs + 3 * plan.sharedIntermediateSize + width + plan.rule.expertCount
    }
  }
}
