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
  /// The length of the sequence that a token stands in, in the mean of all tokens: that of a row, or less
  /// where rows are filled with documents that do not see each other.
  public var attendedLength: Double

  /// Creates a shape.
  ///
  /// - Parameters:
  ///   - sequenceLength: Positions of a row, at least 1.
  ///   - batchRowCount: Rows of a step, at least 1; of a ramp the largest.
  ///   - tokenCount: Tokens of the whole run.
  ///   - computeType: What matrix products take.
  ///   - trainsPrediction: Whether the multi-token-prediction modules are trained too.
  ///   - attendedLength: The length of a token's sequence in the mean; nil for a row's.
  public init(
    sequenceLength: Int,
    batchRowCount: Int,
    tokenCount: Int,
    computeType: ComputeType,
    trainsPrediction: Bool = false,
    attendedLength: Double? = nil
  ) {
    self.sequenceLength = sequenceLength
    self.batchRowCount = batchRowCount
    self.tokenCount = tokenCount
    self.computeType = computeType
    self.trainsPrediction = trainsPrediction
    self.attendedLength = attendedLength ?? Double(sequenceLength)
  }

  /// Tokens of a step.
  public var tokensPerStep: Int { sequenceLength * batchRowCount }

  /// Steps of the run, where every batch has its full size; the last may have fewer rows.
  public var stepCount: Int {
    tokensPerStep > 0 ? (tokenCount + tokensPerStep - 1) / tokensPerStep : 0
  }
}
