// SPDX-License-Identifier: Apache-2.0

import Compute

/// Fits the four shares on published training times.
///
/// The sum of |log(predicted / published)| is made least: a run whose hours cover more than itself
/// moves that sum by what it is off, not by the square, and so hardly moves the others. Reweighted
/// least squares (Gauss-Newton steps in the logarithms of the shares) find it.
struct EfficiencyFit {
  /// A record with layouts and counts settled, so that only shares remain open.
  struct Row {
    let record: TrainingRecord
    private let phases: [Phase]

    private struct Phase {
      let scenario: TrainingScenario
      let figures: TrainingFigures
      let layout: ParallelLayout
    }

    /// Settles a record; where no layout was published, on the planner's own choice.
    init(_ record: TrainingRecord, catalog: ModelCatalog) throws(PlanError) {
      self.record = record
      let model = try catalog.model(record.model)
      var phases: [Phase] = []
      for phase in record.phases {
        var scenario = TrainingScenario(
          model: model,
          sequenceLength: phase.sequenceLength,
          batchRowCount: phase.batchRowCount,
          tokenCount: phase.tokenCount,
          device: record.device,
          deviceCount: record.deviceCount,
          precision: record.precision
        )
        scenario.goodput = record.isWholeRun ? Efficiencies.goodput : 1
        let found: ParallelLayout?
        if let published = phase.layout {
          found = published
        } else {
          found = try LayoutSearch(scenario).best()?.layout
        }
        guard let layout = found else {
          throw PlanError(
            .impossibleLayout(rule: "nothing fits \(record.name)", nearest: nil),
            place: "published runs"
          )
        }
        let figures = try TrainingFigures(scenario)
        phases.append(Phase(scenario: scenario, figures: figures, layout: layout))
      }
      self.phases = phases
    }

    /// The estimates of the phases.
    func estimates(_ efficiencies: Efficiencies) -> [TrainingEstimate] {
      phases.map { phase in
        var scenario = phase.scenario
        scenario.efficiencies = efficiencies
        return TrainingEstimate(scenario, phase.figures, phase.layout)
      }
    }

    /// Hours of one device, all phases together.
    func deviceHours(_ efficiencies: Efficiencies) -> Double {
      estimates(efficiencies).reduce(0) { $0 + ($1.deviceHours ?? 0) }
    }

    /// The time in the record's unit.
    func predicted(_ efficiencies: Efficiencies) -> Double {
      record.unit.amount(
        deviceHours: deviceHours(efficiencies),
        deviceCount: record.deviceCount
      )
    }

    /// The logarithm of predicted over published.
    fileprivate func residual(_ shares: [Double]) -> Double {
      var efficiencies = Efficiencies.fitted
      efficiencies.list = shares.map { ElementaryFunctions.exp($0) }
      return ElementaryFunctions.log(predicted(efficiencies) / record.published)
    }
  }

  // Below it a residual weighs like a square: the fit stays smooth where rows are met.
  private static let smallResidual = 0.03
  private static let stepLimit = 0.3
  private static let roundCount = 40
  private static let difference = 1e-4

  /// The shares that fit some rows best.
  ///
  /// Where no row depends on a share it stays as it begins.
  ///
  /// - Complexity: O(rows) estimates, some 200 for each.
  static func fit(_ rows: [Row], from start: Efficiencies = .fitted) -> Efficiencies {
    var shares = start.list.map { ElementaryFunctions.log($0) }
    for _ in 0..<roundCount {
      let change = step(rows, shares)
      for index in shares.indices {
        shares[index] -= min(max(change[index], -stepLimit), stepLimit)
        // A share of more than all would be no share.
        shares[index] = min(shares[index], 0)
      }
    }
    var fitted = start
    fitted.list = shares.map { ElementaryFunctions.exp($0) }
    return fitted
  }

  private static func step(_ rows: [Row], _ shares: [Double]) -> [Double] {
    let count = shares.count
    // A little of the identity keeps a share that no row depends on where it is.
    var matrix = (0..<count).map { row in (0..<count).map { $0 == row ? 1e-6 : 0 } }
    var right = [Double](repeating: 0, count: count)
    for row in rows {
      let residual = row.residual(shares)
      let weight = 1 / max(abs(residual), smallResidual)
      let slopes = shares.indices.map { index in
        var moved = shares
        moved[index] += difference
        return (row.residual(moved) - residual) / difference
      }
      for first in 0..<count {
        right[first] += weight * slopes[first] * residual
        for second in 0..<count {
          matrix[first][second] += weight * slopes[first] * slopes[second]
        }
      }
    }
    return solve(&matrix, &right)
  }

  /// Gauss's elimination; the matrix is symmetric and positive, so that no rows change places.
  private static func solve(_ matrix: inout [[Double]], _ right: inout [Double]) -> [Double] {
    let count = right.count
    for pivot in 0..<count {
      for row in pivot + 1..<max(count, pivot + 1) {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        for column in pivot..<count { matrix[row][column] -= factor * matrix[pivot][column] }
        right[row] -= factor * right[pivot]
      }
    }
    var solution = right
    for row in (0..<count).reversed() {
      for column in row + 1..<max(count, row + 1) {
        solution[row] -= matrix[row][column] * solution[column]
      }
      solution[row] /= matrix[row][row]
    }
    return solution
  }
}
