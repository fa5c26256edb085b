// SPDX-License-Identifier: Apache-2.0

import Inference
import Ledger
import Models
import Synchronization

/// The ledger of a server, in which engines on several threads leave rows.
final class ServeLedger: Sendable {
  private let ledger: Mutex<AnswerLedger>

  /// Takes a ledger over.
  init(_ ledger: sending AnswerLedger) { self.ledger = Mutex(ledger) }

  /// Leaves the row of an answer.
  func append(
    _ request: GenerationRequest,
    _ outcome: Result<Inference.Completion, ModelError>,
    _ facts: AnswerLedger.Facts
  ) {
    let seconds = (try? outcome.get())?.machineSeconds
    ledger.withLock { $0.append(request, outcome, facts, seconds: seconds) }
  }

  /// The signed head of the chain; nil where there is none.
  func makeSignedHead() -> SignedHead? { ledger.withLock { $0.makeSignedHead() } }

  /// Brings the rows to the disk.
  func flush() { ledger.withLock { $0.flush() } }
}
