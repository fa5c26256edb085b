// SPDX-License-Identifier: Apache-2.0

import GRDB
public import Ledger

/// Which rows of a ledger are meant; what is nil says nothing.
public struct LedgerFilter: Sendable, Hashable {
  /// The kind of work.
  public var kind: LedgerRow.Kind?
  /// The run, evaluation or request.
  public var run: String?
  /// The first time, or its beginning: `2026-11` is from the first of November on.
  public var since: String?
  /// The last time.
  public var until: String?
  /// The hash of the weights.
  public var weights: String?
  /// The hash of the recipe.
  public var recipe: String?

  /// Creates a filter.
  public init(
    kind: LedgerRow.Kind? = nil,
    run: String? = nil,
    since: String? = nil,
    until: String? = nil,
    weights: String? = nil,
    recipe: String? = nil
  ) {
    self.kind = kind
    self.run = run
    self.since = since
    self.until = until
    self.weights = weights
    self.recipe = recipe
  }

  /// Whether a row is meant.
  public func holds(_ row: LedgerRow) -> Bool {
    (kind.map { $0 == row.kind } ?? true) && (run.map { $0 == row.run } ?? true)
      && (since.map { $0 <= row.time } ?? true) && (until.map { $0 >= row.time } ?? true)
      && (weights.map { $0 == row.weights } ?? true) && (recipe.map { $0 == row.recipe } ?? true)
  }

  /// What a query of `entry` asks for, and its arguments.
  var condition: (sql: String, arguments: StatementArguments) {
    var terms: [String] = []
    var arguments = StatementArguments()
    for (term, value) in [
      ("kind = ?", kind?.rawValue), ("run = ?", run), ("time >= ?", since), ("time <= ?", until),
      ("weights = ?", weights), ("recipe = ?", recipe),
    ] {
      guard let value else { continue }
      terms.append("entry." + term)
      arguments += [value]
    }
    return (terms.isEmpty ? "1" : terms.joined(separator: " AND "), arguments)
  }
}
