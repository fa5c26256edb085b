// SPDX-License-Identifier: Apache-2.0

import JSON
import Planning
import Testing

/// Equations against the figures that they explain.
///
/// Method: each formula is worked out with the numbers that it says were put in, by a reader that knows
/// nothing of the planner; what comes out must be the figure.
@Suite struct EquationTests {
  // Formulas are worked out in another order than the planner's own sums: a few units of the last
  // place of a double for each of some ten operations.
  private static let tolerance = 1e-12

  private func check(_ equations: [Equation]) {
    for equation in equations {
      let values = Dictionary(equation.inputs.map { ($0.symbol, $0.value) }) { first, _ in first }
      #expect(values.count == equation.inputs.count, "\(equation.symbol): a letter twice")
      let value = FormulaReader.value(of: equation.formula, values)
      let scale = max(abs(equation.value), .leastNormalMagnitude)
      #expect(
        abs((value ?? .nan) - equation.value) <= Self.tolerance * scale,
        "\(equation.symbol) = \(equation.formula): \(String(describing: value)), \(equation.value)"
      )
      #expect(!equation.source.isEmpty && !equation.what.isEmpty)
    }
  }

  @Test(arguments: PipelineSchedule.allCases)
  func `every figure of training follows from its equation`(_ schedule: PipelineSchedule) throws {
    var (scenario, layout) = try KnownModels.v3()
    scenario.goodput = 0.9
    layout.schedule = schedule
    for recomputes in [false, true] {
      layout.recomputes = recomputes
      let estimate = try TrainingEstimate(scenario, layout: layout)
      let symbols = estimate.equations.map(\.symbol)
      for symbol in ["causal", "full", "hardware", "cache", "memory", "step", "mfu", "cost"] {
        #expect(symbols.contains(symbol))
      }
      check(estimate.equations)
    }
  }

  @Test func `every figure of serving follows from its equation`() throws {
    let scenario = ServingScenario(
      model: try KnownModels.catalog.model("deepseek-r1"),
      device: try HardwareTable.named("h800"),
      deviceCount: 144,
      precision: .fp8,
      hitShare: 0.5
    )
    let equations = try ServingEstimate(scenario).equations
    #expect(equations.map(\.symbol).contains("margin"))
    check(equations)
  }

  @Test func `numbers take the place of letters`() throws {
    let equation = Equation(
      "T",
      "a time",
      "max(A, B1) / A_n * 2",
      [.init("A", 3, "a"), .init("B1", 0.25, "b"), .init("A_n", 1e12, "c")],
      6e-12,
      "s",
      source: "this test"
    )
    #expect(equation.substituted == "max(3, 0.25) / 1000000000000 * 2")
    #expect(equation.lines.contains("  T = max(A, B1) / A_n * 2"))
    let root = try JSONDocument(Array(equation.json.text.utf8)).root
    #expect(root["numbers"]?.string == equation.substituted)
    #expect(root["inputs"]?.array?.count == 3)
  }
}
