// SPDX-License-Identifier: Apache-2.0

import Compute

/// Products of tokens with the experts that they chose, in the shape of DeepSeek-V2-Lite.
enum ExpertBenchmarks {
  private static let expertCount = 64
  private static let chosenCount = 6

  static func cases(_ device: CPUDevice) throws -> [BenchmarkCase] {
    let weights = try (0..<expertCount).map { _ in
      try ProductBenchmarks.weight(rows: 1408, columns: 2048, .bf16)
    }
    return try [1, 8, 64, 512].map { tokens in
      let choice = ExpertChoice(
        chosenCount: chosenCount,
        experts: (0..<tokens * chosenCount).map { Int32($0 * 7 % expertCount) },
        weights: [Float](repeating: 1, count: tokens * chosenCount)
      )
      let groups = ExpertGroups(choice, expertCount: expertCount)
      let pairs = tokens * chosenCount
      let x = try Activations(rowCapacity: tokens, columnCount: 2048).rows(tokens)
      let y = try Activations(rowCapacity: pairs, columnCount: 1408).rows(pairs)
      return BenchmarkCase(
        name: "experts \(groups.groups.count) × 2048 × 1408, \(tokens) tokens of 6",
        byteCount: groups.groups.reduce(0) { $0 + weights[$1.expert].byteCount },
        operationCount: 2 * pairs * 2048 * 1408
      ) {
        device.multiply(
          x,
          inputRows: groups.tokens,
          groups: groups.groups,
          by: [weights],
          into: ViewList(y),
          computeType: .bf16
        )
      }
    }
  }
}
