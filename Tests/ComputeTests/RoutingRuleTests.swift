// SPDX-License-Identifier: Apache-2.0

import Compute
import TestSupport
import Testing

/// Routers against vectors that the published router classes gave, and against the rule of ties.
@Suite struct RoutingRuleTests {
  static let logits: [Float] = [0.5, -1, 1.25, 0.75, -0.25, 2, -2, 1.5]

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var rule: RoutingRule
    var bias: [Float]?
    var experts: [Int32]
    var weights: [Float]
  }

  // reference/architectures.md, section 17: 8 experts, 4 groups of 2, keep 2 groups, top-3.
  static let cases = [
    Case(
      testDescription: "V3 with a bias",
      rule: v3,
      bias: [0.30, 0.10, -0.40, 0.05, 0.60, -0.50, 0.20, -0.10],
      experts: [0, 4, 5],
      weights: [0.80169207, 0.56389165, 1.13441622]
    ),
    Case(
      testDescription: "V3 without a bias",
      rule: v3,
      bias: [Float](repeating: 0, count: 8),
      experts: [2, 3, 5],
      weights: [0.83141661, 0.72646409, 0.94211936]
    ),
    Case(
      testDescription: "V2 with groups",
      rule: RoutingRule(
        scoring: .softmax,
        expertCount: 8,
        chosenCount: 3,
        groupCount: 4,
        keptGroupCount: 2,
        groupScore: .best,
        normalizes: false,
        scale: 16
      ),
      experts: [4, 5, 7],
      weights: [0.61056000, 5.79283190, 3.51353026]
    ),
    Case(
      testDescription: "V2 greedy",
      rule: RoutingRule(scoring: .softmax, expertCount: 8, chosenCount: 3, normalizes: false),
      experts: [2, 5, 7],
      weights: [0.17102125, 0.36205199, 0.21959564]
    ),
  ]

  private static let v3 = RoutingRule(
    scoring: .sigmoid,
    expertCount: 8,
    chosenCount: 3,
    groupCount: 4,
    keptGroupCount: 2,
    groupScore: .bestTwo,
    normalizes: true,
    scale: 2.5
  )

  private func route(
    _ logits: [Float],
    _ rule: RoutingRule,
    _ bias: [Float]?,
    _ device: any Device
  ) throws -> ExpertChoice {
    let view = try Activations(rowCapacity: 1, columnCount: logits.count).rows(1)
    view.set(row: 0, to: logits)
    let tensor = try bias.map { try Tensor($0, shape: [$0.count]) }
    var choice = ExpertChoice(chosenCount: rule.chosenCount)
    device.route(view, rule: rule, selectionBias: tensor, into: &choice)
    return choice
  }

  @Test(arguments: cases)
  func `experts and weights are the published ones`(_ test: Case) throws {
    let devices = try TestDevices.allPaths() + [ReferenceDevice<Float>()]
    for device in devices {
      let choice = try route(Self.logits, test.rule, test.bias, device)
      #expect(choice.experts == test.experts, "\(device.name)")
      for (got, wanted) in zip(choice.weights, test.weights) {
        // The vectors are printed to eight places; FP32 keeps about seven digits of them.
        #expect(abs(got - wanted) <= 2e-6 * max(1, abs(wanted)), "\(device.name)")
      }
    }
  }

  @Test func `ties are won by the lower index`() throws {
    let rule = RoutingRule(
      scoring: .sigmoid,
      expertCount: 8,
      chosenCount: 2,
      groupCount: 4,
      keptGroupCount: 2,
      groupScore: .bestTwo,
      normalizes: true
    )
    for device in try TestDevices.allPaths() + [ReferenceDevice<Float>()] as [any Device] {
      let choice = try route([Float](repeating: 0.5, count: 8), rule, nil, device)
      #expect(choice.experts == [0, 1], "\(device.name)")
    }
  }

  @Test func `a NaN among the logits still gives distinct experts`() throws {
    let rule = RoutingRule(scoring: .softmax, expertCount: 4, chosenCount: 3, normalizes: true)
    for device in try TestDevices.allPaths() + [ReferenceDevice<Float>()] as [any Device] {
      let choice = try route([1, .nan, 2, 3], rule, nil, device)
      #expect(Set(choice.experts).count == 3, "\(device.name)")
    }
  }

  @Test func `groups of pairs are sorted stably by expert`() {
    let choice = ExpertChoice(
      chosenCount: 2,
      experts: [1, 3, 0, 3, 1, 3],
      weights: [1, 1, 1, 1, 1, 1]
    )
    let groups = ExpertGroups(choice, expertCount: 4)
    #expect(groups.tokens == [1, 0, 2, 0, 1, 2])
    #expect(groups.groups.map(\.expert) == [0, 1, 3])
    #expect(groups.groups.map(\.pairs) == [0..<1, 1..<3, 3..<6])
    #expect(groups.pairs == [1, 3, 0, 4, 2, 5])
  }
}
