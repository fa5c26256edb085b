// SPDX-License-Identifier: Apache-2.0

/// What a plan's outcome would be if an assumption were another, one at a time.
public struct Sensitivity: Sendable {
  /// An assumption between its bounds, and the outcome at these.
  public struct Swing: Sendable, Hashable {
    /// What is assumed.
    public let what: String
    /// The outcome at the assumption's worse bound.
    public let worst: Double
    /// The outcome at its better bound.
    public let best: Double
    /// The bounds, and who says so.
    public let source: String

    /// How far both lie apart.
    public var width: Double { worst - best }
  }

  // LIMIT: as many as the question asks for (issue 15).
  private static let topCount = 3

  // The median error of published training times, each predicted from the others (PlanCheck.md).
  private static let shareSpan = 0.1

  private let estimate: TrainingEstimate

  /// Looks at an estimate.
  public init(_ estimate: TrainingEstimate) { self.estimate = estimate }

  /// The swings, widest first.
  public var swings: [Swing] {
    (shareSwings + otherSwings).sorted { $0.width > $1.width }
  }

  /// Ranges, the assumptions that matter most, and what-ifs.
  public var comparison: Comparison {
    let unit = unit
    var rows = [
      Comparison.Row(
        unit.what,
        outcome(estimate),
        unit.name,
        source: "the plan as it stands: \(estimate.layout.text)"
      )
    ]
    for (index, swing) in swings.enumerated() {
      rows.append(
        Comparison.Row(
          (index < Self.topCount ? "\(index + 1). " : "") + swing.what,
          outcome(estimate),
          unit.name,
          low: swing.best,
          high: swing.worst,
          source: swing.source
        )
      )
    }
    for whatIf in whatIfs {
      guard let other = whatIf.estimate else { continue }
      rows.append(
        Comparison.Row("what if " + whatIf.what, outcome(other), unit.name, source: whatIf.source)
      )
    }
    return Comparison(
      name: "sensitivity",
      title: "\(estimate.scenario.model.name) on \(estimate.scenario.deviceCount) × "
        + "\(estimate.scenario.device.name): which assumptions matter most",
      rows: rows,
      notes: ["The first three are those that move the outcome most; each is moved alone."]
    )
  }

  /// What is looked at: money where it is known, else hours, else a step.
  private var unit: (name: String, what: String) {
    if estimate.dollars != nil { return ("USD", "money for the run") }
    return estimate.deviceHours == nil
      ? ("s", "seconds of a million tokens")
      : ("h", "device hours of the run")
  }

  private func outcome(_ estimate: TrainingEstimate) -> Double {
    estimate.dollars?.value ?? estimate.deviceHours
      ?? estimate.step.total / estimate.scenario.tokensPerStep * 1e6
  }

  /// The plan with another scenario on the same layout; nil where that is impossible.
  private func changed(_ change: (inout TrainingScenario) -> Void) -> TrainingEstimate? {
    var scenario = estimate.scenario
    change(&scenario)
    return try? TrainingEstimate(scenario, layout: estimate.layout)
  }

  /// The plan with another scenario on its own best layout; nil where none fits.
  private func replanned(_ change: (inout TrainingScenario) -> Void) -> TrainingEstimate? {
    var scenario = estimate.scenario
    change(&scenario)
    return (try? LayoutSearch(scenario))?.best()
  }

  private func swing(
    _ what: String,
    _ source: String,
    worse: (inout TrainingScenario) -> Void,
    better: (inout TrainingScenario) -> Void
  ) -> Swing? {
    guard let worst = changed(worse), let best = changed(better) else { return nil }
    return Swing(what: what, worst: outcome(worst), best: outcome(best), source: source)
  }

  private var shareSwings: [Swing] {
    let scenario = estimate.scenario
    guard scenario.device.kind != .processor else { return [] }
    return Efficiencies.names.indices.compactMap { index in
      switch index {
      case 0 where scenario.device.kind != .withFP8: return nil
      case 1 where scenario.device.kind != .beforeFP8: return nil
      case 2 where !scenario.spansNodes: return nil
      case 3 where !scenario.model.hasMixture: return nil
      default: break
      }
      let value = scenario.efficiencies.list[index]
      let span = (low: value * (1 - Self.shareSpan), high: min(value * (1 + Self.shareSpan), 1))
      return swing(
        Efficiencies.names[index].what,
        "\(PlanNumber.digits(span.low)) to \(PlanNumber.digits(span.high)): a tenth either way, as "
          + "half of the published runs are off",
        worse: { $0.efficiencies.list[index] = span.low },
        better: { $0.efficiencies.list[index] = span.high }
      )
    }
  }

  private var otherSwings: [Swing] {
    let scenario = estimate.scenario
    var swings = [
      swing(
        "what restarts leave of the time",
        "\(Efficiencies.goodput) (Llama 3.1 405B, arXiv 2407.21783) to 1",
        worse: { $0.goodput = Efficiencies.goodput },
        better: { $0.goodput = 1 }
      )
    ]
    if let price = estimate.dollarsPerHour, estimate.dollars != nil {
      let known = scenario.device.prices.map(\.dollarsPerHour)
      let low = min(known.min() ?? price, price * 0.75)
      let high = max(known.max() ?? price, price * 1.25)
      swings.append(
        swing(
          "price of a device hour",
          "\(PlanNumber.dollars(low)) to \(PlanNumber.dollars(high)): the table's prices, and a "
            + "quarter up and down",
          worse: { $0.dollarsPerHour = high },
          better: { $0.dollarsPerHour = low }
        )
      )
    }
    if let tokens = scenario.tokenCount {
      swings.append(
        swing(
          "tokens",
          "a tenth more or less",
          worse: { $0.tokenCount = tokens * 1.1 },
          better: { $0.tokenCount = tokens * 0.9 }
        )
      )
    }
    return swings.compactMap { $0 }
  }

  private struct WhatIf {
    let what: String
    let estimate: TrainingEstimate?
    let source: String
  }

  private var whatIfs: [WhatIf] {
    let scenario = estimate.scenario
    guard scenario.device.kind != .processor else { return [] }
    func planned(_ estimate: TrainingEstimate?) -> String {
      estimate.map { "planned anew: \($0.layout.text)" } ?? ""
    }
    let doubled = replanned { scenario in
      scenario.deviceCount *= 2
      scenario.batchRowCount *= 2
    }
    var whatIfs = [
      WhatIf(
        what: "twice the devices",
        estimate: doubled,
        source: planned(doubled) + ", twice the batch"
      )
    ]
    if scenario.precision == .fp8 {
      let wide = replanned { $0.precision = .bf16 }
      whatIfs.append(WhatIf(what: "BF16 throughout", estimate: wide, source: planned(wide)))
    } else if scenario.device.peaks[.fp8] != nil {
      let narrow = replanned { $0.precision = .fp8 }
      whatIfs.append(WhatIf(what: "FP8 products", estimate: narrow, source: planned(narrow)))
    }
    if scenario.trainsPrediction {
      let plain = replanned { $0.trainsPrediction = false }
      whatIfs.append(
        WhatIf(what: "no multi-token prediction", estimate: plain, source: planned(plain))
      )
    }
    let long = replanned { scenario in
      scenario.sequenceLength *= 8
      scenario.batchRowCount = max(scenario.batchRowCount / 8, 1)
    }
    whatIfs.append(
      WhatIf(what: "sequences eight times as long", estimate: long, source: planned(long))
    )
    return whatIfs
  }
}
