// SPDX-License-Identifier: Apache-2.0

/// What the planner makes of the published runs: their times, and figures that follow from these.
struct RunPredictions {
  /// The records, settled.
  let rows: [EfficiencyFit.Row]
  /// The shares without each group.
  let leftOut: [String: Efficiencies]

  /// A row for each record's time.
  ///
  /// Predicted with the shares that every plan uses, and again with those of other runs alone.
  var timeRows: [CheckRow] {
    rows.map { row in
      CheckRow(
        row.record.name,
        row.record.unit.rawValue,
        published: row.record.published,
        predicted: row.predicted(.fitted),
        leftOut: row.predicted(shares(without: row.record.group)),
        .share(TrainingRecord.tolerance),
        reason: row.record.reason,
        source: row.record.source,
        isFitted: true
      )
    }
  }

  private func shares(without group: String) -> Efficiencies { leftOut[group] ?? .fitted }

  private func hours(_ name: String, _ shares: Efficiencies) -> Double {
    rows.first { $0.record.name == name }?.deviceHours(shares) ?? .nan
  }

  /// What follows from the times: totals, money, energy, step times, rates.
  func furtherRows(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    try totalsOfV3 + moneyAndEnergy + stepOfV3 + ratesOf405B(catalog) + sumsOfR1
  }

  private var totalsOfV3: [CheckRow] {
    let source = "V3 report, table 1 and section 1, Dec 2024"
    let tolerance = CheckRow.Tolerance.share(TrainingRecord.tolerance)
    let without = shares(without: "DeepSeek-V3")
    func preTraining(_ shares: Efficiencies) -> Double {
      hours("DeepSeek-V3 pre-training", shares)
    }
    // Post-training is not planned: its 5,000 hours are taken as they were published.
    func total(_ shares: Efficiencies) -> Double {
      preTraining(shares) + hours("DeepSeek-V3 context extension", shares) + 5000
    }
    return [
      CheckRow(
        "DeepSeek-V3, a trillion tokens",
        "hours",
        published: 180_000,
        predicted: preTraining(.fitted) / 14.8,
        leftOut: preTraining(without) / 14.8,
        tolerance,
        source: source
      ),
      CheckRow(
        "DeepSeek-V3, a trillion tokens on 2,048 devices",
        "days",
        published: 3.7,
        predicted: preTraining(.fitted) / 14.8 / 2048 / 24,
        leftOut: preTraining(without) / 14.8 / 2048 / 24,
        tolerance,
        source: source
      ),
      CheckRow(
        "DeepSeek-V3 total, with 5,000 hours of post-training as published",
        "hours",
        published: 2_788_000,
        predicted: total(.fitted),
        leftOut: total(without),
        tolerance,
        source: source
      ),
      CheckRow(
        "DeepSeek-V3 total",
        "usd",
        published: 5_576_000,
        predicted: total(.fitted) * 2,
        leftOut: total(without) * 2,
        tolerance,
        source: source + ", at $2 an hour"
      ),
    ]
  }

  private var moneyAndEnergy: [CheckRow] {
    func row(
      _ name: String,
      _ run: String,
      _ figure: String,
      published: Double,
      perHour: Double,
      _ source: String
    ) -> CheckRow {
      CheckRow(
        name,
        figure,
        published: published,
        predicted: hours(run, .fitted) * perHour,
        leftOut: hours(run, shares(without: run)) * perHour,
        .share(TrainingRecord.tolerance),
        source: source
      )
    }
    return [
      row(
        "llm.c GPT-2 124M",
        "llm.c GPT-2 124M",
        "usd",
        published: 20,
        perHour: 1.75,
        "karpathy/llm.c, 2024: about $20 at $14 for eight; 94.3 min of it are $22"
      ),
      row(
        "llm.c GPT-2 1558M",
        "llm.c GPT-2 1558M",
        "usd",
        published: 672,
        perHour: 3.5,
        "karpathy/llm.c, 2024, at $28 for eight"
      ),
      row(
        "nanochat d24, first record",
        "nanochat d24, first record",
        "usd",
        published: 73,
        perHour: 3,
        "karpathy/nanochat, Jan 2026, at $24 for eight"
      ),
      row(
        "BLOOM 176B",
        "BLOOM 176B",
        "kwh",
        published: 433_196,
        perHour: 0.4,
        "arXiv 2211.02001, Nov 2022: 400 W an hour of A100"
      ),
    ]
  }

  private var stepOfV3: [CheckRow] {
    func seconds(_ shares: Efficiencies) -> Double {
      rows.first { $0.record.name == "DeepSeek-V3 pre-training" }?
        .estimates(shares).first?.step.total ?? .nan
    }
    return [
      CheckRow(
        "DeepSeek-V3, a step of 15,360 sequences on 2,048 devices",
        "seconds",
        published: 19.926,
        predicted: seconds(.fitted),
        leftOut: seconds(shares(without: "DeepSeek-V3")),
        .share(TrainingRecord.tolerance),
        source: "Insights into DeepSeek-V3, table 4, May 2025"
      )
    ]
  }

  /// Rates of single steps, which the shares are not fitted on.
  private func ratesOf405B(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    let model = try catalog.model("llama-3.1-405b")
    var found: [CheckRow] = []
    for (devices, context, rate) in [(8192, 1, 430.0), (16_384, 1, 400), (16_384, 16, 380)] {
      let sequence = context == 1 ? 8192 : 131_072
      let scenario = TrainingScenario(
        model: model,
        sequenceLength: sequence,
        batchRowCount: 16_777_216 / sequence,
        device: HardwareTable.h100,
        deviceCount: devices,
        precision: .bf16
      )
      let figures = try TrainingFigures(scenario)
      func teraOperations(_ shares: Efficiencies) -> Double {
        var scenario = scenario
        scenario.efficiencies = shares
        return TrainingEstimate(scenario, figures, TrainingRecords.layoutOf405B(context: context))
          .operationsPerSecond / 1e12
      }
      found.append(
        CheckRow(
          "Llama 3.1 405B, steps of \(sequence) on \(devices) devices",
          "tflops_per_device",
          published: rate,
          predicted: teraOperations(.fitted),
          leftOut: teraOperations(shares(without: "Llama 3.1 405B")),
          .share(TrainingRecord.tolerance),
          reason: "the cluster's share comes from runs whose layout nobody published, bubbles "
            + "included; this one's bubble is counted besides",
          source: "arXiv 2407.21783, table 4, Jul 2024; interleaving assumed, see section 3.3.2"
        )
      )
    }
    return found
  }

  /// R1's hours are sums of what was published; the planner has no model of its rollouts' lengths.
  private var sumsOfR1: [CheckRow] {
    let source = "R1 paper v2, appendix B.4.4, Sep 2025"
    func row(_ name: String, _ figure: String, _ published: Double, _ predicted: Double) -> CheckRow
    {
      CheckRow(
        name,
        figure,
        published: published,
        predicted: predicted,
        .share(0.005),
        reason: nil,
        source: source + "; arithmetic of published numbers"
      )
    }
    return [
      row("DeepSeek-R1-Zero, 512 devices × 198 h", "hours", 101_000, 512 * 198),
      row("DeepSeek-R1, 512 devices × 80 h", "hours", 41_000, 512 * 80),
      row("DeepSeek-R1 total, at $2 an hour", "usd", 294_000, (101_000 + 5000 + 41_000) * 2),
    ]
  }
}
