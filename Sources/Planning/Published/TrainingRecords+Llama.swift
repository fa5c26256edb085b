// SPDX-License-Identifier: Apache-2.0

/// Published training times of Meta's models.
extension TrainingRecords {
  /// Llama 3.1 405B's layout (arXiv 2407.21783, table 4); its 126 layers, embedding and head take 8
  /// places on each of 16 stages, one a chunk (section 3.3.2).
  static func layoutOf405B(context: Int) -> ParallelLayout {
    ParallelLayout(tensor: 8, pipeline: 16, context: context, zero: 1, chunks: 8)
  }

  private static let card = "model card and arXiv 2407.21783, Jul 2024"
  private static let older = "arXiv 2307.09288, Jul 2023"

  static let llama: [TrainingRecord] = [
    run(
      "Llama 3.1 8B",
      "llama-3.1-8b",
      HardwareTable.h100,
      tokens: 15e12,
      rows: 2048,
      sequence: 8192,
      hours: 1_460_000,
      source: card + "; assumed: 1,024 devices, batch of the 405B",
      reason:
        "14.8 % of the peak, half of what Llama 3.1 70B has on the same card: the card's hours "
        + "cover more than the one run"
    ),
    run(
      "Llama 3.1 70B",
      "llama-3.1-70b",
      HardwareTable.h100,
      tokens: 15e12,
      rows: 2048,
      sequence: 8192,
      hours: 7_000_000,
      source: card + "; assumed: 1,024 devices, batch of the 405B",
      reason:
        "27 % of the peak where the 405B has 35 % in all and 38 to 43 % in its steps: the card's "
        + "hours cover more than the one run"
    ),
    TrainingRecord(
      name: "Llama 3.1 405B",
      group: "Llama 3.1 405B",
      model: "llama-3.1-405b",
      device: HardwareTable.h100,
      deviceCount: 16_384,
      precision: .bf16,
      phases: [
        TrainingRecord.Phase(
          sequenceLength: 8192,
          batchRowCount: 2048,
          tokenCount: 15.6e12,
          layout: layoutOf405B(context: 1)
        )
      ],
      isWholeRun: true,
      unit: .hours,
      published: 30_840_000,
      source: card
    ),
    run(
      "Llama 2 7B",
      "llama-2-7b",
      HardwareTable.a100,
      tokens: 2e12,
      rows: 1024,
      sequence: 4096,
      hours: 184_320,
      source: older + " (hours from memory); assumed: 1,024 devices, 4M tokens a step"
    ),
    run(
      "Llama 2 13B",
      "llama-2-13b",
      HardwareTable.a100,
      tokens: 2e12,
      rows: 1024,
      sequence: 4096,
      hours: 368_640,
      source: older + " (hours from memory); assumed: 1,024 devices, 4M tokens a step"
    ),
    run(
      "Llama 2 70B",
      "llama-2-70b",
      HardwareTable.a100,
      tokens: 2e12,
      rows: 1024,
      sequence: 4096,
      hours: 1_720_320,
      source: older + ", table 2; assumed: 1,024 devices, 4M tokens a step"
    ),
  ]

  private static func run(
    _ name: String,
    _ model: String,
    _ device: Accelerator,
    tokens: Double,
    rows: Int,
    sequence: Int,
    hours: Double,
    source: String,
    reason: String? = nil
  ) -> TrainingRecord {
    TrainingRecord(
      name: name,
      group: name,
      model: model,
      device: device,
      deviceCount: 1024,
      precision: .bf16,
      phases: [
        TrainingRecord.Phase(
          sequenceLength: sequence,
          batchRowCount: rows,
          tokenCount: tokens,
          layout: nil
        )
      ],
      isWholeRun: true,
      unit: .hours,
      published: hours,
      source: source,
      reason: reason
    )
  }
}
