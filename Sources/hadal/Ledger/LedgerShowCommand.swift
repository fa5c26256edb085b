// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ledger
import Planning
import Storage

/// `hadal ledger show`.
struct LedgerShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show rows of the ledger, the newest last.",
    discussion: """
      With --json each line is the row as it stands in its chain, hash and all. A figure of energy
      that was estimated from watts has a ~ before it.

        hadal ledger show
        hadal ledger show --kind train --run nano --limit 100
        hadal ledger show --since 2026-11 --json
      """
  )

  @OptionGroup var filter: LedgerFilterOptions

  @Option(help: "Show so many rows at most, 0 for all.")
  var limit = 20

  @Flag(help: "Read every row again, and let the index be.")
  var raw = false

  @OptionGroup var place: LedgerPlaceOptions

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit is \(limit), but must be 0 or more") }
  }

  func run() throws {
    let index = try place.index(isRaw: raw)
    let rows = try index.rows(filter.filter, newest: limit == 0 ? nil : limit)
    if place.json {
      for row in rows { try Output.line(String(decoding: row.chained.line, as: UTF8.self)) }
    } else {
      for line in table(rows).lines { try Output.line(line) }
    }
    try place.warn(of: index)
  }

  private func table(_ rows: [LedgerIndex.Found]) -> LedgerTable {
    var table = LedgerTable(
      ["time", "kind", "row", "tokens", "took", "energy", "USD", "run"],
      leftColumns: [0, 1, 2, 7]
    )
    for found in rows {
      let row = found.chained.row
      let tokens = row.tokenCounts.values.reduce(0, +)
      table.append([
        row.time, row.isPlan ? "plan" : row.kind.rawValue,
        "\(found.chained.writer) \(found.chained.n)",
        LedgerText.figure(Double(row[.plannedTokens] ?? tokens)),
        row.seconds.map(PlanNumber.duration) ?? LedgerText.unknown,
        LedgerText.energy(joules: row.joules, isEstimated: row.energySource == .estimated),
        LedgerText.figure(row.dollars), row.run ?? LedgerText.unknown,
      ])
    }
    return table
  }
}
