// SPDX-License-Identifier: Apache-2.0

import Compute

/// Attention over caches of several lengths: one query a step, and 512 of a prompt.
enum AttentionBenchmarks {
  static func cases(_ device: CPUDevice) throws -> [BenchmarkCase] {
    var cases: [BenchmarkCase] = []
    for (rows, depth) in [(1, 64), (1, 1024), (1, 4096), (512, 512), (512, 4096)] {
      cases.append(try groupedQuery(device, rows: rows, depth: depth))
      cases.append(try latent(device, rows: rows, depth: depth))
    }
    return cases
  }

  private static func groupedQuery(
    _ device: CPUDevice,
    rows: Int,
    depth: Int
  ) throws -> BenchmarkCase {
    let (heads, keyHeads, width) = (16, 4, 128)
    let cache = KeyValueCache(headCount: keyHeads, headDimension: width, computeType: .bf16)
    let keys = try Activations(rowCapacity: depth, columnCount: keyHeads * width).rows(depth)
    try device.append(keys: keys, values: keys, to: cache)
    let queries = try Activations(rowCapacity: rows, columnCount: heads * width).rows(rows)
    let output = try Activations(rowCapacity: rows, columnCount: heads * width).rows(rows)
    let sequence = AttentionRows(rows: 0..<rows, firstPosition: depth - rows, cache: cache)
    return BenchmarkCase(
      name: "grouped-query attention 16/4 × 128, \(rows) of \(depth)",
      byteCount: cache.byteCount,
      operationCount: 4 * heads * width * keyCount(rows, depth)
    ) {
      device.attend(
        queries,
        headCount: heads,
        sequences: [sequence],
        scale: 0.1,
        into: output
      )
    }
  }

  private static func latent(_ device: CPUDevice, rows: Int, depth: Int) throws -> BenchmarkCase {
    let (heads, rank, rotary) = (16, 512, 64)
    let cache = LatentCache(latentRank: rank, rotaryDimension: rotary, computeType: .bf16)
    let latents = try Activations(rowCapacity: depth, columnCount: rank + rotary).rows(depth)
    try device.append(latents: latents, to: cache)
    let queries = try Activations(rowCapacity: rows, columnCount: heads * cache.width).rows(rows)
    let output = try Activations(rowCapacity: rows, columnCount: heads * rank).rows(rows)
    let sequence = AttentionRows(rows: 0..<rows, firstPosition: depth - rows, cache: cache)
    return BenchmarkCase(
      name: "latent attention 16 × (512 + 64), \(rows) of \(depth)",
      byteCount: cache.byteCount,
      operationCount: 2 * heads * (cache.width + rank) * keyCount(rows, depth)
    ) {
      device.attend(
        queries,
        headCount: heads,
        sequences: [sequence],
        scale: 0.1,
        into: output
      )
    }
  }

  /// Keys that all rows see together.
  private static func keyCount(_ rows: Int, _ depth: Int) -> Int {
    rows * (depth - rows) + rows * (rows + 1) / 2
  }
}
