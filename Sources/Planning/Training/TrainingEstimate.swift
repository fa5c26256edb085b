// SPDX-License-Identifier: Apache-2.0

/// What training takes on a layout: memory, communication, time, energy and money.
public struct TrainingEstimate: Sendable, Hashable {
  /// The question.
  public let scenario: TrainingScenario
  /// The layout.
  public let layout: ParallelLayout
  /// What the fullest device holds.
  public let memory: DeviceMemory
  /// What a device sends in a step.
  public let communication: StepCommunication
  /// What a step takes.
  public let step: StepTime

  /// Estimates a layout that keeps all rules.
  ///
  /// - Throws: `PlanError` where the device cannot do it, or the layout breaks a rule.
  public init(_ scenario: TrainingScenario, layout: ParallelLayout) throws(PlanError) {
    try scenario.check()
    let rule = LayoutRule.broken(
      by: layout,
      model: scenario.model,
      sequenceLength: scenario.sequenceLength,
      batchRowCount: scenario.batchRowCount,
      deviceCount: scenario.deviceCount
    )
    if let rule {
      let nearest = try LayoutSearch(scenario).nearest(to: layout)
      throw PlanError(.impossibleLayout(rule: rule, nearest: nearest?.text), place: "--layout")
    }
    self.init(scenario, try TrainingFigures(scenario), layout)
  }

  /// Estimates a layout that is known to keep the rules.
  init(_ scenario: TrainingScenario, _ figures: TrainingFigures, _ layout: ParallelLayout) {
    self.scenario = scenario
    self.layout = layout
    memory = DeviceMemory(scenario, figures, layout)
    communication = StepCommunication(scenario, figures, layout, memory)
    step =
      scenario.device.kind == .processor
      ? StepTime(scenario, rate: .calibrated)
      : StepTime(scenario, figures, layout, memory, communication)
  }

  /// Whether the fullest device's memory holds it.
  public var fits: Bool { memory.total <= scenario.device.memoryByteCount }

  /// Tokens a second of all devices.
  public var tokensPerSecond: Double { scenario.tokensPerStep / step.total }

  /// Tokens a second of one device.
  public var tokensPerSecondAndDevice: Double { tokensPerSecond / Double(scenario.deviceCount) }

  /// Operations a second of one device that count as the model's: causal, without prediction.
  public var operationsPerSecond: Double {
    scenario.causalCount.total * tokensPerSecondAndDevice
  }

  /// The share of the device's usual peak that these are.
  public var shareOfPeak: Double { operationsPerSecond / scenario.device.commonPeak.value }

  /// Operations of a trained token that run, prediction and what is computed twice included.
  public var hardwareOperations: Double {
    scenario.trainedCount.total * (layout.recomputes ? 4.0 / 3 : 1)
  }

  /// Steps of the run, nil without a number of tokens.
  public var stepCount: Double? {
    scenario.tokenCount.map { ($0 / scenario.tokensPerStep).rounded(.up) }
  }

  /// Seconds of the run, nil without a number of tokens.
  public var seconds: Double? {
    scenario.tokenCount.map { $0 / tokensPerSecond / scenario.goodput }
  }

  /// Hours of one device that the run takes, nil without a number of tokens.
  public var deviceHours: Double? {
    seconds.map { $0 * Double(scenario.deviceCount) / 3600 }
  }

  /// Energy in kWh with every device at its full watts; nil where one of both is not known.
  ///
  /// A ceiling of what devices take, without hosts, network and cooling; published energies are mostly
  /// reckoned so (BLOOM's is 400 W an hour of A100 exactly).
  public var kilowattHours: Double? {
    guard let deviceHours, let watts = scenario.device.watts else { return nil }
    return deviceHours * watts / 1000
  }

  /// US dollars an hour of a device, nil where none is known.
  public var dollarsPerHour: Double? {
    scenario.dollarsPerHour ?? scenario.device.price?.dollarsPerHour
  }

  /// What published runs leave open of a time: the factors below and above a predicted one.
  ///
  /// Of the training runs in `hadal plan --check`, predicted from the others, most lie in this span; of
  /// Hadal's own trainer on a measured machine a tenth is asked for.
  public var timeSpan: (low: Double, high: Double) {
    scenario.device.kind == .processor ? (0.9, 1.1) : (0.8, 1.25)
  }

  /// US dollars of the run with their span, nil where time or price is not known.
  public var dollars: PlanRange? {
    guard let deviceHours, let dollarsPerHour else { return nil }
    let known = scenario.device.prices.map(\.dollarsPerHour)
    let prices = scenario.dollarsPerHour.map { [$0] } ?? known
    return PlanRange(
      low: deviceHours * timeSpan.low * (prices.min() ?? dollarsPerHour),
      value: deviceHours * dollarsPerHour,
      high: deviceHours * timeSpan.high * (prices.max() ?? dollarsPerHour)
    )
  }
}
