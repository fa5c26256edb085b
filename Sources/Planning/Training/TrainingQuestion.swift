// SPDX-License-Identifier: Apache-2.0

/// What somebody asks of training: as much of it as they say, the rest chosen for them.
///
/// The command and the page ask the same question, and so get the same figures.
public struct TrainingQuestion: Sendable {
  /// The model.
  public var model: PlannedModel
  /// The device.
  public var device: Accelerator
  /// What products take.
  public var precision: PlanPrecision
  /// Positions of a sequence.
  public var sequenceLength = 4096
  /// Sequences of a step; nil for `TrainingScenario.standardRowsPerDevice` for each device.
  public var batchRowCount: Int?
  /// Tokens of the run; nil where only a step is asked for.
  public var tokenCount: Double?
  /// How many devices; nil for the smallest power of two that holds the model.
  public var deviceCount: Int?
  /// The layout as text; nil for the fastest that fits.
  public var layout: String?
  /// US dollars an hour of a device; nil for the table's price.
  public var dollarsPerHour: Double?
  /// What is left of the run's time after restarts.
  public var goodput = 1.0

  /// Asks of a model on a device; what is not set is chosen.
  public init(model: PlannedModel, device: Accelerator, precision: PlanPrecision) {
    self.model = model
    self.device = device
    self.precision = precision
  }

  // LIMIT: some hundred times what was ever trained with; the last, ten times the largest cluster that
  // was announced.
  private static let longest = 1 << 24
  private static let largestCluster = 1 << 20

  /// The question with all that was chosen.
  ///
  /// - Throws: `PlanError` where a number is absurd, or the device cannot do it at all.
  /// - Returns: The scenario.
  public func scenario() throws(PlanError) -> TrainingScenario {
    try check()
    guard let deviceCount else { return try DeviceCount.smallest(upTo: device, scenario) }
    return scenario(deviceCount)
  }

  /// What it comes to: with the layout that is asked for, else the fastest that fits, else the one that
  /// is nearest to fitting.
  ///
  /// - Throws: `PlanError` where a number is absurd, or a layout is impossible.
  /// - Returns: The estimate.
  public func estimate() throws(PlanError) -> TrainingEstimate {
    let scenario = try scenario()
    guard let layout else {
      let search = try LayoutSearch(scenario)
      if let best = search.best() ?? search.smallest() { return best }
      // No layout keeps the rules: let the plainest say which it breaks.
      return try TrainingEstimate(scenario, layout: ParallelLayout())
    }
    let parsed = try ParallelLayout.parse(layout)
    if let data = parsed.data, data != parsed.layout.data(scenario.deviceCount) {
      let rule =
        "data=\(data) replicas of \(parsed.layout.replicaDeviceCount) devices are not "
        + "\(scenario.deviceCount) devices"
      throw PlanError(
        .impossibleLayout(rule: rule, nearest: parsed.layout.text),
        place: "--layout"
      )
    }
    return try TrainingEstimate(scenario, layout: parsed.layout)
  }

  private func scenario(_ count: Int) -> TrainingScenario {
    var scenario = TrainingScenario(
      model: model,
      sequenceLength: sequenceLength,
      batchRowCount: batchRowCount,
      tokenCount: tokenCount,
      device: device,
      deviceCount: count,
      precision: precision,
      dollarsPerHour: dollarsPerHour
    )
    scenario.goodput = goodput
    return scenario
  }

  private func check() throws(PlanError) {
    try Self.check(sequenceLength, 1...Self.longest, "--sequence")
    if let batchRowCount { try Self.check(batchRowCount, 1...Self.longest, "--batch") }
    if let deviceCount { try Self.check(deviceCount, 1...Self.largestCluster, "--count") }
    if let dollarsPerHour { try Self.check(dollarsPerHour, 0...1e6, "--price") }
    guard goodput > 0, goodput <= 1 else {
      throw PlanError(
        .badValue(found: "\(goodput)", expected: "above 0 and at most 1"),
        place: "--goodput"
      )
    }
  }

  private static func check<Number: Comparable>(
    _ value: Number,
    _ range: ClosedRange<Number>,
    _ option: String
  ) throws(PlanError) {
    guard range.contains(value) else {
      throw PlanError(
        .badValue(found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)"),
        place: option
      )
    }
  }
}
