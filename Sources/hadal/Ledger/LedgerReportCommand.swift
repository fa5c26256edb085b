// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import JSON
public import Ledger
import Planning
import Storage

extension LedgerTotal.Grouping: ExpressibleByArgument {}

/// `hadal ledger report`.
struct LedgerReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Add up what work has cost.",
    discussion: """
      Tokens, hours, energy and money by kind of work, by run, device, month or chain. A ~ before a
      figure of energy says that some of it was estimated; rows without a figure count for nothing.
      By run, what was planned stands beside what was spent: the error is planned over spent hours at
      the tokens that were trained on, minus 1.

        hadal ledger report
        hadal ledger report --by run --since 2026-11
        hadal ledger report --by month --json
      """
  )

  @Option(help: "Add up by kind, run, device, month or writer.")
  var by = LedgerTotal.Grouping.kind

  @OptionGroup var filter: LedgerFilterOptions

  @Flag(help: "Read every row again, and let the index be.")
  var raw = false

  @OptionGroup var place: LedgerPlaceOptions

  func run() throws {
    let index = try place.index(isRaw: raw)
    let totals = try index.totals(by: by, filter.filter)
    var sum = LedgerTotal(key: "total")
    for total in totals { sum.add(total) }
    if place.json {
      for total in totals { try Output.json(json(total)) }
      try Output.json(.object([("total", .object(sum.members))]))
    } else {
      for line in table(totals, sum).lines { try Output.line(line) }
    }
    try place.warn(of: index)
  }

  private func json(_ total: LedgerTotal) -> JSONText {
    var members: [(String, JSONText)] = [
      ("by", .string(by.rawValue)), ("key", total.key.map(JSONText.string) ?? .null),
    ]
    if by == .run { members.append(("recipe", total.recipe.map(JSONText.string) ?? .null)) }
    return .object(members + total.members)
  }

  private func table(_ totals: [LedgerTotal], _ sum: LedgerTotal) -> LedgerTable {
    let planHead = by == .run ? ["planned", "error"] : []
    var table = LedgerTable(
      [by.rawValue, "rows", "tokens", "took", "energy", "USD"] + planHead,
      leftColumns: [0]
    )
    for total in totals + [sum] {
      var cells = [
        total.key ?? LedgerText.unknown, "\(total.rowCount)", LedgerText.figure(total.tokenCount),
        PlanNumber.duration(total.seconds), LedgerText.energy(total),
        LedgerText.figure(total.knownDollars),
      ]
      if by == .run {
        cells.append(total.plan?.seconds.map(PlanNumber.duration) ?? LedgerText.unknown)
        cells.append(total.plan?.error.map(LedgerText.signedPercent) ?? LedgerText.unknown)
      }
      table.append(cells)
    }
    return table
  }
}
