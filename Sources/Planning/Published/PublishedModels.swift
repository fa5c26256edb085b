// SPDX-License-Identifier: Apache-2.0

/// What is published of models alone: parameters, bytes of cache, operations of a token.
enum PublishedModels {
  static func rows(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    try parameters(catalog) + active(catalog) + caches(catalog) + operations(catalog)
      + runOperations(catalog)
  }

  private static let hub = "counts of safetensors on the hub"
  private static let table1 = "Insights into DeepSeek-V3, table 1, May 2025"
  private static let table2 = "Insights into DeepSeek-V3, table 2, May 2025"

  /// Parameters of the main model; `half` is half of the last published digit.
  private static func parameters(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    let published: [(model: String, count: Double, half: Double, source: String)] = [
      ("deepseek-v3", 671e9, 0.5e9, "V3 report, Dec 2024"),
      ("deepseek-v2", 236e9, 0.5e9, "V2 report, May 2024"),
      ("deepseek-v2-lite", 15.7e9, 0.05e9, "V2 report, May 2024"),
      ("deepseek-moe-16b", 16.4e9, 0.05e9, "DeepSeekMoE, Jan 2024"),
      ("deepseek-llm-67b", 67e9, 0.5e9, "DeepSeek LLM, Jan 2024"),
      ("llama-3.1-8b", 8_030_261_248, 0, hub),
      ("llama-3.1-70b", 70_553_706_496, 0, hub),
      ("llama-3.1-405b", 405.853e9, 0.0005e9, hub),
      ("llama-2-7b", 6_738_415_616, 0, hub),
      ("llama-2-70b", 68.977e9, 0.0005e9, hub),
      ("gpt2", 124_439_808, 0, hub),
      ("qwen2.5-0.5b", 494_032_768, 0, hub),
      ("deepseek-r1-distill-qwen-32b", 32_763_876_352, 0, hub),
      ("qwen3-30b-a3b", 30.5e9, 0.05e9, "model card, Apr 2025"),
      ("bloom-176b", 176.2e9, 0.05e9, "arXiv 2211.05100, Nov 2022"),
      ("gpt-3-175b", 174.6e9, 0.05e9, "arXiv 2005.14165, table D.1, May 2020"),
      ("smollm3-3b", 3.075e9, 0.0005e9, "model card, Jul 2025, as quoted"),
      ("nanochat-d20", 561e6, 0.5e6, "karpathy/nanochat, Oct 2025"),
    ]
    var rows: [CheckRow] = []
    for row in published {
      rows.append(
        CheckRow(
          row.model,
          "parameters",
          published: row.count,
          predicted: Double(try catalog.model(row.model).parameterCount),
          .digits(row.half),
          source: row.source
        )
      )
    }
    return rows
  }

  private static func active(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    let v3 = try catalog.model("deepseek-v3")
    let v2 = try catalog.model("deepseek-v2")
    let lite = try catalog.model("deepseek-v2-lite")
    let predictionActive =
      v3.predictionMetCount + v3.sum(v3.predictionGroups, \.vectorCount) + v3.embeddingCount
    return [
      CheckRow(
        "deepseek-v3",
        "parameters_active",
        published: 37e9,
        predicted: Double(v3.activeCount),
        .digits(0.5e9),
        source: "V3 report, Dec 2024"
      ),
      CheckRow(
        "deepseek-v2",
        "parameters_active",
        published: 21e9,
        predicted: Double(v2.activeCount),
        .digits(0.5e9),
        source: "V2 report, May 2024"
      ),
      CheckRow(
        "deepseek-v2-lite",
        "parameters_active",
        published: 2.4e9,
        predicted: Double(lite.activeCount),
        .digits(0.05e9),
        reason: "2.451 billion with the head and without the embedding: cut off, not rounded",
        source: "V2 report, May 2024"
      ),
      CheckRow(
        "deepseek-v3",
        "parameters_mtp",
        published: 11.5e9,
        predicted: Double(v3.predictionCount),
        .digits(0.05e9),
        reason: "the README leaves out the projection of 2d to d, 0.103 billion",
        source: "README of the weights, Dec 2024"
      ),
      CheckRow(
        "deepseek-v3",
        "parameters_mtp_active",
        published: 2.4e9,
        predicted: Double(predictionActive),
        .digits(0.05e9),
        reason: "with embedding and head as the README says, and with the projection",
        source: "README of the weights, Dec 2024"
      ),
    ]
  }

