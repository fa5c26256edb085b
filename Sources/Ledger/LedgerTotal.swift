// SPDX-License-Identifier: Apache-2.0

public import JSON

/// What some rows come to together.
public struct LedgerTotal: Sendable, Hashable {
  /// By what rows are put together.
  public enum Grouping: String, Sendable, Hashable, CaseIterable {
    /// The kind of work.
    case kind
    /// The run, and the recipe that it was made by.
    case run
    /// What did the work.
    case device
    /// The month in which it ended, in UTC.
    case month
    /// The chain.
    case writer
  }

  /// What was planned for a run before it began, and what came of it.
  public struct Plan: Sendable, Hashable {
    /// The tokens that were to be trained on.
    public var tokenCount: Int
    /// The seconds that this was to take; nil where nobody knew the machine.
    public var seconds: Double?
    /// The tokens that were trained on.
    public var spentTokenCount: Int
    /// The seconds that this took.
    public var spentSeconds: Double

    /// Creates what was planned and what came of it.
    public init(
      tokenCount: Int,
      seconds: Double?,
      spentTokenCount: Int,
      spentSeconds: Double
    ) {
      self.tokenCount = tokenCount
      self.seconds = seconds
      self.spentTokenCount = spentTokenCount
      self.spentSeconds = spentSeconds
    }

    /// Planned over spent seconds, at the tokens that were trained on, minus 1; nil before a token was.
    public var error: Double? {
      guard let seconds, tokenCount > 0, spentTokenCount > 0, spentSeconds > 0 else { return nil }
      return seconds * Double(spentTokenCount) / Double(tokenCount) / spentSeconds - 1
    }
  }

  /// What the rows have in common; nil where they have no such value.
  public var key: String?
  /// The hash of the recipe, where rows are put together by run.
  public var recipe: String?
  /// How many rows of work there are.
  public var rowCount = 0
  /// Their tokens by what they were for.
  public var tokens: [String: Int] = [:]
  /// Their seconds.
  public var seconds = 0.0
  /// Their floating-point operations.
  public var operations = 0.0
  /// Joules that a meter measured.
  public var measuredJoules = 0.0
  /// Joules that were estimated from watts.
  public var estimatedJoules = 0.0
  /// How many rows have no figure of energy.
  public var unmeteredCount = 0
  /// US dollars of the rows that have a price.
  public var dollars = 0.0
  /// How many rows have none.
  public var unpricedCount = 0
  /// The plan, where one was recorded.
  public var plan: Plan?

  /// A total of no rows.
  public init(key: String? = nil) { self.key = key }

  /// Measured and estimated energy in kilowatt-hours; nil where no row has a figure.
  public var kilowattHours: Double? {
    unmeteredCount == rowCount ? nil : (measuredJoules + estimatedJoules) / 3.6e6
  }

  /// US dollars; nil where no row has a price.
  public var knownDollars: Double? { unpricedCount == rowCount ? nil : dollars }

  /// Adds other rows; plans are not added up.
  public mutating func add(_ other: LedgerTotal) {
    rowCount += other.rowCount
    tokens.merge(other.tokens, uniquingKeysWith: Self.sum)
    seconds += other.seconds
    operations += other.operations
    measuredJoules += other.measuredJoules
    estimatedJoules += other.estimatedJoules
    unmeteredCount += other.unmeteredCount
    dollars += other.dollars
    unpricedCount += other.unpricedCount
  }

  /// Adds a row, as the index does; the plan of a run is no work.
  public mutating func add(_ row: LedgerRow) {
    guard !row.isPlan else { return }
    tokens.merge(row.tokenCounts, uniquingKeysWith: Self.sum)
    add(row.figures)
  }

  /// Adds a row of work without its tokens.
  mutating func add(_ figures: RowFigures) {
    rowCount += 1
    seconds += figures.seconds ?? 0
    operations += figures.operations ?? 0
    switch (figures.joules, figures.energySource) {
    case (nil, _): unmeteredCount += 1
    case (let joules?, .measured): measuredJoules += joules
    case (let joules?, .estimated): estimatedJoules += joules
    case (_?, .none): break
    }
    if let price = figures.dollars { dollars += price } else { unpricedCount += 1 }
  }

  /// All tokens, whatever they were for.
  public var tokenCount: Int { tokens.values.reduce(0, Self.sum) }

  /// Whether the same rows, added up in whatever order, can come to both.
  ///
  /// Two orders of adding n numbers of one sign differ by at most 2 (n − 1) u |Σ x|, with u = 2⁻⁵³
  /// (Higham, "Accuracy and Stability of Numerical Algorithms", second edition, section 4.2).
  public func agrees(with other: LedgerTotal) -> Bool {
    let share = 2 * Double(max(rowCount - 1, 0)) * 0x1p-53
    let sums = [
      (seconds, other.seconds), (operations, other.operations), (dollars, other.dollars),
      (measuredJoules, other.measuredJoules), (estimatedJoules, other.estimatedJoules),
    ]
    return rowCount == other.rowCount && tokens == other.tokens
      && unmeteredCount == other.unmeteredCount && unpricedCount == other.unpricedCount
      && sums.allSatisfy { first, second in
        let bound = share * max(first.magnitude, second.magnitude)
        return first == second || (first - second).magnitude <= bound
      }
  }

  /// Counts together; more than a counter holds is the most that it holds.
  static func sum(_ first: Int, _ second: Int) -> Int {
    let (sum, isOver) = first.addingReportingOverflow(second)
    return isOver ? (first < 0 ? .min : .max) : sum
  }

  /// The members of the total's object, without what rows were put together by.
  public var members: [(String, JSONText)] {
    let counts = tokens.sorted { $0.key < $1.key }.map { ($0.key, JSONText.integer($0.value)) }
    return [
      ("rows", .integer(rowCount)), ("tokens", .object(counts)), ("seconds", .double(seconds)),
      ("hours", .double(seconds / 3600)), ("operations", .double(operations)),
      (
        "joules",
        .object([
          ("measured", .double(measuredJoules)), ("estimated", .double(estimatedJoules)),
          ("rows_without", .integer(unmeteredCount)),
        ])
      ),
      ("energy_kwh", kilowattHours.map(JSONText.double) ?? .null),
      ("usd", knownDollars.map(JSONText.double) ?? .null),
      ("rows_without_usd", .integer(unpricedCount)), ("plan", plan?.json ?? .null),
    ]
  }
}

extension LedgerTotal.Plan {
  /// The plan beside what was spent.
  public var json: JSONText {
    .object([
      ("tokens", .integer(tokenCount)), ("seconds", seconds.map(JSONText.double) ?? .null),
      ("spent_tokens", .integer(spentTokenCount)), ("spent_seconds", .double(spentSeconds)),
      ("error", error.map(JSONText.double) ?? .null),
    ])
  }
}

/// What is added up of a row beside its tokens.
struct RowFigures: Hashable {
  var seconds: Double?
  var operations: Double?
  var joules: Double?
  var energySource = LedgerRow.EnergySource.none
  var dollars: Double?
}

extension LedgerRow {
  var figures: RowFigures {
    RowFigures(
      seconds: seconds,
      operations: operations,
      joules: joules,
      energySource: energySource,
      dollars: dollars
    )
  }
}
