// SPDX-License-Identifier: Apache-2.0

import Ledger
import Planning

/// The rows that a run of training leaves in the ledger.
///
/// Where it cannot be written, one warning says so, and the run goes on without rows.
final class RunLedger {
  private let run: String
  private let recipeDigest: String
  private let surroundings: RunSurroundings
  private let warn: (String) -> Void
  private var chain: (writer: LedgerWriter, key: LedgerKey)?
  private var meter: CostMeter

  /// Opens the ledger.
  ///
  /// - Parameters:
  ///   - folder: The folder of ledgers.
  ///   - run: The run's name.
  ///   - recipeDigest: What decides the run's bits.
  ///   - surroundings: The machine.
  ///   - warn: Is told what a person should know of it.
  init(
    folder: String,
    run: String,
    recipeDigest: String,
    _ surroundings: RunSurroundings,
    warn: @escaping (String) -> Void
  ) {
    self.run = run
    self.recipeDigest = recipeDigest
    self.surroundings = surroundings
    self.warn = warn
    meter = CostMeter(surroundings.costBasis)
    meter.begin()
    attempt { () throws(LedgerError) in
      let writer = try LedgerWriter(folder: folder, writer: "train")
      chain = (writer, try LedgerKey(folder: folder))
      (writer.repair?.notice).map(warn)
    }
  }

  /// The end of the chain, nil where none can be written.
  var head: LedgerHead? { chain?.writer.head }

  /// Leaves the plan of a run that begins: what it is held to later was written before its first step.
  func append(_ plan: TrainingPlan) {
    var row = makeRow(.other)
    row.tokens[LedgerRow.Count.plannedTokens.rawValue] = plan.shape.tokenCount
    if let seconds = plan.seconds, seconds < 1e12 {
      let milliseconds = Int((seconds * 1000).rounded())
      row.tokens[LedgerRow.Count.plannedMilliseconds.rawValue] = milliseconds
    }
    append(row)
  }

  /// Leaves the row of a piece of work, whose energy is that since the row before.
  func append(
    _ kind: LedgerRow.Kind,
    seconds: Double,
    tokens: [String: Int],
    operations: Double
  ) {
    var row = makeRow(kind)
    row.seconds = seconds
    row.tokens = tokens
    row.operations = operations
    meter.account(for: &row)
    append(row)
  }

  private func append(_ row: LedgerRow) {
    attempt { () throws(LedgerError) in try chain?.writer.append(row) }
  }

  /// Brings the rows to the disk.
  func flush() {
    attempt { () throws(LedgerError) in try chain?.writer.flush() }
  }

  /// Brings the rows to the disk and signs the head; nil where none can be written.
  func makeSignedHead() -> SignedHead? {
    flush()
    return chain.map { $0.key.sign($0.writer.head, of: $0.writer.writer, time: RunClock.text) }
  }

  private func attempt(_ work: () throws(LedgerError) -> Void) {
    do { try work() } catch {
      chain = nil
      let place = error.place.map { " (\($0))" } ?? ""
      warn(
        "hadal: the ledger cannot be written, and the run goes on without rows: \(error.what)\(place)"
      )
      let remedy = error.remedy.map { "\($0); or " } ?? ""
      warn("  try: \(remedy)--no-ledger")
    }
  }

  private func makeRow(_ kind: LedgerRow.Kind) -> LedgerRow {
    LedgerRow(
      time: RunClock.text,
      kind: kind,
      run: run,
      recipe: recipeDigest,
      code: surroundings.code,
      device: surroundings.device,
      deviceCount: 1
    )
  }
}
