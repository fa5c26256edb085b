// SPDX-License-Identifier: Apache-2.0

import GRDB
public import Ledger

/// What the index is asked.
extension LedgerIndex {
  /// A row that was found, read from its chain's file.
  public struct Found: Sendable, Hashable {
    /// Its 1-based line in the file.
    public let line: Int
    /// The row as it stands there.
    public let chained: ChainedRow
  }

  /// How many lines of all chains are no rows.
  ///
  /// - Throws: `StorageError` where the index cannot be read.
  public func unreadableCount() throws(StorageError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT sum(unreadable) FROM chain") ?? 0 }
  }

  /// The rows that a filter holds, the oldest first, read from the files.
  ///
  /// - Parameters:
  ///   - filter: Which rows.
  ///   - limit: How many of the newest at most; nil for all.
  /// - Throws: `StorageError` or `LedgerError` where they cannot be read.
  /// - Returns: The rows, each with its place.
  public func rows(_ filter: LedgerFilter, newest limit: Int? = nil) throws -> [Found] {
    let (condition, arguments) = filter.condition
    let places = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT writer, line, offset, entry.bytes AS length FROM entry
            JOIN chain ON chain.number = entry.chain WHERE \(condition)
            ORDER BY time DESC, chain.number DESC, line DESC LIMIT \(limit ?? -1)
          """,
        arguments: arguments
      ).reversed()
    }
    var readers: [String: LedgerReader] = [:]
    var found: [Found] = []
    for place in places {
      guard let writer = place.text("writer"), let line = place.integer("line"),
        let offset = place.integer("offset"), let length = place.integer("length")
      else { continue }
      let reader = try readers[writer] ?? LedgerReader(path: "\(folder)/\(writer).jsonl")
      readers[writer] = reader
      // What was changed since the index looked is no longer the row that it found.
      guard let row = try? ChainedRow(line: reader.bytes(offset..<offset + length)) else {
        continue
      }
      found.append(Found(line: line, chained: row))
    }
    return found
  }

  /// Adds up the rows that a filter holds, in groups.
  ///
  /// - Throws: `StorageError` where the index cannot be read.
  /// - Returns: The groups in the order of their keys.
  public func totals(
    by grouping: LedgerTotal.Grouping,
    _ filter: LedgerFilter = LedgerFilter()
  ) throws(StorageError) -> [LedgerTotal] {
    let (condition, arguments) = filter.condition
    return try read { database in
      var totals = try Row.fetchAll(
        database,
        sql: """
          SELECT \(grouping.keys),
              count(*) FILTER (WHERE NOT is_plan) AS rows,
              sum(seconds) FILTER (WHERE NOT is_plan) AS seconds,
              sum(operations) FILTER (WHERE NOT is_plan) AS operations,
              sum(joules) FILTER (WHERE joules_source = 'measured' AND NOT is_plan) AS measured,
              sum(joules) FILTER (WHERE joules_source = 'estimated' AND NOT is_plan) AS estimated,
              count(*) FILTER (WHERE joules IS NULL AND NOT is_plan) AS unmetered,
              sum(usd) FILTER (WHERE NOT is_plan) AS usd,
              count(*) FILTER (WHERE usd IS NULL AND NOT is_plan) AS unpriced,
              count(*) FILTER (WHERE is_plan) AS plans,
              sum(seconds) FILTER (WHERE kind = 'train' AND NOT is_plan) AS trained
            FROM entry JOIN chain ON chain.number = entry.chain
            WHERE \(condition) GROUP BY 1, 2 ORDER BY 1, 2
          """,
        arguments: arguments
      ).map { row in (LedgerTotal(row), (row.integer("plans") ?? 0) > 0, row.number("trained") ?? 0)
      }
      let counts = try Row.fetchAll(
        database,
        sql: """
          SELECT \(grouping.keys), purpose, sum(count) AS count
            FROM entry JOIN chain ON chain.number = entry.chain
            JOIN tokens ON tokens.chain = entry.chain AND tokens.line = entry.line
            WHERE \(condition)
              AND (NOT is_plan OR purpose IN ('planned_tokens', 'planned_milliseconds'))
            GROUP BY 1, 2, 3
          """,
        arguments: arguments
      )
      for count in counts {
        guard let purpose = count.text("purpose"), let value = count.integer("count"),
          let index = totals.firstIndex(where: {
            $0.0.key == count.text("key") && $0.0.recipe == count.text("recipe")
          })
        else { continue }
        totals[index].0.tokens[purpose] = value
      }
      return totals.map { total, isPlanned, trained in
        total.separatingPlan(isPlanned: isPlanned, trainedSeconds: trained)
      }
    }
  }
}

extension LedgerTotal.Grouping {
  /// The first two columns of a query: what rows are put together by.
  fileprivate var keys: String {
    switch self {
    case .kind: "kind AS key, NULL AS recipe"
    case .run: "run AS key, recipe AS recipe"
    case .device: "device AS key, NULL AS recipe"
    case .month: "substr(time, 1, 7) AS key, NULL AS recipe"
    case .writer: "writer AS key, NULL AS recipe"
    }
  }
}

extension LedgerTotal {
  fileprivate init(_ row: Row) {
    self.init(key: row.text("key"))
    recipe = row.text("recipe")
    rowCount = row.integer("rows") ?? 0
    seconds = row.number("seconds") ?? 0
    operations = row.number("operations") ?? 0
    measuredJoules = row.number("measured") ?? 0
    estimatedJoules = row.number("estimated") ?? 0
    unmeteredCount = row.integer("unmetered") ?? 0
    dollars = row.number("usd") ?? 0
    unpricedCount = row.integer("unpriced") ?? 0
  }

  /// Takes what is no count of tokens out of them.
  fileprivate func separatingPlan(isPlanned: Bool, trainedSeconds: Double) -> LedgerTotal {
    var total = self
    let plannedTokens = total.tokens[LedgerRow.Count.plannedTokens.rawValue]
    let milliseconds = total.tokens[LedgerRow.Count.plannedMilliseconds.rawValue]
    for count in LedgerRow.Count.allCases { total.tokens[count.rawValue] = nil }
    guard isPlanned, let plannedTokens else { return total }
    total.plan = Plan(
      tokenCount: plannedTokens,
      seconds: milliseconds.map { Double($0) / 1000 },
      spentTokenCount: total.tokens["train"] ?? 0,
      spentSeconds: trainedSeconds
    )
    return total
  }
}
