// SPDX-License-Identifier: Apache-2.0

/// What DeepSeek published of 24 hours of serving, to 28 February 2025 (open-infra-index, day 6).
enum PublishedServing {
  // As published, of the day: tokens, and the mean length of what an answer's token looks back at.
  static let inputTokens = 608e9
  static let hitTokens = 342e9
  static let outputTokens = 168e9
  static let meanContext = 4989.0
  static let nodeCount = 226.75
  static let prefillPerNode = 73_700.0
  static let decodePerNode = 14_800.0
  static let dollarsPerNodeHour = 16.0

  private static let source = "open-infra-index, day 6, Mar 2025"

  static func rows(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    try predicted(catalog) + sums + decodeLimit
  }

  /// The day's serving as a question: 32 devices read prompts, 144 write answers.
  static func scenario(
    _ catalog: ModelCatalog,
    deviceCount: Int
  ) throws(PlanError) -> ServingScenario {
    var scenario = ServingScenario(
      model: try catalog.model("deepseek-r1"),
      device: HardwareTable.h800,
      deviceCount: deviceCount,
      precision: .fp8
    )
    scenario.hitShare = hitTokens / inputTokens
    // "20 to 22 tokens a second" for each user.
    scenario.speed = 21
    // Half an answer and the prompt are the mean context; the shares are those of the day.
    let answerShare = outputTokens / inputTokens
    scenario.promptLength = meanContext / (1 + answerShare / 2)
    scenario.answerLength = scenario.promptLength * answerShare
    return scenario
  }

  private static func predicted(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    let prefill = try ServingEstimate(scenario(catalog, deviceCount: 32))
    let decode = try ServingEstimate(scenario(catalog, deviceCount: 144))
    let input = 8 * prefill.inputTokensPerSecond
    let output = 8 * decode.decodeTokensPerSecond
    let nodes = inputTokens / 86_400 / input + outputTokens / 86_400 / output
    let revenue = Self.revenue
    let idle =
      "the published rate is a day's mean over nodes that were not always full (278 at the peak, "
      + "227 in the mean), the predicted one is without idle time"
    return [
      CheckRow(
        "R1 and V3 serving, a node that reads prompts, hits included",
        "tokens_per_s",
        published: prefillPerNode,
        predicted: input,
        .share(TrainingRecord.tolerance),
        reason: idle,
        source: source
      ),
      CheckRow(
        "R1 and V3 serving, a node that writes answers at 21 tokens/s a user",
        "tokens_per_s",
        published: decodePerNode,
        predicted: output,
        .share(TrainingRecord.tolerance),
        reason: "shares are those of training; no kernel of serving was fitted",
        source: source
      ),
      CheckRow(
        "R1 and V3 serving, nodes for the day's tokens",
        "nodes",
        published: nodeCount,
        predicted: nodes,
        .share(TrainingRecord.tolerance),
        reason: idle,
        source: source
      ),
      CheckRow(
        "R1 and V3 serving, revenue over cost, less 1, at the predicted rates",
        "margin",
        published: 5.45,
        predicted: revenue / (nodes * dollarsPerNodeHour * 24) - 1,
        .share(TrainingRecord.tolerance),
        reason: idle,
        source: source
      ),
    ]
  }

  /// The day's revenue at R1's list prices.
  static var revenue: Double {
    guard let list = ListPrice.last(of: "deepseek-r1") else { return .nan }
    let input = inputTokens / 1e6 * list.input(hitShare: hitTokens / inputTokens)
    return input + outputTokens / 1e6 * list.output
  }

  /// What follows from published numbers by arithmetic.
  private static var sums: [CheckRow] {
    let cost = nodeCount * dollarsPerNodeHour * 24
    let nodes =
      inputTokens / 86_400 / prefillPerNode + outputTokens / 86_400 / decodePerNode
    func row(
      _ name: String,
      _ figure: String,
      _ published: Double,
      _ value: Double,
      _ tolerance: CheckRow.Tolerance = .share(0.001)
    ) -> CheckRow {
      CheckRow(
        "R1 and V3 serving, " + name,
        figure,
        published: published,
        predicted: value,
        tolerance,
        source: source + "; arithmetic of published numbers"
      )
    }
    return [
      row("nodes at the published rates", "nodes", nodeCount, nodes),
      row("a day's cost at $2 an hour", "usd", 87_072, cost),
      row("a day's revenue at R1's prices", "usd", 562_027, revenue),
      // Of the published revenue; token counts are rounded.
      row("revenue over cost, less 1", "margin", 5.45, 562_027 / cost - 1, .digits(0.005)),
    ]
  }

  /// The limit that exchange alone sets: 32 tokens to 9 experts in 1 byte and back in 2, twice a layer
  /// (Insights into DeepSeek-V3, section 2.3.2, which takes 7,000 for the width).
  private static var decodeLimit: [CheckRow] {
    let exchange = 3.0 * 32 * 9 * 7000
    func row(_ name: String, _ figure: String, _ published: Double, _ value: Double) -> CheckRow {
      CheckRow(
        "Limit of V3's answers, " + name,
        figure,
        published: published,
        predicted: value,
        // 67.8 tokens a second were published as 67: cut off, not rounded.
        .share(0.02),
        source: "Insights into DeepSeek-V3, section 2.3.2, May 2025; arithmetic"
      )
    }
    let perToken = 61 * 2 * exchange
    return [
      row("an exchange at 50 GB/s", "seconds", 120.96e-6, exchange / 50e9),
      row("a token at 50 GB/s", "seconds", 14.76e-3, perToken / 50e9),
      row("a user at 50 GB/s", "tokens_per_s", 67, 50e9 / perToken),
      row("a token at 900 GB/s", "seconds", 0.82e-3, perToken / 900e9),
    ]
  }
}
