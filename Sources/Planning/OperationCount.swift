// SPDX-License-Identifier: Apache-2.0

import Compute
public import Models

/// Floating-point operations of one trained token, forward and backward.
///
/// Counted as one counts for a share of peak: six for each weight of the model that a token meets
/// (the embedding's row not, the head yes, the chosen and the shared experts), and the attention of
/// half the sequence, as a causal mask leaves it; what is computed twice to save memory counts once.
public struct OperationCount: Sendable, Hashable {
  /// Products with weights.
  public let linear: Double
  /// Scores and sums of attention, keys and values expanded.
  public let attention: Double
  /// All of the multi-token-prediction modules, the head that they use again included.
  public let prediction: Double

  /// All of it.
  public var total: Double { linear + attention + prediction }

  /// Counts.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - sequenceLength: Positions of a row.
  ///   - trainsPrediction: Whether the multi-token-prediction modules are trained too.
  /// - Complexity: O(number of tensors).
  public init(_ architecture: Architecture, sequenceLength: Int, trainsPrediction: Bool) {
    let summary = ModelSummary(architecture)
    let context = Double(sequenceLength) / 2
    linear = 6 * Double(summary.parameters.active)
    attention = 3 * Double(summary.attentionOperationsPerKey) * context
    guard trainsPrediction, !architecture.predictionLayers.isEmpty else {
      prediction = 0
      return
    }
    let idle = architecture.predictionLayers.reduce(0) {
      $0 + $1.idleExpertParameterCount(hiddenSize: architecture.hiddenSize)
    }
    let head = architecture.vocabularySize * architecture.hiddenSize
    let met =
      summary.parameters.prediction - idle + architecture.predictionLayers.count * head
    let scored = architecture.predictionLayers.reduce(0) { $0 + $1.scoredElementCount }
    prediction = 6 * Double(met) + 3 * Double(2 * scored) * context
  }
}

extension LayerPlan {
  /// How many parameters of routed experts a token does not meet.
  fileprivate func idleExpertParameterCount(hiddenSize: Int) -> Int {
    guard case .mixture(let plan) = feedForward else { return 0 }
    let one = 3 * plan.expertIntermediateSize * hiddenSize
    return (plan.rule.expertCount - plan.rule.chosenCount) * one
  }
}
