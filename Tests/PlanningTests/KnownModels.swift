// SPDX-License-Identifier: Apache-2.0

import Compute
import Planning

/// The configurations within the program, as `hadal plan` gives them to the planner.
enum KnownModels {
  static let catalog: ModelCatalog = {
    var texts: [String: [UInt8]] = [:]
    for file in EmbeddedFile.all where file.name.hasPrefix("configs/") {
      texts[String(file.name.dropFirst("configs/".count).dropLast(".json".count))] = file.bytes
    }
    return ModelCatalog(texts)
  }()

  /// The scenario of DeepSeek-V3's pre-training, and its layout.
  static func v3(tokens: Double? = 14.8e12) throws -> (TrainingScenario, ParallelLayout) {
    let scenario = TrainingScenario(
      model: try catalog.model("deepseek-v3"),
      sequenceLength: 4096,
      batchRowCount: 15_360,
      tokenCount: tokens,
      device: try HardwareTable.named("h800"),
      deviceCount: 2048,
      precision: .fp8
    )
    let layout = ParallelLayout(pipeline: 16, expert: 64, zero: 1, schedule: .dualPipe)
    return (scenario, layout)
  }
}
