// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// Every operation's derivative against differences of the operation's formula.
///
/// The loss of each is the sum of its results, each times a number of its own.
@Suite struct OperationDifferenceTests {
  @Test func `the product's is its slope`() throws {
    var samples = Samples(seed: 1, flavor: .ordinary)
    let (x, weight) = (try samples.view(rows: 5, columns: 7), samples.floats(3 * 7))
    let gradient = try samples.view(rows: 5, columns: 3)
    try DifferenceComparison("product").expectSlopes(of: [x.allFloats, weight]) { inputs in
      let results = rows(inputs[0], of: 7).flatMap { row in
        rows(inputs[1], of: 7).map { product($0, row) }
      }
      return product(results, gradient.doubles)
    } _: { device in
      let (dx, dw) = (
        try blankView(rows: 5, columns: 7), try Tensor(zeros: [3, 7], elementType: .f32)
      )
      let matrix = try Tensor(weight, shape: [3, 7])
      device.propagate(
        [InputGradient(gradient: gradient, weight: matrix, target: dx)],
        computeType: .f32
      )
      device.accumulate(
        [
          WeightGradient(
            input: x,
            outputs: [.init(gradient: gradient, target: dw)],
            rows: ContractedRows(runs: [0..<3, 3..<5])
          )
        ],
        computeType: .f32
      )
      return [dx.allFloats, dw.floats]
    }
  }

  @Test func `the norm's is its slope`() throws {
    var samples = Samples(seed: 2, flavor: .ordinary)
    let (x, weight) = (try samples.view(rows: 4, columns: 9), samples.floats(9))
    let gradient = try samples.view(rows: 4, columns: 9)
    // An epsilon that has a say.
    let epsilon: Float = 0.25
    try DifferenceComparison("norm").expectSlopes(of: [x.allFloats, weight]) { inputs in
      let results = rows(inputs[0], of: 9).flatMap { row in
        let scale = 1 / (product(row, row) / 9 + Double(epsilon)).squareRoot()
        return zip(row, inputs[1]).map { $0 * scale * $1 }
      }
      return product(results, gradient.doubles)
    } _: { device in
      let dx = try blankView(rows: 4, columns: 9)
      let dw = try Tensor(zeros: [9], elementType: .f32)
      device.normalizeGradient(
        of: x,
        weight: try Tensor(weight, shape: [9]),
        epsilon: epsilon,
        gradient: gradient,
        weightGradient: dw,
        into: dx,
        accumulates: false
      )
      return [dx.allFloats, dw.floats]
    }
  }

  @Test func `the activation's is its slope`() throws {
    var samples = Samples(seed: 3, flavor: .ordinary)
    let views = try (0..<3).map { _ in try samples.view(rows: 3, columns: 11) }
    let inputs = views.dropFirst().map(\.allFloats)
    try DifferenceComparison("activation").expectSlopes(of: inputs) { inputs in
      let results = zip(inputs[0], inputs[1]).map { $0 * sigmoid($0) * $1 }
      return product(results, views[0].doubles)
    } _: { device in
      let (gate, up) = (try views[1].copy(), try views[2].copy())
      device.multiplySiLUGradient(views[0], gate: gate, up: up)
      return [gate.allFloats, up.allFloats]
    }
  }

  @Test func `cross-entropy's is its slope`() throws {
    var samples = Samples(seed: 4, flavor: .ordinary)
    let logits = try samples.view(rows: 4, columns: 10)
    let targets: [Int32] = [3, 0, 9, 3]
    // A weight of 0 leaves a row out.
    let weights: [Float] = [0.5, 0, 0.25, 1]
    try DifferenceComparison("cross-entropy").expectSlopes(of: [logits.allFloats]) { inputs in
      let losses = zip(rows(inputs[0], of: 10), targets).map { row, target in
        -ElementaryFunctions.log(softmax(row)[Int(target)])
      }
      return product(losses, weights.map(Double.init))
    } _: { device in
      let result = try logits.copy()
      let sums = device.logSumExp(result)
      device.crossEntropyGradient(result, sums: sums, targets: targets, weights: weights)
      return [result.allFloats]
    }
  }

