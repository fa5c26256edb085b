// SPDX-License-Identifier: Apache-2.0

import Compute
import FoundationEssentials
import Inference
import Ledger
import Models
import Storage

/// The rows that evaluations leave in the ledger.
struct EvaluationLedger {
  private let writer: LedgerWriter
  private let device: String

  /// Opens the ledger, and says so where it had to be repaired.
  init(_ model: LoadedModel, threads: Int?) throws {
    let folder = try DataFolder(environment: ProcessInfo.processInfo.environment).ledgerPath
    writer = try LedgerWriter(folder: folder, writer: "eval")
    let threadCount = threads ?? ThreadPool.coreCount
    device = "\(MachineFacts.processorName), \(threadCount) threads, \(model.decoder.deviceName)"
    if let repair = writer.repair { Output.errorLine("hadal: \(repair.notice)") }
  }

  /// Writes down what a task cost.
  func append(_ outcome: EvaluationOutcome) throws {
    let cost = outcome.cost
    try writer.append(
      LedgerRow(
        time: Date().formatted(.iso8601),
        kind: .evaluate,
        run: outcome.task,
        code: VersionText.version,
        device: device,
        deviceCount: 1,
        seconds: cost.seconds,
        tokens: ["completion": cost.completionTokenCount, "prompt": cost.promptTokenCount],
        operations: cost.operations
      )
    )
  }
}
