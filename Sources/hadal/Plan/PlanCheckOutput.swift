// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Planning

/// Prints how the planner stands beside published runs.
struct PlanCheckOutput {
  private let catalog: ModelCatalog

  init(_ catalog: ModelCatalog) { self.catalog = catalog }

  func show(json: Bool, markdown: Bool) throws {
    let check = try PublishedCheck(catalog)
    if markdown {
      try Output.text(check.markdown)
    } else if json {
      for row in check.rows { try Output.json(row.json) }
      try Output.json(check.summary)
    } else {
      for row in check.rows { try Output.line(Self.line(row)) }
      try Output.line(
        "\(check.rows.count) figures, \(check.timeRows.count) training times: median error "
          + "\(PlanNumber.signedPercent(check.medianError)) of each predicted from the others, "
          + "\(check.count(within: 0.2)) within 20 %"
      )
      for assumption in check.assumptions {
        try Output.line("\(PlanNumber.exact(assumption.value))  \(assumption.what)")
      }
    }
    if !check.isAccepted { throw ArgumentParser.ExitCode(1) }
  }

  private static func line(_ row: CheckRow) -> String {
    let verdict = row.isWithin ? "" : row.reason.map { "; outside: \($0)" } ?? "; OUTSIDE"
    return
      "\(PlanNumber.signedPercent(row.error)) (\(PlanNumber.signedPercent(row.errorLeftOut)))  "
      + "\(row.run), \(row.figure): \(PlanNumber.exact(row.published)) published, "
      + "\(PlanNumber.exact(row.predicted)) predicted\(verdict)"
  }
}
