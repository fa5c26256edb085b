// SPDX-License-Identifier: Apache-2.0

import Compute
import Foundation
import Ledger
import TestSupport
import Testing

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

  /// Lets a process append rows until it is killed, at a moment that a seed says.
  ///
  /// - Returns: How many rows it was told are there; nil where it was killed before the first.
  func killWriter(_ seed: UInt64) async -> Int? {
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, seed = seed as UInt64] in
      var generator = SplitMix64(seed: seed)
      let writer = try LedgerWriter(folder: path, writer: "train")
      let delay = UInt32(generator.next() % 30_000)
      Thread.detachNewThread {
        usleep(delay)
        kill(getpid(), SIGKILL)
      }
      for number in 0... {
        try writer.append(.sample(number))
        try SystemFolder.write(Array("\(writer.head.n)".utf8), to: path + "/shown")
      }
    }
    let shown = (try? bytes("shown")).map { String(decoding: $0, as: UTF8.self) }
    return shown.flatMap { Int($0) }
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

extension LedgerRow {
  /// A row as training writes it.
  static func training(_ number: Int) -> LedgerRow {
    LedgerRow(
      time: "2026-11-21T22:30:17Z",
      kind: .train,
      run: "nano, pretraining",
      recipe: LedgerHash.text(of: []),
      code: "0.1.0",
      device: "AMD EPYC, 2 threads, avx512bf16",
      deviceCount: 1,
      seconds: 0.2713 + Double(number) * 1e-7,
      tokens: ["train": 2048],
      operations: 1.9e10,
      joules: 1.237,
      energySource: .estimated,
      dollars: 1.03e-7,
      prices: "0.3 USD/kWh"
    )
  }
}

extension [[UInt8]] {
  /// The lines of a file.
  var file: [UInt8] { flatMap { $0 + [UInt8(ascii: "\n")] } }
}
