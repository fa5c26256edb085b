// SPDX-License-Identifier: Apache-2.0

import Compute
import Ledger
import TestSupport

/// A folder of ledgers for one test, removed with it.
final class LedgerFolder: Sendable {
  let path: String

  init() throws { path = try SystemFolder.makeTemporary() }

  deinit { SystemFolder.remove(path) }

  func writer(_ name: String = "train") throws -> LedgerWriter {
    try LedgerWriter(folder: path, writer: name)
  }

  func bytes(_ name: String = "train.jsonl") throws -> [UInt8] {
    try Oracles.bytes(at: "\(path)/\(name)")
  }

  func write(_ bytes: [UInt8], _ name: String = "train.jsonl") throws {
    try SystemFolder.write(bytes, to: "\(path)/\(name)")
  }

  /// A chain of some rows, whose lines it returns.
  func chain(_ count: Int) throws -> [[UInt8]] {
    let writer = try writer()
    return try (1...count).map { try writer.append(.sample($0)).line }
  }
}

extension LedgerRow {
  /// A row that differs from those with other numbers.
  static func sample(_ number: Int) -> LedgerRow {
    LedgerRow(
      time: "2026-11-21T22:30:1\(number % 10)Z",
      kind: .train,
      run: "run \"\(number)\"\nnext",
      device: "EPYC, avx512bf16",
      deviceCount: 1,
      seconds: 1.5,
      tokens: ["train": 4096 * number],
      operations: 1.5e11
    )
  }
}

extension [[UInt8]] {
  /// The lines of a file.
  var file: [UInt8] { flatMap { $0 + [UInt8(ascii: "\n")] } }
}
