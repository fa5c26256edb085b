// SPDX-License-Identifier: Apache-2.0

import Compute
public import JSON
public import Models

/// What a run of training will take, before it begins.
public struct TrainingPlan: Sendable, Hashable {
  /// The model's parameters.
  public let parameters: ModelSummary.Parameters
  private let model: PlannedModel
  /// The run.
  public let shape: TrainingShape
  /// Operations of one token.
  public let operationsPerToken: OperationCount
  /// What the run keeps in memory.
  public let memory: TrainingMemory
  /// Bytes of memory that can be had, nil where the system does not say.
  public let availableByteCount: Int?
  /// How fast the machine is taken to train.
  public let rate: TrainingRate

  /// Plans.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - shape: The run.
  ///   - rate: How fast the machine is taken to train.
  ///   - availableByteCount: Bytes of memory that can be had, nil where the system does not say.
  ///   - activationByteCount: What a step keeps for its derivatives, as the trainer knows it.
  /// - Complexity: O(number of tensors).
  public init(
    _ architecture: Architecture,
    shape: TrainingShape,
    rate: TrainingRate,
    availableByteCount: Int? = nil,
    activationByteCount: (Architecture, TrainingShape) -> Int
  ) {
    parameters = ModelSummary(architecture).parameters
    model = PlannedModel(architecture)
    self.shape = shape
    operationsPerToken = OperationCount(
      model,
      sequenceLength: shape.attendedLength,
      trainsPrediction: shape.trainsPrediction
    )
    memory = TrainingMemory(
      architecture,
      shape: shape,
      activationByteCount: activationByteCount
    )
    self.availableByteCount = availableByteCount
    self.rate = rate
  }

  /// Operations of the whole run.
  public var operations: Double { operationsPerToken.total * Double(shape.tokenCount) }

  /// Operations of a token of a step.
  ///
  /// - Parameter attendedLength: The length of a token's sequence, in the mean of the step's tokens.
  /// - Returns: The operations, forward and backward.
  public func operationsPerToken(attendedLength: Double) -> Double {
    OperationCount(
      model,
      sequenceLength: attendedLength,
      trainsPrediction: shape.trainsPrediction
    ).total
  }

  /// The predicted tokens a second, nil where nothing is known of the machine.
  public var tokensPerSecond: Double? {
    rate.tokensPerSecond(operationsPerToken: operationsPerToken.total)
  }

  /// The predicted seconds of the run, nil where nothing is known of the machine.
  public var seconds: Double? { tokensPerSecond.map { Double(shape.tokenCount) / $0 } }

  /// The predicted seconds of a step, nil where nothing is known of the machine.
  public var secondsPerStep: Double? { tokensPerSecond.map { Double(shape.tokensPerStep) / $0 } }

  /// The share of the peak that the predicted rate means, nil without a peak.
  public var shareOfPeak: Double? {
    tokensPerSecond.flatMap { shareOfPeak(tokensPerSecond: $0) }
  }

  /// The share of the peak that a measured rate means, nil without a peak.
  ///
  /// - Parameters:
  ///   - tokensPerSecond: The rate.
  ///   - operationsPerToken: What a token took; nil for what is planned.
  /// - Returns: The share.
  public func shareOfPeak(
    tokensPerSecond: Double,
    operationsPerToken: Double? = nil
  ) -> Double? {
    rate.shareOfPeak(
      tokensPerSecond: tokensPerSecond,
      operationsPerToken: operationsPerToken ?? self.operationsPerToken.total
    )
  }

  /// Whether the run fits into the memory that can be had; true where that is unknown.
  public var fitsMemory: Bool { availableByteCount.map { memory.total <= $0 } ?? true }

  /// The plan as one JSON object; names are those of `hadal plan` where both have a figure.
  public var json: JSONText {
    func number(_ value: Double?) -> JSONText { value.map(JSONText.double) ?? .null }
    let count = operationsPerToken
    return .object([
      (
        "parameters",
        .object([
          ("total", .integer(parameters.total)), ("active", .integer(parameters.active)),
          ("mtp", .integer(parameters.prediction)),
        ])
      ),
      ("compute", .string(shape.computeType.rawValue)),
      ("sequence", .integer(shape.sequenceLength)),
      ("attended_length", .double(shape.attendedLength)),
      ("batch_rows", .integer(shape.batchRowCount)),
      ("tokens_per_step", .integer(shape.tokensPerStep)),
      ("tokens", .integer(shape.tokenCount)),
      ("steps", .integer(shape.stepCount)),
      ("mtp", .boolean(shape.trainsPrediction)),
      (
        "operations_per_token",
        .object([
          ("linear", .double(count.linear)), ("attention", .double(count.attention)),
          ("mtp", .double(count.prediction)), ("total", .double(count.total)),
        ])
      ),
      ("operations", .double(operations)),
      ("memory_bytes", memory.json),
      ("memory_available_bytes", availableByteCount.map(JSONText.integer) ?? .null),
      ("peak_operations_per_s", number(rate.peak)),
      ("share_of_peak", number(shareOfPeak)),
      ("tokens_per_s", number(tokensPerSecond)),
      ("step_s", number(secondsPerStep)),
      ("seconds", number(seconds)),
      ("hours", number(seconds.map { $0 / 3600 })),
    ])
  }
}
