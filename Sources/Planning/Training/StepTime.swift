// SPDX-License-Identifier: Apache-2.0

public import JSON

/// What limits a step, or an answer.
public enum PlanBound: String, Sendable, Hashable {
  /// Products.
  case compute
  /// Bytes from and to the device's memory.
  case memory
  /// Bytes between devices, and waiting for each other.
  case network
  /// Stages of a pipeline that have nothing to do.
  case bubble
}

/// The seconds of a training step and what they go to (reference/costs.md, section 3.5).
///
///     T = (max(S, communication) + bubble + optimizer) / cluster
///     S = (products / kernels + activations / bandwidth) / mixture
///
/// All communication is taken as hidden behind products; what the longest link takes beyond them is
/// added, and what stays visible otherwise is in the cluster's share, which is fitted.
public struct StepTime: Sendable, Hashable {
  /// Seconds of products, at the share of the peak that kernels reach, experts' loss included.
  public let products: Double
  /// Seconds in which activations and logits pass the memory, experts' loss included; of Hadal's own
  /// trainer those of all that is no product.
  public let traffic: Double
  /// Seconds of communication beyond what hides behind both.
  public let exposed: Double
  /// Seconds of the pipeline's bubble.
  public let bubble: Double
  /// Seconds of the optimizer, which waits for memory; of Hadal's own trainer with the gradients' sums.
  public let optimizer: Double
  /// Seconds that many nodes lose by waiting for each other.
  public let waiting: Double

  /// All of it.
  public var total: Double { products + traffic + exposed + bubble + optimizer + waiting }

  /// Where the largest part goes.
  public var bound: PlanBound {
    let parts: [(PlanBound, Double)] = [
      (.compute, products), (.memory, traffic + optimizer), (.network, exposed + waiting),
      (.bubble, bubble),
    ]
    return parts.max { $0.1 < $1.1 }?.0 ?? .compute
  }

  /// Seconds of products at the peak, before any share: what the fit divides by shares.
  let peakProducts: Double

  init(
    _ scenario: TrainingScenario,
    _ figures: TrainingFigures,
    _ layout: ParallelLayout,
    _ memory: DeviceMemory,
    _ communication: StepCommunication
  ) {
    let tokens = scenario.tokensPerStep / Double(scenario.deviceCount)
    let device = scenario.device
    let shares = scenario.efficiencies
    let mixture = scenario.model.hasMixture ? shares.mixture : 1
    // A forward pass and a backward pass of twice its work; with recomputation a second forward.
    let backward: Double = layout.recomputes ? 3 : 2
    peakProducts = tokens * figures.peakSeconds * (1 + backward) / 3
    products = peakProducts / shares.kernels(device.kind) / mixture
    let bytes =
      Efficiencies.activationPasses * figures.keptByteCount
      + Efficiencies.logitByteCount * Double(scenario.model.vocabularySize)
    traffic = tokens * bytes / device.bandwidth / mixture
    exposed = max(communication.longestSeconds - products - traffic, 0)
    let microBatchCount = layout.microBatchCount(
      deviceCount: scenario.deviceCount,
      batchRowCount: scenario.batchRowCount
    )
    let forwardSeconds = (products + traffic) / Double(microBatchCount) / (1 + backward)
    bubble =
      layout.pipeline > 1
      ? forwardSeconds
        * layout.schedule.bubble(
          pipeline: layout.pipeline,
          chunks: layout.chunks,
          backward: backward
        ) : 0
    // Gradient and state are read, state and weights written.
    let stateByteCount =
      2 * memory.optimizer + memory.gradients
      + memory.optimizer / scenario.precision.optimizerByteCount
      * scenario.precision.weightByteCount
    optimizer = stateByteCount / device.bandwidth
    let cluster = scenario.spansNodes ? shares.cluster : 1
    waiting =
      (products + traffic + exposed + bubble + optimizer) * (1 / cluster - 1)
  }

  /// A step of Hadal's own trainer on one processor.
  init(_ scenario: TrainingScenario, rate: OwnTrainerRate) {
    let device = scenario.device
    let peak = device.peaks[scenario.precision] ?? device.commonPeak.value
    let perToken = rate.secondsPerToken(
      scenario.model,
      sequenceLength: Double(scenario.sequenceLength),
      trainsPrediction: scenario.trainsPrediction,
      peak: peak,
      threadCount: device.threadCount
    )
    peakProducts = scenario.tokensPerStep * scenario.trainedCount.total / peak
    products = scenario.tokensPerStep * perToken.products
    traffic = scenario.tokensPerStep * perToken.elements
    (exposed, bubble, waiting) = (0, 0, 0)
    optimizer = rate.secondsPerStep(
      parameterCount: scenario.model.trainedParameterCount(
        withPrediction: scenario.trainsPrediction
      ),
      threadCount: device.threadCount
    )
  }

  /// The parts as one JSON object.
  public var json: JSONText {
    .object([
      ("products", .double(products)), ("activations", .double(traffic)),
      ("exposed", .double(exposed)), ("bubble", .double(bubble)),
      ("optimizer", .double(optimizer)), ("waiting", .double(waiting)),
      ("total", .double(total)),
    ])
  }
}
