// SPDX-License-Identifier: Apache-2.0

public import Models

/// Floating-point operations of one trained token, forward and backward.
///
/// Counted as one counts for a share of peak (costs.md 3.2): six for each weight of a matrix that a
/// token meets (the embedding's row not, the head yes, the router, the chosen and the shared experts),
/// and the attention of half the sequence, as a causal mask leaves it; what is computed twice to save
/// memory counts once.
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
  ///   - model: The model.
  ///   - sequenceLength: Positions of a row, or of a token's sequence in the mean.
  ///   - trainsPrediction: Whether the multi-token-prediction modules are trained too.
  ///   - isCausal: Whether attention counts half of the sequence, or all of it.
  public init(
    _ model: PlannedModel,
    sequenceLength: Double,
    trainsPrediction: Bool,
    isCausal: Bool = true
  ) {
    linear = 6 * Double(model.metCount)
    attention = 3 * model.attentionOperations(sequenceLength: sequenceLength, isCausal: isCausal)
    prediction =
      trainsPrediction
      ? 6 * Double(model.predictionMetCount) + 3
        * model.predictionAttentionOperations(sequenceLength: sequenceLength, isCausal: isCausal)
      : 0
  }

  /// Counts what an architecture takes.
  public init(_ architecture: Architecture, sequenceLength: Int, trainsPrediction: Bool) {
    self.init(
      PlannedModel(architecture),
      sequenceLength: Double(sequenceLength),
      trainsPrediction: trainsPrediction
    )
  }
}
