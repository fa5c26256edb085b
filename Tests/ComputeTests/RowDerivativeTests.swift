// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// Derivatives of what walks rows, on every kernel path and thread count, held to the reference.
@Suite struct RowDerivativeTests {
  private static let shapes: [(rows: Int, columns: Int)] = [(1, 1), (3, 17), (5, 64), (40, 100)]

  /// Runs a case for every shape and flavor.
  private func forEach(
    _ label: String,
    _ body: (inout Samples, (rows: Int, columns: Int), KernelComparison) throws -> Void
  ) throws {
    for (index, shape) in Self.shapes.enumerated() {
      for flavor in Flavor.allCases {
        var samples = Samples(seed: UInt64(index), flavor: flavor)
        try body(&samples, shape, KernelComparison("\(label) \(shape) \(flavor)"))
      }
    }
  }

  @Test(arguments: [false, true])
  func `the norm's`(accumulates: Bool) throws {
    try forEach("norm's derivative") { samples, shape, comparison in
      let input = try samples.view(rows: shape.rows, columns: shape.columns)
      let gradient = try samples.view(rows: shape.rows, columns: shape.columns)
      let start = try samples.view(rows: shape.rows, columns: shape.columns)
      let weight = try Tensor(samples.floats(shape.columns), shape: [shape.columns])
      let weightStart = samples.floats(shape.columns)
      try comparison.expectEqual { device in
        let output = try start.copy()
        let weightGradient = try Tensor(weightStart, shape: [shape.columns])
        device.normalizeGradient(
          of: input,
          weight: weight,
          epsilon: 1e-5,
          gradient: gradient,
          weightGradient: weightGradient,
          into: output,
          accumulates: accumulates
        )
        return output.allFloats + weightGradient.floats
      }
    }
  }

  @Test func `the activation's`() throws {
    try forEach("activation's derivative") { samples, shape, comparison in
      let views = try (0..<3).map { _ in try samples.view(rows: shape.rows, columns: shape.columns)
      }
      try comparison.expectEqual { device in
        let (gate, up) = (try views[1].copy(), try views[2].copy())
        device.multiplySiLUGradient(views[0], gate: gate, up: up)
        return gate.allFloats + up.allFloats
      }
    }
  }

  @Test func `the bias's and the look-up's`() throws {
    try forEach("rows added") { samples, shape, comparison in
      let rows = try samples.view(rows: shape.rows, columns: shape.columns)
      let start = samples.floats(4 * shape.columns)
      let ids = (0..<shape.rows).map { _ in Int32(samples.below(4)) }
      try comparison.expectEqual { device in
        let sum = try Tensor(Array(start.prefix(shape.columns)), shape: [shape.columns])
        let table = try Tensor(start, shape: [4, shape.columns])
        device.addRows(rows, to: sum)
        device.addRows(rows, at: ids, to: table)
        return sum.floats + table.floats
      }
    }
  }

  @Test func `cross-entropy's`() throws {
    try forEach("cross-entropy's derivative") { samples, shape, comparison in
      let logits = try samples.view(rows: shape.rows, columns: shape.columns)
      let targets = (0..<shape.rows).map { _ in Int32(samples.below(shape.columns)) }
      let weights = samples.floats(shape.rows)
      try comparison.expectEqual { device in
        let result = try logits.copy()
        let sums = device.logSumExp(result)
        device.crossEntropyGradient(result, sums: sums, targets: targets, weights: weights)
        return result.allFloats
      }
    }
  }

  @Test func `the mixture's sum's`() throws {
    try forEach("mixture's derivative") { samples, shape, comparison in
      let gradient = try samples.view(rows: shape.rows, columns: shape.columns)
      let outputs = try samples.view(rows: 2 * shape.rows, columns: shape.columns)
      let experts = (0..<shape.rows).flatMap { _ -> [Int32] in [Int32(samples.below(2)), 2] }
      let choice = ExpertChoice(
        chosenCount: 2,
        experts: experts,
        weights: samples.floats(2 * shape.rows)
      )
      let groups = ExpertGroups(choice, expertCount: 3)
      try comparison.expectEqual { device in
        let result = try outputs.copy()
        let weights = device.combineGradient(
          gradient,
          outputs: result,
          choice: choice,
          groups: groups
        )
        return result.allFloats + weights
      }
    }
  }

  @Test(arguments: [RoutingRule.Scoring.sigmoid, .softmax], [false, true])
  func `the router's`(scoring: RoutingRule.Scoring, normalizes: Bool) throws {
    for flavor in Flavor.allCases {
      var samples = Samples(seed: 5, flavor: flavor)
      // Several chunks of rows; the sequences end within some.
      let logits = try samples.view(rows: 90, columns: 20)
      let rule = RoutingRule(
        scoring: scoring,
        expertCount: 20,
        chosenCount: 3,
        normalizes: normalizes,
        scale: 2.5
      )
      let gradients = samples.floats(3 * 90)
      let balance = [
        BalanceSlopes(rows: 0..<40, slopes: samples.floats(20)),
        BalanceSlopes(rows: 60..<90, slopes: samples.floats(20)),
      ]
      try KernelComparison("router's derivative \(scoring) \(normalizes) \(flavor)").expectEqual {
        var choice = ExpertChoice(chosenCount: 3)
        let result = try logits.copy()
        let affinities = try blankView(rows: 90, columns: 20)
        $0.affinities(of: result, rule: rule, into: affinities)
        $0.route(result, rule: rule, selectionBias: nil, into: &choice)
        $0.routerGradient(
          result,
          rule: rule,
          choice: choice,
          weightGradients: gradients,
          balance: balance
        )
        return affinities.allFloats + result.allFloats
      }
    }
  }

  @Test(arguments: [[1], [15], [4096], [10_000], [5, 0, 9000, 4096, 1]], [false, true])
  func `AdamW and the sums of squares`(counts: [Int], isRounded: Bool) throws {
    for flavor in Flavor.allCases {
      var samples = Samples(seed: 9, flavor: flavor)
      let values = counts.map { count in (0..<4).map { _ in samples.floats(count) } }
      let step = AdamWStep(
        step: 3,
        clip: 0.5,
        rate: 1e-3,
        betas: (0.9, 0.95),
        epsilon: 1e-8,
        decay: 0.1
      )
      try KernelComparison("AdamW \(counts) \(flavor)").expectEqual { device in
        let states = try values.map { values in
          let tensors = try values.map { try Tensor($0, shape: [$0.count]) }
          return AdamWState(
            weight: tensors[0],
            rounded: isRounded ? try Tensor(zeros: [values[0].count], elementType: .bf16) : nil,
            gradient: tensors[1],
            firstMoment: tensors[2],
            secondMoment: tensors[3]
          )
        }
        device.update(states, by: step)
        let changed = states.flatMap { state in
          [state.weight, state.firstMoment, state.secondMoment, state.rounded].compactMap(\.self)
        }
        let squares = device.sumsOfSquares(states.map(\.gradient))
        return changed.flatMap(\.floats) + squares.map(Float.init)
      }
    }
  }
}
