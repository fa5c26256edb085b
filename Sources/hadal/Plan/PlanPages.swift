// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import JSON
public import Planning

extension HeadlineComparison: ExpressibleByArgument {}

/// Prints what a plan found.
enum PlanPages {
  // LIMIT: as many as a screen shows.
  static let rankCount = 12

  /// Prints a plan: lines for people, with its equations if they are wanted; or one object.
  static func show(
    lines: [String],
    object: JSONText,
    equations: [Equation],
    json: Bool
  ) throws {
    if json {
      guard !equations.isEmpty, case .object(let members) = object else {
        return try Output.json(object)
      }
      let unfolded = JSONText.array(equations.map(\.json))
      return try Output.json(.object(members + [("equations", unfolded)]))
    }
    for line in lines { try Output.line(line) }
    for equation in equations {
      try Output.line("")
      for line in equation.lines { try Output.line(line) }
    }
  }

  /// Prints a comparison.
  static func show(_ comparison: Comparison, json: Bool) throws {
    if json { return try Output.json(comparison.json) }
    for line in comparison.lines { try Output.line(line) }
  }

  /// Prints the layouts that fit, the best first.
  static func show(
    ranked: [TrainingEstimate],
    _ scenario: TrainingScenario,
    json: Bool
  ) throws {
    guard !ranked.isEmpty else {
      let least = try LayoutSearch(scenario).smallest()
      throw PlanError(
        .nothingFits(
          deviceCount: scenario.deviceCount,
          needed: PlanNumber.whole(least?.memory.total ?? 0),
          available: PlanNumber.whole(scenario.device.memoryByteCount)
        ),
        place: "--count"
      )
    }
    if json {
      for estimate in ranked { try Output.json(estimate.json) }
      return
    }
    try Output.line("    step       tokens/s  of peak     memory  bound    layout")
    for (index, estimate) in ranked.enumerated() {
      let cells = [
        (PlanNumber.duration(estimate.step.total), 12),
        (PlanNumber.text(estimate.tokensPerSecond), 11),
        (PlanNumber.digits(estimate.shareOfPeak * 100) + " %", 9),
        (PlanNumber.bytes(estimate.memory.total), 11),
      ]
      let text = cells.map { padded($0.0, $0.1) }.joined()
      let bound = estimate.step.bound.rawValue
      let space = String(repeating: " ", count: max(9 - bound.count, 1))
      try Output.line(
        "\(padded("\(index + 1)", 2))\(text)  \(bound)\(space)\(estimate.layout.text)"
      )
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}
