// SPDX-License-Identifier: Apache-2.0

import Compute

/// What serving takes: speed of prompts and answers, cache, price (reference/costs.md, section 3.6).
public struct ServingEstimate: Sendable, Hashable {
  /// A step of decoding on one device.
  public struct Decode: Sendable, Hashable {
    /// Requests that a device has in flight.
    public let batch: Double
    /// Seconds in which weights and caches pass the memory.
    public let memory: Double
    /// Seconds of products.
    public let compute: Double
    /// Seconds in which tokens go to experts and come back, or sums go round.
    public let exchange: Double
    /// What waiting for other nodes leaves of the speed.
    public let cluster: Double

    /// Seconds of a step.
    public var total: Double { (max(memory, compute) + exchange) / cluster }
  }

  /// The question.
  public let scenario: ServingScenario
  /// What a device holds of the model.
  public let memory: ServingMemory
  /// A step of decoding.
  public let decode: Decode
  /// Tokens a second of one device that read prompts which no cache has.
  public let prefillTokensPerSecond: Double

  /// Estimates.
  ///
  /// - Throws: `PlanError` where the device cannot do it, or memory does not hold the model.
  public init(_ scenario: ServingScenario) throws(PlanError) {
    self.scenario = scenario
    memory = ServingMemory(scenario)
    let device = scenario.device
    _ = try device.peak(scenario.precision)
    if scenario.spansNodes, device.networkLink == nil {
      throw PlanError(
        .noNetwork(hardware: device.name, limit: device.nodeDeviceCount),
        place: "--count"
      )
    }
    let room = ServingMemory.usableShare * device.memoryByteCount - memory.weights
    let largest = room / (scenario.meanContext * scenario.model.cacheByteCount())
    // Devices share requests, so that one device may have a part of one.
    guard largest * Double(scenario.deviceCount) >= 1 else {
      throw PlanError(
        .nothingFits(
          deviceCount: scenario.deviceCount,
          needed: PlanNumber.whole(
            memory.weights + scenario.meanContext * scenario.model.cacheByteCount()
              / Double(scenario.deviceCount)
          ),
          available: PlanNumber.whole(ServingMemory.usableShare * device.memoryByteCount)
        ),
        place: "--count"
      )
    }
    decode = try Self.decode(scenario, memory, largest: largest)
    prefillTokensPerSecond = try 1 / Self.prefillSeconds(scenario)
  }