  private static func caches(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    var rows: [CheckRow] = []
    for (name, bytes) in [
      ("deepseek-v3", 70_272.0), ("qwen2.5-72b", 327_680), ("llama-3.1-405b", 516_096),
    ] {
      rows.append(
        CheckRow(
          name,
          "cache_bytes_per_token",
          published: bytes,
          predicted: try catalog.model(name).cacheByteCount(),
          .digits(0),
          source: table1
        )
      )
    }
    let small = try catalog.model("deepseek-v2").cacheByteCount(elementByteCount: 0.75)
    let large = try catalog.model("deepseek-llm-67b").cacheByteCount()
    rows.append(
      CheckRow(
        "deepseek-v2 at 6 bits beside deepseek-llm-67b",
        "cache_saved",
        published: 0.933,
        predicted: 1 - small / large,
        .digits(0.0005),
        source: "V2 report, May 2024"
      )
    )
    return rows
  }

  /// GFLOP of a trained token at 4,096 positions.
  private static func operations(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    let published: [(model: String, count: Double, reason: String?)] = [
      ("deepseek-v2", 155e9, nil), ("deepseek-v3", 250e9, nil),
      (
        "qwen2.5-72b", 394e9,
        "not to be had from the shape: 394 over 6 are 65.7 billion weights, and Qwen2.5-72B's "
          + "products have 71.5"
      ),
      ("llama-3.1-405b", 2448e9, nil),
    ]
    var rows: [CheckRow] = []
    for row in published {
      let count = OperationCount(
        try catalog.model(row.model),
        sequenceLength: 4096,
        trainsPrediction: false
      )
      rows.append(
        CheckRow(
          row.model,
          "flops_per_token",
          published: row.count,
          predicted: count.total,
          .share(0.02),
          reason: row.reason,
          source: table2
        )
      )
    }
    return rows
  }

  /// FLOP of whole runs.
  private static func runOperations(_ catalog: ModelCatalog) throws(PlanError) -> [CheckRow] {
    let published: [(model: String, sequence: Int, tokens: Double, count: Double, source: String)] =
      [
        ("llama-3.1-405b", 8192, 15.6e12, 3.8e25, "arXiv 2407.21783, Jul 2024"),
        ("gpt-3-175b", 2048, 300e9, 3.14e23, "arXiv 2005.14165, table D.1, May 2020"),
      ]
    var rows: [CheckRow] = []
    for row in published {
      let count = OperationCount(
        try catalog.model(row.model),
        sequenceLength: Double(row.sequence),
        trainsPrediction: false
      )
      rows.append(
        CheckRow(
          "\(row.model), whole run",
          "flops",
          published: row.count,
          predicted: count.total * row.tokens,
          .share(0.02),
          reason: "published as 6 × parameters × tokens, which leaves attention out and counts the "
            + "embedding",
          source: row.source
        )
      )
    }
    return rows + small
  }

  /// Runs whose shapes are not in the catalogue: 6 × parameters × tokens, as they were published.
  private static var small: [CheckRow] {
    let source = "arXiv 2501.00656, table 6, as quoted; arithmetic of published numbers"
    let published: [(name: String, parameters: Double, tokens: Double, count: Double)] = [
      ("OLMo 2 7B, whole run", 7.299e9, 4.05e12, 1.8e23),
      ("OLMo 2 13B, whole run", 13.716e9, 5.6e12, 4.6e23),
      ("OLMo 2 32B, whole run", 32.23e9, 6.6e12, 1.3e24),
    ]
    return published.map { row in
      CheckRow(
        row.name,
        "flops",
        published: row.count,
        predicted: 6 * row.parameters * row.tokens,
        .share(0.02),
        source: source
      )
    }
  }
}
