// SPDX-License-Identifier: Apache-2.0

import Ledger
import Planning

/// The rows that a run of training leaves in the ledger.
final class RunLedger {
  private let run: String
  private let recipeDigest: String
  private let surroundings: RunSurroundings
  private let writer: LedgerWriter
  private let key: LedgerKey
  private var meter: CostMeter

  /// Opens the ledger.
  ///
  /// - Parameters:
  ///   - folder: The folder of ledgers.
  ///   - run: The run's name.
  ///   - recipeDigest: What decides the run's bits.
  ///   - surroundings: The machine.
  /// - Throws: `LedgerError` where no chain can be written, or there is no key to sign its head.
  init(
    folder: String,
    run: String,
    recipeDigest: String,
    _ surroundings: RunSurroundings
  ) throws(LedgerError) {
    self.run = run
    self.recipeDigest = recipeDigest
    self.surroundings = surroundings
    writer = try LedgerWriter(folder: folder, writer: "train")
    key = try LedgerKey(folder: folder)
    meter = CostMeter(surroundings.costBasis)
    meter.begin()
  }

  /// The end of the chain.
  var head: LedgerHead { writer.head }

  /// What a person is told of the ledger, nil for nothing.
  var notice: String? { writer.repair?.notice }

  /// Leaves the plan of a run that begins: what it is held to later was written before its first step.
  func append(_ plan: TrainingPlan) throws(LedgerError) {
    var row = makeRow(.other)
    row.tokens[LedgerRow.Count.plannedTokens.rawValue] = plan.shape.tokenCount
    if let seconds = plan.seconds, seconds < 1e12 {
      let milliseconds = Int((seconds * 1000).rounded())
      row.tokens[LedgerRow.Count.plannedMilliseconds.rawValue] = milliseconds
    }
    try writer.append(row)
  }

  /// Leaves the row of a piece of work, whose energy is that since the row before.
  func append(
    _ kind: LedgerRow.Kind,
    seconds: Double,
    tokens: [String: Int],
    operations: Double
  ) throws(LedgerError) {
    var row = makeRow(kind)
    row.seconds = seconds
    row.tokens = tokens
    row.operations = operations
    meter.account(for: &row)
    try writer.append(row)
  }

  /// Brings the rows to the disk.
  func flush() throws(LedgerError) { try writer.flush() }

  /// Brings the rows to the disk and signs the head.
  func makeSignedHead() throws(LedgerError) -> SignedHead {
    try writer.flush()
    return key.sign(writer.head, of: writer.writer, time: RunClock.text)
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
