// SPDX-License-Identifier: Apache-2.0

/// A question to the planner about training: what, on what, how much.
public struct TrainingScenario: Sendable, Hashable {
  /// The model.
  public var model: PlannedModel
  /// Positions of a sequence.
  public var sequenceLength: Int
  /// Sequences of a step.
  public var batchRowCount: Int
  /// Tokens of the run, nil where only a step is asked for.
  public var tokenCount: Double?
  /// The device.
  public var device: Accelerator
  /// How many there are.
  public var deviceCount: Int
  /// What products take.
  public var precision: PlanPrecision
  /// Whether the multi-token-prediction modules are trained too.
  public var trainsPrediction: Bool
  /// US dollars an hour of a device; nil for the table's price.
  public var dollarsPerHour: Double?
  /// What is left of the run's time after restarts; 1 where the question is of work alone.
  public var goodput = 1.0
  /// What is assumed.
  public var efficiencies = Efficiencies.fitted

  /// Creates a question.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - sequenceLength: Positions of a sequence, at least 1.
  ///   - batchRowCount: Sequences of a step; nil for `standardRowsPerDevice` for each device.
  ///   - tokenCount: Tokens of the run, nil where only a step is asked for.
  ///   - device: The device.
  ///   - deviceCount: How many there are, at least 1.
  ///   - precision: What products take.
  ///   - trainsPrediction: Whether the multi-token-prediction modules are trained; nil where there are
  ///     some.
  ///   - dollarsPerHour: US dollars an hour of a device; nil for the table's price.
  public init(
    model: PlannedModel,
    sequenceLength: Int,
    batchRowCount: Int? = nil,
    tokenCount: Double? = nil,
    device: Accelerator,
    deviceCount: Int,
    precision: PlanPrecision,
    trainsPrediction: Bool? = nil,
    dollarsPerHour: Double? = nil
  ) {
    self.model = model
    self.sequenceLength = sequenceLength
    self.batchRowCount = batchRowCount ?? Self.standardRowsPerDevice * deviceCount
    self.tokenCount = tokenCount
    self.device = device
    self.deviceCount = deviceCount
    self.precision = precision
    self.trainsPrediction = trainsPrediction ?? (model.predictionLayerCount > 0)
    self.dollarsPerHour = dollarsPerHour
  }

  /// Sequences of a step for each device where nobody says; DeepSeek-V3 took 7.5.
  public static let standardRowsPerDevice = 8

  /// Tokens of a step.
  public var tokensPerStep: Double { Double(batchRowCount) * Double(sequenceLength) }

  /// Whether devices of several nodes work together.
  public var spansNodes: Bool { deviceCount > device.nodeDeviceCount }

  /// Operations of a trained token, causal and without prediction: those of a share of peak.
  public var causalCount: OperationCount {
    OperationCount(model, sequenceLength: Double(sequenceLength), trainsPrediction: false)
  }

  /// The same with all positions of a sequence as keys.
  public var fullCount: OperationCount {
    OperationCount(
      model,
      sequenceLength: Double(sequenceLength),
      trainsPrediction: false,
      isCausal: false
    )
  }

  /// Operations of a trained token with prediction where it is trained.
  public var trainedCount: OperationCount {
    OperationCount(
      model,
      sequenceLength: Double(sequenceLength),
      trainsPrediction: trainsPrediction
    )
  }

  /// Checks what no layout can mend.
  ///
  /// - Throws: `PlanError` for a precision that the device lacks, or more devices than can be joined.
  public func check() throws(PlanError) {
    _ = try device.peak(precision)
    if spansNodes, device.networkLink == nil {
      throw PlanError(
        .noNetwork(hardware: device.name, limit: device.nodeDeviceCount),
        place: "--count"
      )
    }
  }
}
