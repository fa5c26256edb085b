// SPDX-License-Identifier: Apache-2.0

public import Checkpoints
public import Compute
public import Models

/// A few steps of AdamW on one batch, for holding derivatives against another implementation's.
///
/// The loss is the plain mean of cross-entropy, whatever the configuration says of multi-token
/// prediction and of balance; no bias is updated.
public final class GradientTrial {
  /// The weights, which change with each step.
  public let parameters: Parameters
  private let decoder: Decoder
  private let slots: SlotSum
  private let optimizer: AdamW
  private let rows: [TrainingRow]
  private var stepCount = 0

  /// What one step found.
  public struct Step {
    /// The loss before the step.
    public let loss: Double
    /// The gradients' norm before they were clipped.
    public let norm: Double
    /// The gradients before they were clipped, valid until the next step.
    public let gradients: [(parameter: Parameter, values: Tensor)]
  }

  /// Loads a checkpoint.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - source: Its tensors.
  ///   - batch: Token ids, I32 `[sequences, length]`: each token but the last predicts the next.
  ///   - device: What computes.
  ///   - computeType: What matrix products take.
  ///   - settings: The optimizer's.
  /// - Throws: `TrainingError` for a batch or a checkpoint that is unfit, `ModelError` or
  ///   `ComputeError` where memory cannot be had.
  public init(
    _ architecture: Architecture,
    source: any TensorSource,
    batch: Tensor,
    device: any Device,
    computeType: ComputeType,
    settings: AdamWSettings
  ) throws {
    rows = try Self.rows(batch)
    // The module for prediction would be trained by a loss that this is not.
    var main = architecture
    main.predictionLayers = []
    parameters = try Parameters(
      main,
      computeType: computeType,
      tiesHead: source.tensor(TensorNames.head) == nil,
      fusedExpertLayers: CheckpointCheck(source, main).fusedExpertLayers
    )
    try parameters.load(source)
    decoder = try Decoder(
      main,
      source: parameters,
      device: device,
      computeType: computeType,
      keepsLayers: true
    )
    slots = SlotSum(parameters, decoder: decoder)
    optimizer = try AdamW(parameters, settings: settings)
  }

  private static func rows(_ batch: Tensor) throws(TrainingError) -> [TrainingRow] {
    guard batch.elementType == .i32, batch.shape.count == 2, batch.shape[0] > 0,
      batch.shape[1] > 1
    else {
      throw TrainingError(
        .batchUnfit(
          "tensor 'ids' is \(batch.elementType.rawValue) \(batch.shape), not I32 [sequences, length] "
            + "with a length of two or more"
        )
      )
    }
    return (0..<batch.shape[0]).map { index in
      let ids = batch[index].integers
      return TrainingRow([
        TrainingSequence(ids: Array(ids.dropLast()), targets: Array(ids.dropFirst()))
      ])
    }
  }

  /// The loss as the weights are now, and its gradients.
  private func measure() throws -> (loss: Double, buffer: GradientBuffer) {
    let count = rows.reduce(0) { $0 + $1.targetCount }
    let (buffer, sums) = try slots.gradients(
      of: rows,
      slotCount: 1,
      passRowCount: 1,
      weights: LossWeights(token: 1 / Double(count))
    )
    return (sums.crossEntropy / Double(count), buffer)
  }

  /// The loss as the weights are now.
  ///
  /// - Throws: `ModelError` or `ComputeError` where a row cannot be computed.
  public func loss() throws -> Double { try measure().loss }

  /// Takes one step.
  ///
  /// - Parameter rate: The learning rate.
  /// - Returns: What it found before the weights changed.
  /// - Throws: `ModelError` or `ComputeError` where a row cannot be computed.
  public func step(rate: Double) throws -> Step {
    let (loss, buffer) = try measure()
    let norm = AdamW.norm(buffer, parameters, device: decoder.device)
    stepCount += 1
    optimizer.step(
      parameters,
      buffer,
      norm: norm,
      number: stepCount,
      rate: rate,
      device: decoder.device
    )
    let gradients = parameters.list.map { (parameter: $0, values: $0.part(of: buffer.all)) }
    return Step(loss: loss, norm: norm, gradients: gradients)
  }
}