  @Test func `the mixture's sum's is its slope`() throws {
    var samples = Samples(seed: 5, flavor: .ordinary)
    let gradient = try samples.view(rows: 4, columns: 6)
    let outputs = try samples.view(rows: 8, columns: 6)
    let choice = ExpertChoice(
      chosenCount: 2,
      experts: [0, 2, 1, 2, 0, 1, 1, 3],
      weights: samples.floats(8)
    )
    let groups = ExpertGroups(choice, expertCount: 4)
    let inputs = [outputs.allFloats, choice.weights]
    try DifferenceComparison("mixture's sum").expectSlopes(of: inputs) { inputs in
      let (own, slopes) = (rows(inputs[0], of: 6), rows(gradient.doubles, of: 6))
      return inputs[1].enumerated().reduce(0) { sum, entry in
        sum + entry.element
          * product(own[Int(groups.pairs[entry.offset])], slopes[entry.offset / 2])
      }
    } _: { device in
      let result = try outputs.copy()
      let weights = device.combineGradient(
        gradient,
        outputs: result,
        choice: choice,
        groups: groups
      )
      return [result.allFloats, weights]
    }
  }

  @Test(arguments: [RoutingRule.Scoring.sigmoid, .softmax], [false, true])
  func `the router's is its slope`(scoring: RoutingRule.Scoring, normalizes: Bool) throws {
    var samples = Samples(seed: 6, flavor: .ordinary)
    let logits = try samples.view(rows: 5, columns: 8)
    let rule = RoutingRule(
      scoring: scoring,
      expertCount: 8,
      chosenCount: 3,
      normalizes: normalizes,
      scale: 2.5
    )
    let gradients = samples.floats(15)
    // One row is in no sequence whose load is kept even.
    let balance = [
      BalanceSlopes(rows: 0..<2, slopes: samples.floats(8)),
      BalanceSlopes(rows: 3..<5, slopes: samples.floats(8)),
    ]
    var choice = ExpertChoice(chosenCount: 3)
    ReferenceDevice<Double>().route(logits, rule: rule, selectionBias: nil, into: &choice)
    // The choice has no slope: differences go on with the experts of the start.
    let experts = choice.experts.map(Int.init)
    let comparison = DifferenceComparison("router \(scoring) \(normalizes)")
    try comparison.expectSlopes(of: [logits.allFloats]) { inputs in
      rows(inputs[0], of: 8).enumerated().reduce(0) { sum, entry in
        let (token, row) = entry
        let affinities = scoring == .sigmoid ? row.map(sigmoid) : softmax(row)
        let chosen = experts[token * 3..<(token + 1) * 3].map { affinities[$0] }
        let divisor = normalizes ? chosen.reduce(0, +) : 1
        let slopes = gradients[token * 3..<(token + 1) * 3].map(Double.init)
        let all = affinities.reduce(0, +)
        let even = balance.filter { $0.rows.contains(token) }.reduce(0) {
          $0 + product($1.slopes.map(Double.init), affinities) / all
        }
        return sum + product(slopes, chosen) / divisor * 2.5 + even
      }
    } _: { device in
      let result = try logits.copy()
      device.routerGradient(
        result,
        rule: rule,
        choice: choice,
        weightGradients: gradients,
        balance: balance
      )
      return [result.allFloats]
    }
  }
}

/// 1 / (1 + e⁻ˣ).
private func sigmoid(_ x: Double) -> Double { 1 / (1 + ElementaryFunctions.exp(-x)) }

/// eˣ over the sum of all.
private func softmax(_ x: [Double]) -> [Double] {
  let exponentials = x.map(ElementaryFunctions.exp)
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / sum }
}
