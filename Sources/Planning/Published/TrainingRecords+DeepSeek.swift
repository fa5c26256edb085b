// SPDX-License-Identifier: Apache-2.0

/// Published training times of DeepSeek's models.
extension TrainingRecords {
  /// V3's layout: 16 stages, experts over 64 devices (8 nodes), ZeRO-1 (V3 report, section 3.2).
  static let layoutOfV3 = ParallelLayout(
    pipeline: 16,
    expert: 64,
    zero: 1,
    schedule: .dualPipe
  )

  static let deepSeek: [TrainingRecord] = [
    TrainingRecord(
      name: "DeepSeek-V3 pre-training",
      group: "DeepSeek-V3",
      model: "deepseek-v3",
      device: HardwareTable.h800,
      deviceCount: 2048,
      precision: .fp8,
      phases: [
        TrainingRecord.Phase(
          sequenceLength: 4096,
          batchRowCount: 15_360,
          tokenCount: 14.8e12,
          layout: layoutOfV3
        )
      ],
      isWholeRun: false,
      unit: .hours,
      published: 2_664_000,
      source: "V3 report, table 1, Dec 2024; rate × tokens, no restarts in it"
    ),
    TrainingRecord(
      name: "DeepSeek-V3 context extension",
      group: "DeepSeek-V3",
      model: "deepseek-v3",
      device: HardwareTable.h800,
      deviceCount: 2048,
      precision: .fp8,
      phases: [
        longPhase(sequenceLength: 32_768, batchRowCount: 1920),
        longPhase(sequenceLength: 131_072, batchRowCount: 480),
      ],
      isWholeRun: false,
      unit: .hours,
      published: 119_000,
      source: "V3 report, table 1 and section 4.3, Dec 2024; assumed: sequences divided so that a "
        + "device has 4,096 tokens of a micro-batch as before"
    ),
    TrainingRecord(
      name: "DeepSeek-V2, a trillion tokens",
      group: "DeepSeek-V2",
      model: "deepseek-v2",
      device: HardwareTable.h800,
      deviceCount: 1024,
      precision: .bf16,
      phases: [
        TrainingRecord.Phase(
          sequenceLength: 4096,
          batchRowCount: 9216,
          tokenCount: 1e12,
          layout: ParallelLayout(pipeline: 16, expert: 8, zero: 1, schedule: .zeroBubble)
        )
      ],
      isWholeRun: false,
      unit: .hours,
      published: 172_800,
      source: "V2 report, sections 3.1 and 3.2.3, May 2024; assumed: 1,024 devices"
    ),
    TrainingRecord(
      name: "DeepSeek 67B, a trillion tokens",
      group: "DeepSeek 67B",
      model: "deepseek-llm-67b",
      device: HardwareTable.h800,
      deviceCount: 1024,
      precision: .bf16,
      phases: [
        TrainingRecord.Phase(
          sequenceLength: 4096,
          batchRowCount: 4608,
          tokenCount: 1e12,
          layout: nil
        )
      ],
      isWholeRun: false,
      unit: .hours,
      published: 300_600,
      source: "V2 report, section 3.2.3, May 2024; assumed: 1,024 devices and their layout"
    ),
  ]

  // 1,000 steps of 62.9 million tokens each (V3 report, section 4.3).
  private static func longPhase(sequenceLength: Int, batchRowCount: Int) -> TrainingRecord.Phase {
    var layout = layoutOfV3
    layout.context = sequenceLength / 4096
    return TrainingRecord.Phase(
      sequenceLength: sequenceLength,
      batchRowCount: batchRowCount,
      tokenCount: 1000 * Double(batchRowCount) * Double(sequenceLength),
      layout: layout
    )
  }
}
