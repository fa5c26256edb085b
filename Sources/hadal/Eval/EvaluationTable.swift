// SPDX-License-Identifier: Apache-2.0

import Evaluation

/// Results as a person reads them, a task a row.
struct EvaluationTable {
  private let nameColumns: Int

  /// Lays the table out for tasks that are known by name.
  init(tasks: [String]) { nameColumns = tasks.reduce(4) { max($0, $1.count) } }

  var head: String { row("task", ["n", "correct", "rate", "95 % interval", "cut"]) }

  func row(_ result: TaskResult) -> String {
    let interval = result.interval
    return row(
      result.task,
      [
        "\(result.answerCount)", "\(result.correctCount)", "\(Self.percent(result.rate)) %",
        "\(Self.percent(interval.low))–\(Self.percent(interval.high)) %", "\(result.cutCount)",
      ]
    )
  }

  private func row(_ name: String, _ cells: [String]) -> String {
    let room = String(repeating: " ", count: max(0, nameColumns - name.count))
    let padded = zip(cells, [6, 7, 7, 14, 5]).map { cell, columns in
      String(repeating: " ", count: max(0, columns - cell.count)) + cell
    }
    return ([name + room] + padded).joined(separator: "  ")
  }

  /// A share in percent, with one place behind the point.
  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