  /// The largest batch that leaves a user the speed that is asked for, or one request.
  private static func decode(
    _ scenario: ServingScenario,
    _ memory: ServingMemory,
    largest: Double
  ) throws(PlanError) -> Decode {
    let least = min(1 / Double(scenario.deviceCount), largest)
    let limit = (1 + scenario.acceptance) / scenario.speed
    var (low, high) = (least, largest)
    if try step(scenario, memory, batch: high).total <= limit {
      return try step(scenario, memory, batch: high)
    }
    // Halving: the step grows with the batch.
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if try step(scenario, memory, batch: middle).total <= limit {
        low = middle
      } else {
        high = middle
      }
    }
    return try step(scenario, memory, batch: low)
  }

  static func step(
    _ scenario: ServingScenario,
    _ memory: ServingMemory,
    batch: Double
  ) throws(PlanError) -> Decode {
    let model = scenario.model
    let device = scenario.device
    let devices = Double(scenario.deviceCount)
    let bytes =
      memory.resident + memory.routed * touchedShare(model, tokens: batch * devices)
      + batch * scenario.meanContext * model.cacheByteCount()
    let shares = scenario.efficiencies
    let seconds = try productSeconds(
      scenario,
      attention: model.decodeOperations(context: scenario.meanContext)
    )
    return Decode(
      batch: batch,
      memory: bytes / device.bandwidth,
      compute: batch * seconds,
      exchange: exchangeSeconds(scenario, batch: batch),
      cluster: scenario.spansNodes ? shares.cluster : 1
    )
  }

  /// The share of experts that some token meets: 1 − (1 − k/N)^tokens.
  private static func touchedShare(_ model: PlannedModel, tokens: Double) -> Double {
    guard let layer = model.groups.first(where: \.layer.isMixture)?.layer else { return 0 }
    let missed = 1 - Double(layer.chosenCount) / Double(layer.expertCount)
    guard missed > 0 else { return 1 }
    return 1 - ElementaryFunctions.pow(missed, tokens)
  }

  /// Seconds of a token's products and of its attention.
  ///
  /// What experts lose concerns products with weights: attention meets none of them, and grows with the
  /// context until it is most of the work. In FP8 head, router and attention stay in BF16.
  private static func productSeconds(
    _ scenario: ServingScenario,
    attention: Double
  ) throws(PlanError) -> Double {
    let model = scenario.model
    let device = scenario.device
    let shares = scenario.efficiencies
    let kernels = shares.kernels(device.kind)
    let mixture = model.hasMixture ? shares.mixture : 1
    let low = try device.peak(scenario.precision)
    let high = try scenario.precision == .fp8 ? device.peak(.bf16) : low
    let exact =
      2 * Double(model.embeddingCount + model.sum(model.groups, \.routerCount))
    let linear = (2 * Double(model.metCount) - exact) / low + exact / high
    return (linear / mixture + attention / high) / kernels
  }

  private static func exchangeSeconds(_ scenario: ServingScenario, batch: Double) -> Double {
    guard scenario.deviceCount > 1 else { return 0 }
    let model = scenario.model
    let width = Double(model.hiddenSize)
    let link =
      scenario.spansNodes
      ? scenario.device.networkLink ?? scenario.device.nodeLink : scenario.device.nodeLink
    guard link > 0 else { return 0 }
    let precision = scenario.precision
    if let layer = model.groups.first(where: \.layer.isMixture)?.layer {
      let layers = model.groups.reduce(0) { $0 + ($1.layer.isMixture ? $1.count : 0) }
      return batch * Double(layer.chosenCount * layers) * width
        * (precision.dispatchByteCount + 2) / link
    }
    // Two sums a layer go round: each device sends and takes nearly twice all tokens' numbers.
    let share = Double(scenario.deviceCount - 1) / Double(scenario.deviceCount)
    let tokens = batch * Double(scenario.deviceCount)
    return 2 * Double(model.layerCount) * 2 * share * tokens * width * 2 / link
  }

  private static func prefillSeconds(_ scenario: ServingScenario) throws(PlanError) -> Double {
    let attention = scenario.model.attentionOperations(
      sequenceLength: scenario.promptLength,
      isCausal: true
    )
    let cluster = scenario.spansNodes ? scenario.efficiencies.cluster : 1
    return try productSeconds(scenario, attention: attention) / cluster
  }

  /// Tokens a second that one user gets.
  public var speed: Double { (1 + scenario.acceptance) / decode.total }

  /// Tokens a second of one device that writes answers.
  public var decodeTokensPerSecond: Double { decode.batch * speed }

  /// Tokens a second of one device that reads prompts, those of which the cache has a share included.
  public var inputTokensPerSecond: Double { prefillTokensPerSecond / (1 - scenario.hitShare) }

  /// Bytes of cache that one user takes in the mean.
  public var cacheByteCountPerUser: Double {
    scenario.meanContext * scenario.model.cacheByteCount()
  }

  /// What limits the answers.
  public var bound: PlanBound {
    if decode.exchange > max(decode.memory, decode.compute) { return .network }
    return decode.memory >= decode.compute ? .memory : .compute
  }

  /// US dollars an hour of a device, nil where none is known.
  public var dollarsPerHour: Double? {
    scenario.dollarsPerHour ?? scenario.device.price?.dollarsPerHour
  }

  /// What a million tokens cost at these speeds, without any idle time; nil without a price.
  public func dollarsPerMillion(_ tokensPerSecond: Double) -> Double? {
    dollarsPerHour.map { $0 / 3600 / tokensPerSecond * 1e6 }
  }

  /// Revenue over cost, less 1, for prompts and answers of the question's lengths at list prices; nil
  /// where a price is not known.
  public var margin: Double? {
    guard let list = scenario.listPrice,
      let input = dollarsPerMillion(inputTokensPerSecond),
      let output = dollarsPerMillion(decodeTokensPerSecond)
    else { return nil }
    let revenue =
      scenario.promptLength * list.input(hitShare: scenario.hitShare)
      + scenario.answerLength * list.output
    let cost = scenario.promptLength * input + scenario.answerLength * output
    return revenue / cost - 1
  }
}

extension PlannedModel {
  /// Operations of attention for one token of decoding over some cached positions.
  ///
  /// Latent attention is absorbed: scores over rank and rotary part, sums over the rank, and the two
  /// projections that take the place of decompression are among the weights already.
  func decodeOperations(context: Double) -> Double {
    groups.reduce(0) { total, group in
      let layer = group.layer
      let keys = min(context, layer.keyLimit.map(Double.init) ?? .infinity)
      let scored =
        layer.latent.map { $0.headCount * (2 * $0.rank + $0.rotary) } ?? layer.scoredElementCount
      let operations = Double(scored) * keys + Double(layer.indexedElementCount) * context
      return total + 2 * Double(group.count) * operations
    }
  }
}
