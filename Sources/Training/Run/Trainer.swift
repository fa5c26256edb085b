// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Models

/// Takes the steps of a run: a function of weights, moments, cursor and data alone.
public final class Trainer {
  /// What each step does.
  public let settings: TrainerSettings
  /// The weights.
  public let parameters: Parameters
  /// The decoder that reads them.
  public let decoder: Decoder
  /// The moments.
  public let optimizer: AdamW
  /// How far the run has come.
  public internal(set) var cursor = RunCursor()
  private let slots: SlotSum
  private let passRowCount: Int

  /// Creates a trainer for weights that are there.
  ///
  /// - Parameters:
  ///   - architecture: The model; with prediction layers where they are trained.
  ///   - parameters: Its weights.
  ///   - settings: What each step does.
  ///   - device: What computes.
  ///   - passRowCount: How many rows one pass takes; no bit depends on it.
  ///   - group: The ranks that take the steps together, each with a trainer of its own; no bit depends
  ///     on how many they are.
  /// - Throws: `ModelError` or `ComputeError` where memory cannot be had, `TrainingError` where the
  ///   slots cannot be shared by the ranks.
  public init(
    _ architecture: Architecture,
    parameters: Parameters,
    settings: TrainerSettings,
    device: any Device,
    passRowCount: Int,
    group: any Group = SingleGroup()
  ) throws {
    guard group.rankCount > 0, settings.slotCount % group.rankCount == 0 else {
      throw TrainingError(
        .ranksUnfit(rankCount: group.rankCount, slotCount: settings.slotCount),
        place: "slots"
      )
    }
    self.settings = settings
    self.parameters = parameters
    self.passRowCount = passRowCount
    decoder = try Decoder(
      architecture,
      source: parameters,
      device: device,
      computeType: parameters.computeType,
      keepsLayers: true
    )
    optimizer = try AdamW(parameters, settings: settings.optimizer)
    slots = SlotSum(parameters, decoder: decoder, group: group)
  }

  /// What a step found and did.
  public struct Outcome: Sendable, Hashable {
    /// Which step, from 1.
    public var step: Int
    /// Tokens of the step.
    public var tokenCount: Int
    /// Targets that counted.
    public var targetCount: Int
    /// The mean cross-entropy.
    public var loss: Double
    /// The mean cross-entropy of multi-token prediction, unweighted; nil where it is not trained.
    public var predictionLoss: Double?
    /// The balance loss of all layers, weighted; nil where there is none.
    public var balanceLoss: Double?
    /// The learning rate.
    public var learningRate: Double
    /// The norm of the gradient before it was clipped.
    public var gradientNorm: Double
    /// How often each expert was chosen, for each mixture layer.
    public var loads: [Int: [Int]]
    /// Why the step changed no weight, or nil.
    public var fault: Fault?
  }

  /// What is wrong with a step.
  public enum Fault: String, Sendable, Hashable {
    /// The loss or a gradient is not finite.
    case notFinite
    /// The loss is far above the running mean.
    case spike
  }

  /// Whether the run has seen all its tokens.
  public var isDone: Bool { settings.length.isDone(cursor.tokens) }

  /// How many rows the next step takes; they begin with the cursor's.
  public var nextRowCount: Int { settings.length.rowCount(after: cursor.tokens) }

  /// Takes a step.
  ///
  /// A step with a fault changes no weight, moment or bias. Where the settings stop at it, the cursor
  /// stays too, so that what is saved is what was before it.
  ///
  /// - Parameters:
  ///   - batch: The rows, `nextRowCount` of them: those of all ranks.
  ///   - willUpdate: Called when all gradients are there, before anything changes.
  /// - Returns: What it found.
  /// - Throws: `ModelError` or `ComputeError` where a row cannot be computed, `TrainingError` where
  ///   another rank fails, or what `willUpdate` throws; nothing has changed then.
  public func step(
    _ batch: [TrainingRow],
    willUpdate: () throws -> Void = {}
  ) throws -> Outcome {
    let share = settings.length.share(cursor.tokens)
    let targetCount = batch.reduce(0) { $0 + $1.targetCount }
    let lambda = decoder.predictsAhead ? settings.prediction.value(at: share) : 0
    let token = targetCount == 0 ? 0 : 1 / Double(targetCount)
    let (gradients, sums) = try slots.gradients(
      of: batch,
      slotCount: settings.slotCount,
      passRowCount: passRowCount,
      weights: LossWeights(
        token: token,
        prediction: lambda * token,
        balance: settings.balanceWeight == 0
          ? nil
          : BalanceLoss(
            weight: settings.balanceWeight,
            sequenceCount: batch.count,
            countsChosen: settings.balanceCountsChosen
          )
      )
    )
    let norm = AdamW.norm(gradients, parameters, device: decoder.device)
    var outcome = Outcome(
      step: cursor.step + 1,
      tokenCount: batch.reduce(0) { $0 + $1.tokenCount },
      targetCount: targetCount,
      loss: sums.crossEntropy * token,
      predictionLoss: lambda == 0 ? nil : sums.prediction * token,
      balanceLoss: sums.balance.isEmpty ? nil : sums.balanceTotal,
      learningRate: settings.learningRate.rate(step: cursor.step + 1, share: share),
      gradientNorm: norm,
      loads: sums.loads
    )
    outcome.fault = fault(outcome)
    if let fault = outcome.fault, response(to: fault) == .stop { return outcome }
    try willUpdate()
    if outcome.fault == nil {
      optimizer.step(
        parameters,
        gradients,
        norm: norm,
        number: cursor.updateCount + 1,
        rate: outcome.learningRate,
        device: decoder.device
      )
      updateBiases(sums.loads, speed: settings.biasSpeed.value(at: share))
      cursor.updateCount += 1
      cursor.meanLoss = cursor.meanLoss.map { $0 + 0.1 * (outcome.loss - $0) } ?? outcome.loss
    }
    cursor.step += 1
    cursor.row += batch.count
    // What fills a row counts too: else a run of so many steps would take more.
    cursor.tokens += batch.count * settings.length.sequenceLength
    return outcome
  }

  /// What the settings say about a fault.
  public func response(to fault: Fault) -> TrainerSettings.Response {
    fault == .spike ? settings.onSpike : settings.onNonFinite
  }

  private func fault(_ outcome: Outcome) -> Fault? {
    guard outcome.loss.isFinite, outcome.gradientNorm.isFinite else { return .notFinite }
    guard settings.spikeFactor > 0, let mean = cursor.meanLoss else { return nil }
    return outcome.loss > settings.spikeFactor * mean ? .spike : nil
  }

  /// Moves each routing bias by γ towards an even load: up for an expert below the mean, down for one
  /// above it (DeepSeek-V3, section 2.1.2; Wang and others, arXiv 2408.15664).
  private func updateBiases(_ loads: [Int: [Int]], speed: Double) {
    guard speed != 0 else { return }
    for (layer, counts) in loads {
      let name = TensorNames.layer(layer) + TensorNames.selectionBias
      guard let bias = parameters.selectionBiases[name] else { continue }
      let total = counts.reduce(0, +)
      let values = zip(bias.floats, counts).map { value, count -> Float in
        let excess = count * counts.count - total
        return excess == 0 ? value : value + Float(excess > 0 ? -speed : speed)
      }
      bias.store(values)
    }
  }
}

extension LossSums {
  /// The balance losses of all layers, in the layers' order.
  var balanceTotal: Double { balance.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } }
}
