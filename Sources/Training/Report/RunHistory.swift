// SPDX-License-Identifier: Apache-2.0

/// What the report keeps of a run's metrics: curves, and the expert loads of the last steps.
///
/// A step adds some 200 bytes, however many layers and experts there are.
public struct RunHistory: Sendable {
  // LIMIT: a single small batch says little of the loads; this many steps are added up.
  static let loadStepCount = 32

  /// The metrics of the last step, nil before the first.
  public private(set) var last: StepMetrics?

  private(set) var loss = Curve()
  private(set) var validationLoss = Curve()
  private(set) var predictionLoss = Curve()
  private(set) var balanceLoss = Curve()
  private(set) var learningRate = Curve()
  private(set) var gradientNorm = Curve()
  private(set) var tokensPerSecond = Curve()
  private(set) var shareOfPeak = Curve()
  private(set) var tokens = Curve()
  private(set) var worstViolation = Curve()
  private(set) var meanViolation = Curve()
  private(set) var worstBiasDrift = Curve()
  private(set) var meanBiasDrift = Curve()
  /// The loads of the last steps, the oldest first.
  private var recentLoads: [(step: Int, loads: [ExpertLoad])] = []

  /// Begins a history.
  public init() {}

  /// Takes the metrics of the next step.
  ///
  /// A step that is not after the last one takes the place of what was there from it on.
  public mutating func append(_ metrics: StepMetrics) {
    if let last, metrics.step <= last.step { rewind(to: metrics.step - 1) }
    let step = metrics.step
    loss.append(metrics.loss, at: step)
    validationLoss.append(metrics.validationLoss, at: step)
    predictionLoss.append(metrics.predictionLoss, at: step)
    balanceLoss.append(metrics.balanceLoss, at: step)
    learningRate.append(metrics.learningRate, at: step)
    gradientNorm.append(metrics.gradientNorm, at: step)
    tokensPerSecond.append(metrics.tokensPerSecond, at: step)
    shareOfPeak.append(metrics.shareOfPeak, at: step)
    tokens.append(Double(metrics.tokens), at: step)
    let violations = metrics.expertLoads.map(\.maxViolation)
    worstViolation.append(violations.max(), at: step)
    meanViolation.append(Self.mean(violations), at: step)
    let drifts = metrics.expertLoads.compactMap(\.biasDrift)
    worstBiasDrift.append(drifts.max(), at: step)
    meanBiasDrift.append(Self.mean(drifts), at: step)
    if !metrics.expertLoads.isEmpty {
      if recentLoads.count == Self.loadStepCount { recentLoads.removeFirst() }
      recentLoads.append((step, metrics.expertLoads))
    }
    last = metrics
  }

  /// Forgets what came after a step, as a run does that goes back to a checkpoint.
  public mutating func rewind(to step: Int) {
    loss.rewind(to: step)
    validationLoss.rewind(to: step)
    predictionLoss.rewind(to: step)
    balanceLoss.rewind(to: step)
    learningRate.rewind(to: step)
    gradientNorm.rewind(to: step)
    tokensPerSecond.rewind(to: step)
    shareOfPeak.rewind(to: step)
    tokens.rewind(to: step)
    worstViolation.rewind(to: step)
    meanViolation.rewind(to: step)
    worstBiasDrift.rewind(to: step)
    meanBiasDrift.rewind(to: step)
    recentLoads.removeAll { $0.step > step }
    last = nil
  }

  /// How many of the last steps the loads are from.
  var recentLoadStepCount: Int { recentLoads.count }

  /// The loads of the last steps together, layer by layer.
  var recentLoad: [ExpertLoad] {
    guard var sums = recentLoads.last?.loads else { return [] }
    for (_, loads) in recentLoads.dropLast() where loads.count == sums.count {
      for (index, load) in loads.enumerated() where load.counts.count == sums[index].counts.count {
        for expert in load.counts.indices { sums[index].counts[expert] += load.counts[expert] }
      }
    }
    return sums
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
