// SPDX-License-Identifier: Apache-2.0

import Compute

/// Tries the layouts of a scenario.
///
/// All numbers are powers of two: up to a node's devices for tensor parallelism, 64 for stages, 32 for
/// sequences. Over 2,048 devices DeepSeek-V3 has some two thousand layouts that keep the rules.
public struct LayoutSearch: Sendable {
  private let scenario: TrainingScenario
  private let figures: TrainingFigures

  /// Prepares a search.
  ///
  /// - Throws: `PlanError` where the device cannot do it at all.
  public init(_ scenario: TrainingScenario) throws(PlanError) {
    try scenario.check()
    self.scenario = scenario
    figures = try TrainingFigures(scenario)
  }

  /// The layouts that fit into memory, fastest first; of equal ones that which sends and holds less.
  ///
  /// - Parameter limit: How many are wanted.
  /// - Complexity: O(layouts tried).
  /// - Returns: The layouts with what they come to.
  public func ranked(limit: Int) -> [TrainingEstimate] {
    var found: [TrainingEstimate] = []
    for layout in layouts() {
      let estimate = TrainingEstimate(scenario, figures, layout)
      if estimate.fits { found.append(estimate) }
    }
    found.sort(by: Self.isBetter)
    return Array(found.prefix(limit))
  }

  /// The fastest layout that fits into memory, nil where none does.
  public func best() -> TrainingEstimate? {
    var best: TrainingEstimate?
    for layout in layouts() {
      let estimate = TrainingEstimate(scenario, figures, layout)
      guard estimate.fits else { continue }
      if let leader = best, !Self.isBetter(estimate, leader) { continue }
      best = estimate
    }
    return best
  }

  /// Whether all devices together have room for weights, gradients and state, divided evenly: what no
  /// layout can do without, asked before any is tried.
  var canHoldState: Bool {
    let precision = scenario.precision
    let perParameter =
      precision.weightByteCount + precision.gradientByteCount + precision.optimizerByteCount
    return perParameter * figures.parameterCount / Double(scenario.deviceCount)
      <= scenario.device.memoryByteCount
  }

  /// The layout that needs least memory, whether it fits or not; nil where rules leave none.
  public func smallest() -> TrainingEstimate? {
    layouts().map { TrainingEstimate(scenario, figures, $0) }
      .min { $0.memory.total < $1.memory.total }
  }

  /// The possible layout that is nearest to another: first among those that fit.
  ///
  /// - Returns: Nil where rules leave none.
  public func nearest(to wanted: ParallelLayout) -> ParallelLayout? {
    layouts().map { TrainingEstimate(scenario, figures, $0) }
      .min { left, right in
        if left.fits != right.fits { return left.fits }
        let (near, far) = (left.layout.distance(to: wanted), right.layout.distance(to: wanted))
        return near == far ? Self.isBetter(left, right) : near < far
      }?.layout
  }

  /// Faster by a thousandth, else sending less by one, else holding less.
  private static func isBetter(_ left: TrainingEstimate, _ right: TrainingEstimate) -> Bool {
    let (first, second) = (thousandths(left.step.total), thousandths(right.step.total))
    if first != second { return first < second }
    let sent = thousandths(left.communication.longestSeconds)
    let other = thousandths(right.communication.longestSeconds)
    return sent == other ? left.memory.total < right.memory.total : sent < other
  }

  // Steps on a logarithmic scale: the model is not more exact, and "about equal" must be transitive.
  private static func thousandths(_ value: Double) -> Double {
    value > 0 ? (ElementaryFunctions.log(value) * 1000).rounded() : -.infinity
  }

  /// All layouts that keep the rules.
  private func layouts() -> [ParallelLayout] {
    // A processor's own trainer runs passes of some 1,024 tokens, and one after the other.
    if scenario.device.kind == .processor { return [processorLayout] }
    var layouts: [ParallelLayout] = []
    for tensor in Self.powers(scenario.device.nodeDeviceCount) {
      for pipeline in Self.powers(min(64, scenario.model.layerCount)) {
        for context in Self.powers(contextLimit) {
          let replica = tensor * pipeline * context
          guard replica <= scenario.deviceCount, scenario.deviceCount % replica == 0 else {
            continue
          }
          addVariants(tensor, pipeline, context, to: &layouts)
        }
      }
    }
    return layouts
  }

  private var processorLayout: ParallelLayout {
    let rows = max(1, min(scenario.batchRowCount, 1024 / scenario.sequenceLength))
    let divisor = (1...rows).last { scenario.batchRowCount % $0 == 0 } ?? 1
    return ParallelLayout(zero: 0, microRows: divisor)
  }

  /// Sequences are divided only where they are long.
  private var contextLimit: Int { max(1, min(32, scenario.sequenceLength / 4096)) }

  private func addVariants(
    _ tensor: Int,
    _ pipeline: Int,
    _ context: Int,
    to layouts: inout [ParallelLayout]
  ) {
    for expert in experts(pipeline) {
      for (schedule, chunks) in schedules(pipeline) {
        for zero in pipeline > 1 ? [1] : [0, 1, 2, 3] {
          for recomputes in [false, true] {
            let layout = ParallelLayout(
              tensor: tensor,
              pipeline: pipeline,
              context: context,
              expert: expert,
              zero: zero,
              schedule: schedule,
              chunks: chunks,
              recomputes: recomputes
            )
            if isPossible(layout) { layouts.append(layout) }
          }
        }
      }
    }
  }

  private func experts(_ pipeline: Int) -> [Int] {
    guard scenario.model.hasMixture else { return [1] }
    let count = scenario.model.groups.map(\.layer.expertCount).max() ?? 1
    return Self.powers(min(count, scenario.deviceCount / pipeline))
  }

  private func schedules(_ pipeline: Int) -> [(PipelineSchedule, Int)] {
    guard pipeline > 1 else { return [(.oneForwardOneBackward, 1)] }
    var schedules: [(PipelineSchedule, Int)] = [
      (.oneForwardOneBackward, 1), (.zeroBubble, 1), (.dualPipe, 1),
    ]
    for chunks in [2, 4, 8] where pipeline * chunks <= scenario.model.layerCount + 2 {
      schedules.append((.oneForwardOneBackward, chunks))
    }
    return schedules
  }

  private func isPossible(_ layout: ParallelLayout) -> Bool {
    LayoutRule.broken(
      by: layout,
      model: scenario.model,
      sequenceLength: scenario.sequenceLength,
      batchRowCount: scenario.batchRowCount,
      deviceCount: scenario.deviceCount
    ) == nil
  }

  private static func powers(_ limit: Int) -> [Int] {
    var powers = [1]
    while let last = powers.last, 2 * last <= limit { powers.append(2 * last) }
    return powers
  }
}

extension ParallelLayout {
  /// How far two layouts are from each other: doublings between their numbers, and other choices.
  func distance(to other: ParallelLayout) -> Double {
    func doublings(_ left: Int, _ right: Int) -> Double {
      var (small, large) = (Double(min(left, right)), Double(max(left, right)))
      var count = 0.0
      while large >= 2 * small {
        small *= 2
        count += 1
      }
      large -= small
      return count + large / small
    }
    var distance = doublings(tensor, other.tensor) + doublings(pipeline, other.pipeline)
    distance += doublings(context, other.context) + doublings(expert, other.expert)
    distance += doublings(chunks, other.chunks) / 2
    distance += Double(abs(zero - other.zero)) / 4
    distance += schedule == other.schedule ? 0 : 0.25
    distance += recomputes == other.recomputes ? 0 : 0.25
    return distance
  }
}
