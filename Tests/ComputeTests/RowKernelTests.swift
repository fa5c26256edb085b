// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// Method: as in `ProductKernelTests`, for the operations that walk rows.
@Suite struct RowKernelTests {
  private static let widths = [1, 3, 17, 63, 65, 576, 7168]

  @Test(arguments: [ElementType.f32, .f16, .bf16], Flavor.allCases)
  func `look-up and norm have the reference's bits`(type: ElementType, flavor: Flavor) throws {
    for width in Self.widths {
      var samples = Samples(seed: UInt64(width), flavor: flavor)
      let table = try samples.tensor(type, [11, width])
      let weight = try samples.tensor(type, [width])
      let ids: [Int32] = [3, 0, 10, 3, 7]
      let input = try samples.view(rows: 5, columns: width)
      try KernelComparison("look-up and norm \(type) \(width) \(flavor)").expectEqual {
        let rows = try blankView(rows: 5, columns: width)
        $0.lookUp(ids, in: table, into: rows)
        let normed = try blankView(rows: 5, columns: width)
        $0.normalize(input, weight: weight, epsilon: 1e-6, into: normed)
        let inPlace = try input.copy()
        $0.normalize(inPlace, weight: weight, epsilon: 0, into: inPlace)
        return rows.allFloats + normed.allFloats + inPlace.allFloats
      }
    }
  }

  @Test(arguments: Flavor.allCases)
  func `activation and addition have the reference's bits`(flavor: Flavor) throws {
    for width in Self.widths {
      var samples = Samples(seed: UInt64(width) + 1, flavor: flavor)
      let gate = try samples.view(rows: 4, columns: width)
      let up = try samples.view(rows: 4, columns: width)
      try KernelComparison("silu and add \(width) \(flavor)").expectEqual {
        let activated = try gate.copy()
        $0.multiplySiLU(gate: activated, up: up)
        let sum = try gate.copy()
        $0.add(up, to: sum)
        return activated.allFloats + sum.allFloats
      }
    }
  }

  @Test func `the activation has the reference's bits over the whole range of the exponential`()
    throws
  {
    // Every 4,099th number, by bits: all exponents, both signs, infinities and NaN.
    let values = stride(from: UInt32(0), to: UInt32.max - 4_099, by: 4_099).map(
      Float.init(bitPattern:)
    )
    let columns = 4_096
    let rows = values.count / columns
    let gate = try blankView(rows: rows, columns: columns)
    let up = try blankView(rows: rows, columns: columns)
    for row in 0..<rows {
      gate.set(row: row, to: Array(values[row * columns..<(row + 1) * columns]))
      up.set(row: row, to: [Float](repeating: 1, count: columns))
    }
    try KernelComparison("silu over \(rows * columns) numbers").expectEqual {
      let activated = try gate.copy()
      $0.multiplySiLU(gate: activated, up: up)
      return activated.allFloats
    }
  }

  @Test(arguments: [RotaryLayout.halfSplit, .interleaved], Flavor.allCases)
  func `rotation has the reference's bits`(layout: RotaryLayout, flavor: Flavor) throws {
    for (pairs, offset) in [(1, 0), (3, 2), (16, 0), (17, 5), (32, 128), (40, 1)] {
      var samples = Samples(seed: UInt64(pairs), flavor: flavor)
      let angles = try RotaryAngles(rowCapacity: 6, pairCount: pairs)
      let frequencies = (0..<pairs).map { 1 / Double(1 + $0) }
      for row in 0..<6 {
        angles.fill(row: row, position: 37 * row, inverseFrequencies: frequencies, factor: 1.1)
      }
      let stride = offset + 2 * pairs + 1
      let x = try samples.normalView(rows: 6, columns: 3 * stride)
      try KernelComparison("rotation \(layout) \(pairs) \(flavor)").expectEqual {
        let rotated = try x.copy()
        $0.rotate(
          rotated,
          headCount: 3,
          headStride: stride,
          headOffset: offset,
          angles: angles,
          layout: layout
        )
        return rotated.allFloats
      }
    }
  }

  @Test(arguments: Flavor.allCases)
  func `log-sum-exp has the reference's bits`(flavor: Flavor) throws {
    for width in [1, 3, 17, 4095, 4096, 4097, 9000, 12_288] {
      var samples = Samples(seed: UInt64(width) + 2, flavor: flavor)
      let logits = try samples.view(rows: 3, columns: width)
      // A row of zeros of both signs: the maximum is the last of them.
      logits.set(row: 1, to: (0..<width).map { $0 % 3 == 1 ? 0 : -0.0 })
      KernelComparison("log-sum-exp \(width) \(flavor)").expectEqual {
        $0.logSumExp(logits).flatMap { [$0.maximum, $0.sum] }
      }
    }
  }

  @Test(arguments: Flavor.allCases)
  func `routing has the reference's bits`(flavor: Flavor) throws {
    let rules = [
      RoutingRule(scoring: .softmax, expertCount: 17, chosenCount: 3, normalizes: false),
      RoutingRule(
        scoring: .softmax,
        expertCount: 64,
        chosenCount: 6,
        groupCount: 8,
        keptGroupCount: 3,
        normalizes: true,
        scale: 16
      ),
      RoutingRule(
        scoring: .sigmoid,
        expertCount: 256,
        chosenCount: 8,
        groupCount: 8,
        keptGroupCount: 4,
        groupScore: .bestTwo,
        normalizes: true,
        scale: 2.5
      ),
      RoutingRule(
        scoring: .sigmoid,
        expertCount: 20,
        chosenCount: 18,
        groupCount: 20,
        keptGroupCount: 18,
        groupScore: .bestTwo,
        normalizes: true,
        normalizationEpsilon: 0
      ),
    ]
    for (index, rule) in rules.enumerated() {
      var samples = Samples(seed: UInt64(index), flavor: flavor)
      let logits = try samples.view(rows: 9, columns: rule.expertCount)
      // Ties: the lower index wins.
      logits.set(row: 2, to: [Float](repeating: 0.5, count: rule.expertCount))
      let bias = index % 2 == 0 ? nil : try samples.tensor(.f32, [rule.expertCount])
      KernelComparison("routing \(index) \(flavor)").expectEqual {
        var choice = ExpertChoice(chosenCount: 1, experts: [7], weights: [7])
        $0.route(logits, rule: rule, selectionBias: bias, into: &choice)
        return choice.experts.map(Float.init) + choice.weights
      }
    }
  }
}
