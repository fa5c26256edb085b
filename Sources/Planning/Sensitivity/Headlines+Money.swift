// SPDX-License-Identifier: Apache-2.0

extension Headlines {
  // As published: the final run at $2 an hour (V3 report, table 1).
  private static let dollarsOfV3 = 5_576_000.0

  /// What the $5.576 M of V3's report leave out, as it says itself, in named ranges.
  static var leftOut: Comparison {
    Comparison(
      name: HeadlineComparison.leftOut.rawValue,
      title: "What $5.576 M leave out",
      rows: computeLeftOut + assumedLeftOut,
      notes: [
        "The report says that it excludes prior research and ablations on architecture, algorithms and "
          + "data. Not in it either: data, failed runs, evaluation, serving. That the true total is "
          + "far above $5.58 M, as Bernstein wrote on 27 January 2025, follows from the first range "
          + "alone; how far cannot be checked."
      ]
    )
  }

  private static var computeLeftOut: [Comparison.Row] {
    // Development over the final run: half of it in OLMo's family (arXiv 2503.05804), and 82 % of all
    // compute in Olmo 3 (2026 study): 0.82 / 0.18.
    let (least, most) = (0.5, 0.82 / 0.18)
    let restarts = dollarsOfV3 * (1 / Efficiencies.goodput - 1)
    return [
      Comparison.Row(
        "final run: pre-training, context extension, post-training, at $2 an hour",
        dollarsOfV3,
        "USD",
        source: "V3 report, table 1, Dec 2024"
      ),
      Comparison.Row(
        "research and ablations on architecture, algorithms and data",
        dollarsOfV3,
        "USD",
        low: least * dollarsOfV3,
        high: most * dollarsOfV3,
        source: "0.5 times the final run (OLMo family, arXiv 2503.05804) to 4.6 times (82 % of all "
          + "compute in Olmo 3, as quoted)"
      ),
      Comparison.Row(
        "restarts and lost work, if V3 had what Llama 3 had",
        restarts,
        "USD",
        low: 0,
        high: restarts,
        source: "goodput above 0.9 (arXiv 2407.21783)"
      ),
      Comparison.Row("R1 on top", 294_000, "USD", source: "R1 paper v2, table 7, Sep 2025"),
      Comparison.Row(
        "energy of the final run's devices, within the rent",
        hoursOfV3 * 700 / 1e9,
        "GWh",
        source: "700 W an hour of H800, without hosts and cooling"
      ),
    ]
  }

  // Nobody published these; they are assumed so that the size of what is missing can be seen.
  private static var assumedLeftOut: [Comparison.Row] {
    let (cheapCard, dearCard) = (25_000.0, 40_000.0)
    let housing = 1.5
    let (lowPay, highPay) = (100_000.0, 400_000.0)
    return [
      Comparison.Row(
        "staff, each 100 person-years",
        100 * lowPay,
        "USD",
        low: 100 * lowPay,
        high: 100 * highPay,
        source: "assumed $100,000 to $400,000 a year; nothing is published"
      ),
      Comparison.Row(
        "a cluster of 2,048 bought instead of rented",
        2048 * cheapCard * housing,
        "USD",
        low: 2048 * cheapCard * housing,
        high: 2048 * dearCard * housing,
        source: "assumed $25,000 to $40,000 a device and half of that for hosts, network and "
          + "housing; nothing is published"
      ),
    ]
  }

  /// V3 on the clusters that were talked about.
  static func clusters(_ catalog: ModelCatalog) throws(PlanError) -> Comparison {
    let model = try catalog.model("deepseek-v3")
    let owned = 50_000.0
    var rows = [
      Comparison.Row(
        "V3's pre-training on 2,048 H800, as published",
        preTrainingHoursOfV3 / 2048 / 24,
        "days",
        source: "V3 report, table 1, Dec 2024"
      ),
      Comparison.Row(
        "V3's published hours spread over 50,000 devices",
        hoursOfV3 / owned / 24,
        "days",
        source:
          "arithmetic; 50,000 H100 were claimed without evidence (A. Wang, CNBC, 23 January 2025)"
      ),
    ]
    // Multiples of 128 devices, so that stages and experts divide.
    for (name, device, count, precision) in [
      (
        "10,000 A100 (High-Flyer's own statement, July 2022), BF16", HardwareTable.a100, 9984,
        PlanPrecision.bf16
      ),
      ("50,000 H100, FP8", HardwareTable.h100, 49_920, PlanPrecision.fp8),
      ("2,048 H800, FP8", HardwareTable.h800, 2048, PlanPrecision.fp8),
    ] {
      let scenario = TrainingScenario(
        model: model,
        sequenceLength: 4096,
        tokenCount: tokensOfV3,
        device: device,
        deviceCount: count,
        precision: precision
      )
      guard let best = try LayoutSearch(scenario).best(), let seconds = best.seconds else {
        continue
      }
      rows.append(
        Comparison.Row(
          "what if: " + name,
          seconds / 86_400,
          "days",
          low: seconds / 86_400 * best.timeSpan.low,
          high: seconds / 86_400 * best.timeSpan.high,
          source: "planned: \(count) devices, \(best.layout.text), 8 sequences a device and step"
        )
      )
    }
    return Comparison(
      name: HeadlineComparison.clusters.rawValue,
      title: "10,000 A100 and 50,000 H100: how long V3 would have taken there",
      rows: rows,
      notes: [
        "The batch grows with the devices: 8 sequences each are 327 million tokens a step on 9,984 "
          + "devices, five times V3's, and nobody has shown that it would learn as well."
      ]
    )
  }
}
