// SPDX-License-Identifier: Apache-2.0

public import JSON

/// The planner held against what is published.
public struct PublishedCheck: Sendable {
  /// The rows in order.
  public let rows: [CheckRow]
  /// The shares that fit all training times best.
  public let fitted: Efficiencies

  /// Fits and predicts.
  ///
  /// - Parameter catalog: Models by name.
  /// - Throws: `PlanError` where a configuration is absent or broken.
  /// - Complexity: Some ten thousand estimates: a fit for all runs, and one for each left out.
  public init(_ catalog: ModelCatalog) throws(PlanError) {
    var settled: [EfficiencyFit.Row] = []
    for record in TrainingRecords.all {
      settled.append(try EfficiencyFit.Row(record, catalog: catalog))
    }
    let fitted = EfficiencyFit.fit(settled)
    var leftOut: [String: Efficiencies] = [:]
    for group in Set(settled.map(\.record.group)) {
      leftOut[group] = EfficiencyFit.fit(settled.filter { $0.record.group != group })
    }
    self.fitted = fitted
    let predictions = RunPredictions(rows: settled, leftOut: leftOut)
    rows =
      try PublishedModels.rows(catalog) + predictions.timeRows
      + predictions.furtherRows(catalog) + PublishedServing.rows(catalog)
  }

  /// The training times that the shares were fitted on.
  public var timeRows: [CheckRow] { rows.filter(\.isFitted) }

  /// The median of their errors, each predicted from the others alone, without sign.
  public var medianError: Double {
    let errors = timeRows.map { abs($0.errorLeftOut) }.sorted()
    guard !errors.isEmpty else { return 0 }
    let middle = errors.count / 2
    return errors.count % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2
  }

  /// How many of them lie within a share of the published time, predicted from the others alone.
  public func count(within share: Double) -> Int {
    timeRows.count { abs($0.errorLeftOut) <= share }
  }

  /// Whether every row is near, or says why it is not.
  public var isAccepted: Bool { rows.allSatisfy(\.isAccepted) }

  /// The free efficiencies, and nothing else that is assumed.
  public var assumptions: [Assumption] { fitted.assumptions }

  /// The last line: how many rows, and the free efficiencies.
  public var summary: JSONText {
    .object([
      ("rows", .integer(rows.count)), ("training_times", .integer(timeRows.count)),
      ("median_error_left_out", .double(medianError)),
      ("within_15", .integer(count(within: 0.15))), ("within_20", .integer(count(within: 0.2))),
      ("accepted", .boolean(isAccepted)), ("assumptions", .array(assumptions.map(\.json))),
    ])
  }
}
