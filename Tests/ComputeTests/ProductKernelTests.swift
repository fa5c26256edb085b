// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// Products on every kernel path and thread count, held to the reference device.
///
/// Method: seeded inputs of awkward shapes. Equal bits over shapes that no block divides prove that neither
/// blocking nor padding nor threads have a say.
@Suite struct ProductKernelTests {
  private static let shapes: [(rows: Int, inputs: Int, outputs: Int)] = [
    (1, 1, 1), (1, 3, 17), (3, 17, 3), (2, 63, 65), (17, 65, 63), (5, 128, 9), (4, 129, 130),
    (7, 300, 131), (1, 576, 65), (1, 7168, 17), (13, 576, 33),
    // Many rows: panels of weights, K in blocks, every remainder of a tile's rows.
    (33, 4200, 13), (38, 2100, 70), (40, 200, 66), (41, 129, 5), (32, 64, 64),
    // More grains than one or two threads have chunks.
    (1, 40, 12_001),
  ]
  private static let weightTypes: [ElementType] = [.f32, .f16, .bf16, .f8e4m3]

  @Test(arguments: ComputeType.allCases, weightTypes)
  func `a product has the reference's bits`(
    computeType: ComputeType,
    weightType: ElementType
  )
    throws
  {
    for (index, shape) in Self.shapes.enumerated() {
      for flavor in Flavor.allCases {
        var samples = Samples(seed: UInt64(index), flavor: flavor)
        let input = try samples.view(rows: shape.rows, columns: shape.inputs)
        let weight = try samples.weight(weightType, shape.outputs, shape.inputs, biased: index % 2)
        try KernelComparison("product \(computeType) \(weightType) \(shape) \(flavor)").expectEqual
        {
          let output = try blankView(rows: shape.rows, columns: shape.outputs)
          $0.multiply(input, by: weight, into: output, computeType: computeType)
          return output.allFloats
        }
      }
    }
  }

  @Test(arguments: ComputeType.allCases, weightTypes)
  func `a grouped product has the reference's bits`(
    computeType: ComputeType,
    weightType: ElementType
  ) throws {
    // 250 outputs are several grains an expert: some chunks then span two experts.
    for (flavor, outputs) in Flavor.allCases.flatMap({ flavor in [19, 250].map { (flavor, $0) } }) {
      var samples = Samples(seed: 7, flavor: flavor)
      let weights = try (0..<2).map { _ in
        try (0..<5).map { _ in try samples.weight(weightType, outputs, 70, biased: 0) }
      }
      let experts: [Int32] = [0, 3, 1, 3, 3, 4, 0, 3, 1, 4]
      let choice = ExpertChoice(chosenCount: 2, experts: experts, weights: samples.floats(10))
      let groups = ExpertGroups(choice, expertCount: 5)
      let tokens = try samples.view(rows: 5, columns: 70)
      let pairs = try samples.view(rows: 10, columns: 70)
      for (input, rows) in [(tokens, groups.tokens), (pairs, nil)] as [(ActivationView, [Int32]?)] {
        try KernelComparison("grouped product \(computeType) \(weightType) \(flavor)").expectEqual {
          let output = try blankView(rows: 10, columns: outputs)
          let other = try blankView(rows: 10, columns: outputs)
          $0.multiply(
            input,
            inputRows: rows,
            groups: groups.groups,
            by: weights,
            into: ViewList(output, other),
            computeType: computeType
          )
          let sum = try blankView(rows: 5, columns: outputs)
          $0.combine(output, choice: choice, groups: groups, into: sum)
          return output.allFloats + other.allFloats + sum.allFloats
        }
      }
    }
  }

  @Test(arguments: ComputeType.allCases, [ElementType.f32, .f16, .bf16])
  func `absorption and value expansion have the reference's bits`(
    computeType: ComputeType,
    weightType: ElementType
  ) throws {
    let shapes = [
      LatentShape(2, noPosition: 5, rotary: 4, value: 7, rank: 19),
      LatentShape(3, noPosition: 16, rotary: 8, value: 16, rank: 130),
      LatentShape(1, noPosition: 33, rotary: 2, value: 3, rank: 65),
    ]
    for (shape, flavor) in shapes.flatMap({ shape in Flavor.allCases.map { (shape, $0) } }) {
      for rows in [1, 6, 35] {
        var samples = Samples(seed: UInt64(rows), flavor: flavor)
        let headRows = shape.noPositionDimension + shape.valueDimension
        let weight = try samples.tensor(weightType, [shape.headCount * headRows, shape.latentRank])
        let queryWidth = shape.noPositionDimension + shape.rotaryDimension
        let queries = try samples.normalView(rows: rows, columns: shape.headCount * queryWidth)
        let latents = try samples.view(rows: rows, columns: shape.headCount * shape.latentRank)
        try KernelComparison("absorb \(computeType) \(weightType) \(rows) \(flavor)").expectEqual {
          let absorbed = try blankView(
            rows: rows,
            columns: shape.headCount * (shape.latentRank + shape.rotaryDimension)
          )
          $0.absorb(
            queries,
            weight: weight,
            shape: shape,
            into: absorbed,
            computeType: computeType
          )
          let values = try blankView(rows: rows, columns: shape.headCount * shape.valueDimension)
          $0.expandValues(
            latents,
            weight: weight,
            shape: shape,
            into: values,
            computeType: computeType
          )
          return absorbed.allFloats + values.allFloats
        }
      }
    }
  }
}

extension LatentShape {
  fileprivate init(_ headCount: Int, noPosition: Int, rotary: Int, value: Int, rank: Int) {
    self.init(
      headCount: headCount,
      noPositionDimension: noPosition,
      rotaryDimension: rotary,
      valueDimension: value,
      latentRank: rank
    )
  }
}

extension Samples {
  /// A weight with what belongs to its type.
  fileprivate mutating func weight(
    _ type: ElementType,
    _ rows: Int,
    _ columns: Int,
    biased: Int
  ) throws -> WeightMatrix {
    let scales =
      type == .f8e4m3
      ? try tensor(.f32, [WeightMatrix.blockCount(rows), WeightMatrix.blockCount(columns)]) : nil
    let bias = biased == 1 ? try tensor(type == .f8e4m3 ? .bf16 : type, [rows]) : nil
    return WeightMatrix(try tensor(type, [rows, columns]), blockScales: scales, bias: bias)
  }

  /// A view without denormals, as every operation leaves it.
  mutating func normalView(rows: Int, columns: Int) throws -> ActivationView {
    let view = try view(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns where view[row, column].isSubnormal { view[row, column] = 0 }
    }
    return view
  }
}
