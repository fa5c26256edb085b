// SPDX-License-Identifier: Apache-2.0

import Inference
package import JSON
import Storage
import Synchronization

/// The receipts of the last answers, by their names.
package final class AnswerReceipts: Sendable {
  // LIMIT: some 16 MB, the last 7,000 answers of 400 tokens; older ones are forgotten.
  private static let mostWeight = 4_000_000

  private struct Entry {
    var receipt: AnswerReceipt
    /// The key of whoever asked; nil where none was needed.
    var keyID: String?
  }

  private struct Kept {
    var entries: [String: Entry] = [:]
    /// Their names, oldest first, from the first that is still there.
    var names: [String] = []
    var firstIndex = 0
    var weight = 0

    mutating func forgetOldest() {
      let name = names[firstIndex]
      firstIndex += 1
      weight -= entries.removeValue(forKey: name)?.receipt.weight ?? 0
      guard firstIndex > names.count / 2 else { return }
      names.removeFirst(firstIndex)
      firstIndex = 0
    }
  }

  private let kept = Mutex(Kept())
  private let makeHead: @Sendable () -> JSONText?

  /// Keeps receipts.
  ///
  /// - Parameter makeHead: Makes the signed head of the chain in which the answers have rows; nil where
  ///   there is none.
  package init(head makeHead: @escaping @Sendable () -> JSONText? = { nil }) {
    self.makeHead = makeHead
  }

  /// Keeps the receipt of an answer that has ended, for the key of whoever asked.
  func add(_ receipt: AnswerReceipt, keyID: String?) {
    let entry = Entry(receipt: receipt, keyID: keyID)
    kept.withLock { kept in
      guard kept.entries.updateValue(entry, forKey: receipt.id) == nil else { return }
      kept.names.append(receipt.id)
      kept.weight += receipt.weight
      while kept.entries.count > 1, kept.weight > Self.mostWeight { kept.forgetOldest() }
    }
  }

  /// The receipt of an answer to the caller at work, with the head of the chain below which its rows lie.
  ///
  /// - Throws: `APIError` where there is none of this name.
  func json(_ id: String) throws(APIError) -> JSONText {
    let keyID = APICaller.current.key?.id
    guard let entry = kept.withLock({ $0.entries[id] }), entry.keyID == keyID else {
      throw APIError(
        status: 404,
        message: "no answer of this name has ended here, or it has been forgotten",
        code: "not_found",
        parameter: "id"
      )
    }
    return entry.receipt.json(ledger: makeHead())
  }
}

extension AnswerReceipt {
  /// What it takes, in units of the four bytes of a token's check: an answer has some 450 bytes besides
  /// them (measured), and the receipt its names and hashes.
  fileprivate var weight: Int { choices.reduce(128) { $0 + $1.trail.count + 128 } }
}
