// SPDX-License-Identifier: Apache-2.0

public import Compute

/// What a run of training does, as far as its cost depends on it.
public struct TrainingShape: Sendable, Hashable {
  /// Positions of a row.
  public var sequenceLength: Int
  /// Rows of a step.
  public var batchRowCount: Int
  /// Tokens of the whole run.
  public var tokenCount: Int
  /// What matrix products take.
  public var computeType: ComputeType
  /// Whether the multi-token-prediction modules are trained too.
  public var trainsPrediction: Bool

  /// Creates a shape.
  ///
  /// - Parameters:
  ///   - sequenceLength: Positions of a row, at least 1.
  ///   - batchRowCount: Rows of a step, at least 1; of a ramp the largest.
  ///   - tokenCount: Tokens of the whole run.
  ///   - computeType: What matrix products take.
  ///   - trainsPrediction: Whether the multi-token-prediction modules are trained too.
  public init(
    sequenceLength: Int,
    batchRowCount: Int,
    tokenCount: Int,
    computeType: ComputeType,
    trainsPrediction: Bool = false
  ) {
    self.sequenceLength = sequenceLength
    self.batchRowCount = batchRowCount
    self.tokenCount = tokenCount
    self.computeType = computeType
    self.trainsPrediction = trainsPrediction
  }

  /// Tokens of a step.
  public var tokensPerStep: Int { sequenceLength * batchRowCount }

  /// Steps of the run, where every batch has its full size; the last may have fewer rows.
  public var stepCount: Int {
    tokensPerStep > 0 ? (tokenCount + tokensPerStep - 1) / tokensPerStep : 0
  }
}
