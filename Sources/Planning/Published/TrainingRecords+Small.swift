// SPDX-License-Identifier: Apache-2.0

/// Published training times of open science, and of runs that fit one node.
extension TrainingRecords {
  static let small: [TrainingRecord] = [
    TrainingRecord(
      name: "BLOOM 176B",
      group: "BLOOM 176B",
      model: "bloom-176b",
      device: HardwareTable.a100,
      deviceCount: 384,
      precision: .bf16,
      phases: [
        TrainingRecord.Phase(
          sequenceLength: 2048,
          batchRowCount: 2048,
          tokenCount: 366e9,
          layout: ParallelLayout(
            tensor: 4,
            pipeline: 12,
            zero: 1,
            recomputes: true,
            microRows: 2
          )
        )
      ],
      isWholeRun: true,
      unit: .hours,
      published: 1_082_990,
      source: "arXiv 2211.05100 and 2211.02001, Nov 2022 (layout and recomputation from memory)"
    ),
    TrainingRecord(
      name: "SmolLM3 3B",
      group: "SmolLM3 3B",
      model: "smollm3-3b",
      device: HardwareTable.h100,
      deviceCount: 384,
      precision: .bf16,
      phases: [
        TrainingRecord.Phase(
          sequenceLength: 4096,
          batchRowCount: 576,
          tokenCount: 11.2e12,
          layout: nil
        )
      ],
      isWholeRun: true,
      unit: .days,
      published: 24,
      source: "Hugging Face blog, as quoted, 2025 (batch of 2.36M tokens from memory)"
    ),
    rate("Olmo 3 7B, a trillion tokens", "olmo-3-7b", devices: 512, tokensPerSecond: 7700),
    rate("Olmo 3 32B, a trillion tokens", "olmo-3-32b", devices: 1024, tokensPerSecond: 1900),
    node(
      "llm.c GPT-2 124M",
      "gpt2",
      HardwareTable.a100,
      sequence: 1024,
      rows: 512,
      tokens: 18_865 * 524_288,
      micro: 64,
      .minutes,
      94.3,
      source: "karpathy/llm.c script, 2024"
    ),
    node(
      "llm.c GPT-2 1558M",
      "gpt2-xl",
      HardwareTable.h100,
      sequence: 1024,
      rows: 1024,
      tokens: 32_000 * 1_048_576,
      micro: 16,
      .hours,
      8 * 24,
      source: "karpathy/llm.c script, 2024: 24 h on eight"
    ),
    node(
      "nanochat d20 speedrun",
      "nanochat-d20",
      HardwareTable.h100,
      sequence: 2048,
      rows: 256,
      tokens: 11.2e9,
      micro: 32,
      .minutes,
      231,
      isWholeRun: true,
      source: "karpathy/nanochat, first commit, Oct 2025: 3 h 51 min, all stages",
      reason: "3 h 51 min are all stages, fine-tuning and evaluations too; predicted are the 11.2 "
        + "billion tokens of pre-training"
    ),
    node(
      "nanochat d24, first record",
      "nanochat-d24",
      HardwareTable.h100,
      sequence: 2048,
      rows: 256,
      // 4.331e19 FLOP, as published, over the operations of a token with full attention.
      tokens: 8.195e9,
      micro: 32,
      .minutes,
      10_949.0 / 60,
      source: "karpathy/nanochat dev/LEADERBOARD.md, Jan 2026: 10,949 s, 4.331e19 FLOP (shape from "
        + "memory)"
    ),
  ]

  /// A rate of tokens a device, as the hours that a trillion tokens take at it.
  private static func rate(
    _ name: String,
    _ model: String,
    devices: Int,
    tokensPerSecond: Double
  ) -> TrainingRecord {
    TrainingRecord(
      name: name,
      group: name,
      model: model,
      device: HardwareTable.h100,
      deviceCount: devices,
      precision: .bf16,
      phases: [
        TrainingRecord.Phase(
          sequenceLength: 8192,
          batchRowCount: 1024,
          tokenCount: 1e12,
          layout: nil
        )
      ],
      isWholeRun: false,
      unit: .hours,
      published: 1e12 / tokensPerSecond / 3600,
      source: "Ai2 as quoted by a third party, Nov 2025: \(Int(tokensPerSecond)) tokens/s a device "
        + "(devices and batch from memory)"
    )
  }

  private static func node(
    _ name: String,
    _ model: String,
    _ device: Accelerator,
    sequence: Int,
    rows: Int,
    tokens: Double,
    micro: Int,
    _ unit: TrainingRecord.Unit,
    _ published: Double,
    isWholeRun: Bool = false,
    source: String,
    reason: String? = nil
  ) -> TrainingRecord {
    TrainingRecord(
      name: name,
      group: name,
      model: model,
      device: device,
      deviceCount: 8,
      precision: .bf16,
      phases: [
        TrainingRecord.Phase(
          sequenceLength: sequence,
          batchRowCount: rows,
          tokenCount: tokens,
          layout: ParallelLayout(zero: 1, microRows: micro)
        )
      ],
      isWholeRun: isWholeRun,
      unit: unit,
      published: published,
      source: source,
      reason: reason
    )
  }
}
