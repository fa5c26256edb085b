// SPDX-License-Identifier: Apache-2.0

/// The figures of the comparisons that made headlines.
enum Headlines {
  // As published (V3 report, table 1; Llama 3.1's model card).
  static let hoursOfV3 = 2_788_000.0
  static let preTrainingHoursOfV3 = 2_664_000.0
  static let hoursOf405B = 30_840_000.0
  static let tokensOfV3 = 14.8e12
  static let tokensOf405B = 15.6e12

  static func v3AgainstLlama(_ catalog: ModelCatalog) throws(PlanError) -> Comparison {
    let v3 = try catalog.model("deepseek-v3")
    let llama = try catalog.model("llama-3.1-405b")
    let small = OperationCount(v3, sequenceLength: 4096, trainsPrediction: false).total
    let large = OperationCount(llama, sequenceLength: 8192, trainsPrediction: false).total
    let rateOfV3 = small * tokensOfV3 / preTrainingHoursOfV3 / 3600
    let rateOf405B = large * tokensOf405B / hoursOf405B / 3600
    let table = "V3 report, table 1, Dec 2024"
    let card = "model card, Jul 2024"
    return Comparison(
      name: HeadlineComparison.v3Llama.rawValue,
      title: "DeepSeek-V3 took an eleventh of Llama 3.1 405B's hours: why",
      rows: [
        Comparison.Row("hours of Llama 3.1 405B (H100)", hoursOf405B, "h", source: card),
        Comparison.Row("hours of DeepSeek-V3 (H800)", hoursOfV3, "h", source: table),
        Comparison.Row(
          "one over the other, the headline",
          hoursOf405B / hoursOfV3,
          "x",
          source: "the product of the next four"
        ),
        Comparison.Row(
          "operations a token: \(PlanNumber.text(large, unit: "FLOP")) against "
            + PlanNumber.text(small, unit: "FLOP"),
          large / small,
          "x",
          source: "derived, causal, sequences of 8,192 and 4,096: a sparse model is the whole point"
        ),
        Comparison.Row(
          "tokens: 15.6 T against 14.8 T",
          tokensOf405B / tokensOfV3,
          "x",
          source: "\(card); \(table)"
        ),
        Comparison.Row(
          "operations a second and device: \(PlanNumber.text(rateOf405B, unit: "FLOP/s")) against "
            + PlanNumber.text(rateOfV3, unit: "FLOP/s"),
          rateOfV3 / rateOf405B,
          "x",
          source: "derived from the hours; V3's products run in FP8, at twice the peak"
        ),
        Comparison.Row(
          "V3's context extension and post-training, which its hours include",
          preTrainingHoursOfV3 / hoursOfV3,
          "x",
          source: table
        ),
      ],
      notes: [
        "Nearly all of it is fewer operations, hardly any of it faster hardware use. Llama's hours "
          + "include restarts, V3's are rate times tokens."
      ]
    )
  }

  static var r1AgainstO1: Comparison {
    guard let r1 = ListPrice.last(of: "deepseek-r1"), let o1 = ListPrice.last(of: "o1"),
      let hit = r1.hit, let otherHit = o1.hit
    else {
      return Comparison(name: HeadlineComparison.r1o1.rawValue, title: "", rows: [], notes: [])
    }
    let dates = "list prices: R1 from \(r1.date), o1 \(o1.date)"
    var rows = [
      Comparison.Row(
        "a million tokens of input: $15 against $0.55",
        o1.miss / r1.miss,
        "x",
        source: dates
      ),
      Comparison.Row(
        "the same from a cache: $7.50 against $0.14",
        otherHit / hit,
        "x",
        source: dates
      ),
      Comparison.Row(
        "a million tokens of output: $60 against $2.19",
        o1.output / r1.output,
        "x",
        source: dates
      ),
    ]
    for (input, output, hits) in [(1.0, 1.0, 0.0), (3, 1, 0), (10, 1, 0.5), (10, 1, 0.9)] {
      let expensive = input * o1.input(hitShare: hits) + output * o1.output
      let cheap = input * r1.input(hitShare: hits) + output * r1.output
      rows.append(
        Comparison.Row(
          "input to output \(Int(input)) : \(Int(output)), \(Int(hits * 100)) % from a cache",
          expensive / cheap,
          "x",
          source: "blend of the prices above"
        )
      )
    }
    return Comparison(
      name: HeadlineComparison.r1o1.rawValue,
      title: "R1 was \"20 to 50 times cheaper\" than o1: to use, not to train",
      rows: rows,
      notes: [
        "These are prices of a token, not costs, and not tokens of a task: where R1 thinks longer than "
          + "o1 the factor falls, where it thinks less it rises. Output includes thinking on both sides."
      ]
    )
  }

  static var r1: Comparison {
    let paper = "R1 paper v2, appendix B.4.4 and table 7, Sep 2025"
    // As published: steps and outputs a step of R1-Zero.
    let rollouts = 10_400.0 * 512
    let zeroHours = 512.0 * 198
    let perDevice = PublishedServing.decodePerNode / 8
    var rows = [
      Comparison.Row("R1-Zero: 512 H800, 198 h", zeroHours, "h", source: paper),
      Comparison.Row("data for fine-tuning", 5000, "h", source: paper),
      Comparison.Row("R1: 512 H800, 80 h", 512 * 80, "h", source: paper),
      Comparison.Row("all of it at $2 an hour", 294_000, "USD", source: paper),
      Comparison.Row(
        "share of V3's and R1's hours together",
        147_000 / (147_000 + hoursOfV3),
        "%",
        source: paper + "; V3 report, table 1"
      ),
      Comparison.Row("rollouts of R1-Zero", rollouts, "", source: paper),
      Comparison.Row(
        "rollouts a device hour, training included",
        rollouts / zeroHours,
        "",
        source: "derived"
      ),
    ]
    for length in [4096.0, 8192, 16_384] {
      let hours = rollouts * length / perDevice / 3600
      rows.append(
        Comparison.Row(
          "what if a rollout had \(Int(length)) tokens: share of R1-Zero's hours for writing them",
          hours / zeroHours,
          "%",
          source:
            "at the \(Int(perDevice)) tokens/s a device of a day's serving (open-infra-index, "
            + "day 6); mean lengths are not published"
        )
      )
    }
    return Comparison(
      name: HeadlineComparison.r1.rawValue,
      title: "R1's own training, on top of V3",
      rows: rows,
      notes: [
        "Final runs alone; trials on smaller models are not counted. The planner has no model of "
          + "reinforcement's time: a step waits for its longest rollout, and lengths are not published."
      ]
    )
  }
}
