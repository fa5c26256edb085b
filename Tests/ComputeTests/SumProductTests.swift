// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// Derivatives of products on every kernel path and thread count, held to the reference device.
///
/// Method: seeded inputs of awkward shapes, with empty places between the rows of a batch. Equal bits
/// over shapes that no panel, block or tile divides prove that neither packing nor threads have a say.
@Suite struct SumProductTests {
  private static let shapes: [(rows: Int, outputs: Int, inputs: Int)] = [
    (1, 1, 1), (2, 3, 17), (7, 65, 63), (65, 5, 130), (13, 70, 16), (66, 33, 100), (128, 64, 64),
    (5, 200, 80),
  ]

  @Test(arguments: ComputeType.allCases, [ElementType.f32, .f16, .bf16])
  func `the gradient of an input has the reference's bits`(
    computeType: ComputeType,
    weightType: ElementType
  ) throws {
    for (index, shape) in Self.shapes.enumerated() {
      for flavor in Flavor.allCases {
        var samples = Samples(seed: UInt64(index), flavor: flavor)
        let gradient = try samples.view(rows: shape.rows, columns: shape.outputs)
        let weight = try samples.tensor(weightType, [shape.outputs, shape.inputs])
        let start = try samples.view(rows: shape.rows, columns: shape.inputs)
        try KernelComparison("propagate \(computeType) \(weightType) \(shape) \(flavor)")
          .expectEqual { device in
            let targets = [try start.copy(), try start.copy()]
            device.propagate(
              targets.enumerated().map { place, target in
                InputGradient(
                  gradient: gradient,
                  weight: weight,
                  target: target,
                  accumulates: place == 1
                )
              },
              computeType: computeType
            )
            return targets.flatMap(\.allFloats)
          }
      }
    }
  }

  // Method: five weights of 1 or 2 MB, of which a few at a time are packed; one has no rows.
  @Test(arguments: ComputeType.allCases)
  func `more weights than are packed at once have the reference's bits`(
    computeType: ComputeType
  ) throws {
    var samples = Samples(seed: 9, flavor: .ordinary)
    let weights = try (0..<5).map { _ in try samples.tensor(.bf16, [400, 1100]) }
    let gradients = try [1, 2, 0, 1, 2].map { try samples.view(rows: $0, columns: 400) }
    try KernelComparison("propagate many \(computeType)").expectEqual { device in
      let targets = try gradients.map { try blankView(rows: $0.rowCount, columns: 1100) }
      device.propagate(
        zip(zip(gradients, weights), targets).map { pair, target in
          InputGradient(gradient: pair.0, weight: pair.1, target: target)
        },
        computeType: computeType
      )
      return targets.flatMap(\.allFloats)
    }
  }

  @Test(arguments: ComputeType.allCases, Flavor.allCases)
  func `the gradient of a weight has the reference's bits`(
    computeType: ComputeType,
    flavor: Flavor
  ) throws {
    for (index, shape) in Self.shapes.enumerated() {
      var samples = Samples(seed: UInt64(index), flavor: flavor)
      let gradients = try [shape.outputs, shape.outputs + 3].map {
        try samples.view(rows: shape.rows, columns: $0)
      }
      let input = try samples.view(rows: shape.rows + 2, columns: shape.inputs)
      let starts = gradients.map { samples.floats($0.columnCount * shape.inputs) }
      let cut = shape.rows / 3
      let runs = [0..<cut, cut..<shape.rows].filter { !$0.isEmpty }
      let places = (0..<shape.rows).map { Int32(($0 * 7) % (shape.rows + 2)) }
      for rows in [ContractedRows(runs: runs), ContractedRows(runs: runs, inputRows: places)] {
        try KernelComparison("accumulate \(computeType) \(shape) \(flavor)").expectEqual { device in
          let targets = try zip(gradients, starts).map { gradient, start in
            try Tensor(start, shape: [gradient.columnCount, shape.inputs])
          }
          device.accumulate(
            [
              WeightGradient(
                input: input,
                outputs: zip(gradients, targets).map { .init(gradient: $0, target: $1) },
                rows: rows
              )
            ],
            computeType: computeType
          )
          return targets.flatMap(\.floats)
        }
      }
    }
  }

  @Test(arguments: ComputeType.allCases)
  func `rows of a batch may come in one call or in several`(computeType: ComputeType) throws {
    var samples = Samples(seed: 3, flavor: .ordinary)
    let gradient = try samples.view(rows: 150, columns: 37)
    let input = try samples.view(rows: 150, columns: 70)
    let runs = [0..<31, 31..<90, 90..<150]
    let device = try CPUDevice(threadCount: 2)
    let whole = try Tensor(zeros: [37, 70], elementType: .f32)
    let parts = try Tensor(zeros: [37, 70], elementType: .f32)
    let product = { (rows: Range<Int>, runs: [Range<Int>], target: Tensor) in
      WeightGradient(
        input: input.rows(rows),
        outputs: [.init(gradient: gradient.rows(rows), target: target)],
        rows: ContractedRows(runs: runs)
      )
    }
    device.accumulate([product(0..<150, runs, whole)], computeType: computeType)
    for run in runs {
      device.accumulate([product(run, [0..<run.count], parts)], computeType: computeType)
    }
    #expect(whole.floats.map(\.bitPattern) == parts.floats.map(\.bitPattern))
    #expect(whole.floats.contains { $0 != 0 })
  }
}
