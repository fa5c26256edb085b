// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// Attention on every kernel path and thread count, held to the reference device.
///
/// Method: as in `ProductKernelTests`; two sequences of different lengths share a pass, so rows of
/// one tile end in different blocks and spans.
@Suite struct AttentionKernelTests {
  private static let lengths: [(cached: Int, new: Int)] = [
    (0, 1), (0, 17), (63, 2), (64, 1), (60, 70), (1022, 5), (1024, 1), (2100, 1),
    (2100, 3),
  ]

  @Test(arguments: ComputeType.allCases, Flavor.allCases)
  func `grouped-query attention has the reference's bits`(
    computeType: ComputeType,
    flavor: Flavor
  ) throws {
    for (index, length) in Self.lengths.enumerated() {
      let width = [5, 16, 33, 64][index % 4]
      let (heads, keyHeads) = [(6, 2), (3, 3), (9, 1)][index % 3]
      var samples = Samples(seed: UInt64(index), flavor: flavor)
      let count = length.cached + length.new
      let keys = try samples.normalView(rows: count, columns: keyHeads * width)
      let values = try samples.normalView(rows: count, columns: keyHeads * width)
      let queries = try samples.view(rows: length.new + 2, columns: heads * width)
      let label = "attention \(computeType) \(length) \(flavor)"
      try KernelComparison(label).expectEqual { device in
        let caches = (0..<2).map { _ in
          KeyValueCache(headCount: keyHeads, headDimension: width, computeType: computeType)
        }
        try device.append(keys: keys.rows(0..<1), values: values.rows(0..<1), to: caches[0])
        try device.append(keys: keys.rows(0..<count), values: values.rows(0..<count), to: caches[1])
        try device.append(keys: keys.rows(0..<1), values: values.rows(0..<1), to: caches[0])
        let output = try blankView(rows: length.new + 2, columns: heads * width)
        device.attend(
          queries,
          headCount: heads,
          sequences: [
            AttentionRows(rows: 0..<2, firstPosition: 0, cache: caches[0]),
            AttentionRows(
              rows: 2..<2 + length.new,
              firstPosition: length.cached,
              cache: caches[1]
            ),
          ],
          scale: 0.125,
          into: output
        )
        return output.allFloats
      }
    }
  }

  @Test(arguments: ComputeType.allCases, Flavor.allCases)
  func `latent attention has the reference's bits`(
    computeType: ComputeType,
    flavor: Flavor
  ) throws {
    for (index, length) in Self.lengths.enumerated() {
      let (rank, rotary) = [(16, 4), (35, 6), (80, 16)][index % 3]
      var samples = Samples(seed: UInt64(index) + 50, flavor: flavor)
      let count = length.cached + length.new
      let latents = try samples.normalView(rows: count, columns: rank + rotary)
      let queries = try samples.view(rows: length.new, columns: 5 * (rank + rotary))
      let label = "latent attention \(computeType) \(length) \(flavor)"
      try KernelComparison(label).expectEqual { device in
        let cache = LatentCache(latentRank: rank, rotaryDimension: rotary, computeType: computeType)
        try device.append(latents: latents, to: cache)
        let output = try blankView(rows: length.new, columns: 5 * rank)
        device.attend(
          queries,
          headCount: 5,
          sequences: [
            AttentionRows(rows: 0..<length.new, firstPosition: length.cached, cache: cache)
          ],
          scale: 0.3,
          into: output
        )
        return output.allFloats
      }
    }
  }

  @Test(arguments: ComputeType.allCases, Flavor.allCases)
  func `spans that threads divide have the reference's bits`(
    computeType: ComputeType,
    flavor: Flavor
  ) throws {
    // Single queries of long sequences: nine heads are two tiles, and each span is a unit of its own.
    let (heads, width) = (9, 20)
    var samples = Samples(seed: 9, flavor: flavor)
    let keys = try samples.normalView(rows: 3100, columns: width)
    let queries = try samples.view(rows: 2, columns: heads * width)
    try KernelComparison("attention by spans \(computeType) \(flavor)").expectEqual { device in
      let depths = [1100, 3100]
      let caches = depths.map { _ in
        KeyValueCache(headCount: 1, headDimension: width, computeType: computeType)
      }
      for (cache, depth) in zip(caches, depths) {
        try device.append(keys: keys.rows(0..<depth), values: keys.rows(0..<depth), to: cache)
      }
      let output = try blankView(rows: 2, columns: heads * width)
      device.attend(
        queries,
        headCount: heads,
        sequences: zip(caches, depths).enumerated().map { row, pair in
          AttentionRows(rows: row..<row + 1, firstPosition: pair.1 - 1, cache: pair.0)
        },
        scale: 0.2,
        into: output
      )
      return output.allFloats
    }
  }

  @Test func `keys beyond the query are not read`() throws {
    // What was rolled back is NaN: it would show in any sum that touched it.
    let width = 16
    let count = 70
    var samples = Samples(seed: 3, flavor: .ordinary)
    let keys = try samples.view(rows: count, columns: width)
    let queries = try samples.view(rows: 1, columns: width)
    let poison = try blankView(rows: 10, columns: width)
    for row in 0..<10 { poison.set(row: row, to: [Float](repeating: .nan, count: width)) }
    for computeType in ComputeType.allCases {
      for kept in [1, 63, 65, 69] {
        try KernelComparison("rolled back to \(kept)").expectEqual { device in
          let cache = KeyValueCache(headCount: 1, headDimension: width, computeType: computeType)
          try device.append(keys: keys.rows(0..<kept), values: keys.rows(0..<kept), to: cache)
          try device.append(keys: poison, values: poison, to: cache)
          cache.rollBack(to: kept)
          let output = try blankView(rows: 1, columns: width)
          device.attend(
            queries,
            headCount: 1,
            sequences: [AttentionRows(rows: 0..<1, firstPosition: kept - 1, cache: cache)],
            scale: 1,
            into: output
          )
          #expect(output.allFloats.allSatisfy { !$0.isNaN })
          return output.allFloats
        }
      }
    }
  }
}
