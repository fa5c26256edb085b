// SPDX-License-Identifier: Apache-2.0

import Evaluation
import JSON
import Ledger

/// How many answers to a task's questions were right, and the row that says so.
struct LabelEvaluation: Hashable {
  var result: TaskResult
  var time: String?
  var rows: [RowRange]

  /// Takes a row; nil for one that is no task's.
  init?(_ chained: ChainedRow) {
    let row = chained.row
    guard row.kind == .evaluate, let task = row.run, let count = row[.answers],
      let correct = row[.correct]
    else { return nil }
    guard let result = Self.result(task, count, correct) else { return nil }
    self.result = result
    time = row.time
    rows = [RowRange(writer: chained.writer, first: chained.n, last: chained.n)]
  }

  /// Reads what `json` writes; nil where it is something else.
  init?(_ value: JSONValue) {
    guard let task = value["task"]?.string, let count = value["n"]?.integer,
      let correct = value["correct"]?.integer, let result = Self.result(task, count, correct)
    else { return nil }
    self.result = result
    time = value["time"]?.string
    rows = value["rows"]?.array?.compactMap { RowRange($0) } ?? []
  }

  private static func result(_ task: String, _ count: Int, _ correct: Int) -> TaskResult? {
    guard count > 0, (0...count).contains(correct) else { return nil }
    return TaskResult(task: task, answerCount: count, correctCount: correct, cutCount: 0)
  }

  /// Whether it measures what the model says that it is.
  var isOfIdentity: Bool { result.task.hasPrefix("identity") }

  var json: JSONText {
    guard case .object(let members) = result.json else { return .null }
    return .object(
      members + [
        ("time", time.map(JSONText.string) ?? .null), ("rows", .array(rows.map(\.json))),
      ]
    )
  }
}
