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

  /// Leaves the row of an answer, also of one that nobody waited for until it was begun.
  func append(
    _ request: GenerationRequest,
    _ outcome: Result<Inference.Completion, ModelError>,
    _ facts: AnswerLedger.Facts,
    keyID: String? = nil
  ) {
    let completion = try? outcome.get()
    let run = keyID.map(Self.run)
    if let completion, completion.machineSeconds == 0 {
      ledger.withLock { $0.appendRefusal(status: Self.goneStatus, facts, run: run) }
      return
    }
    let seconds = completion?.machineSeconds
    ledger.withLock {
      $0.append(request, outcome, facts, seconds: seconds, conversation: run)
    }
  }

  /// The signed head of the chain; nil where there is none.
  func makeSignedHead() -> SignedHead? { ledger.withLock { $0.makeSignedHead() } }

  /// Leaves the row of a request that was refused.
  func refuse(keyID: String?, status: Int) {
    ledger.withLock { $0.appendRefusal(status: status, nil, run: keyID.map(Self.run)) }
  }

  /// nginx's for a client that went; no other is known.
  private static let goneStatus = 499

  /// A key as rows name it, which have no field of its own for it.
  private static func run(_ keyID: String) -> String { "key:\(keyID)" }

  /// Brings the rows to the disk.
  func flush() { ledger.withLock { $0.flush() } }
}
