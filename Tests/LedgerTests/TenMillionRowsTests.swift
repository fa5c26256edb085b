// SPDX-License-Identifier: Apache-2.0

import Compute
import Foundation
import Ledger
import TestSupport
import Testing

/// A ledger of ten million rows, five gigabytes: with `HADAL_LONG=1` alone, in some minutes.
///
/// Method: rows as training writes them are chained and written. The chain is verified as a whole; then
/// its last row is cut at places all over it, and processes that append to it are killed. Each time the
/// next writer must open it at once, lose no row that it was told is there, and leave a whole chain.
@Suite(
  .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["HADAL_LONG"] == "1")
)
struct TenMillionRowsTests {
  private static let count = 10_000_000

  /// Writes the chain.
  private func write(_ folder: LedgerFolder) throws -> LedgerHead {
    let file = try GrowingFile(path: folder.path + "/train.jsonl")
    var (head, bytes, offset) = (LedgerHead.start, [UInt8](), 0)
    for number in 1...Self.count {
      let row = ChainedRow(.training(number), writer: "train", after: head)
      bytes += row.line
      bytes.append(UInt8(ascii: "\n"))
      head = row.head
      guard bytes.count > 1 << 22 || number == Self.count else { continue }
      try file.write(bytes, at: offset)
      offset += bytes.count
      bytes.removeAll(keepingCapacity: true)
    }
    return head
  }

  @Test func `ten million rows are verified at 200 megabytes a second and survive kill -9`()
    async throws
  {
    let folder = try LedgerFolder()
    let path = folder.path + "/train.jsonl"
    let head = try write(folder)
    try verify(path, head)
    try cutLastRow(folder, head)
    for seed in 1...8 as ClosedRange<UInt64> { try await killWriter(folder, seed) }
    let verification = try LedgerVerification(path: path)
    #expect(verification.isIntact && verification.rowCount > Self.count)
  }

  private func verify(_ path: String, _ head: LedgerHead) throws {
    var verification: LedgerVerification?
    let time = try ContinuousClock().measure { verification = try LedgerVerification(path: path) }
    #expect(verification?.isIntact == true && verification?.head == head)
    #expect(verification?.total.tokens == ["train": 2048 * Self.count])
    let rate = try Double(LedgerReader(path: path).byteCount) / (time / .seconds(1)) / 1e6
    print("10 M rows: \(Int(rate)) MB/s, \(time)")
    #expect(rate > 200, "\(rate) MB/s")
  }

  private func cutLastRow(_ folder: LedgerFolder, _ head: LedgerHead) throws {
    let path = folder.path + "/train.jsonl"
    let file = try FileHandle(forUpdating: URL(filePath: path))
    let whole = try LedgerReader(path: path).byteCount
    let length = ChainedRow(.training(Self.count), writer: "train", after: head).line.count
    for cut in stride(from: 1, through: length, by: 23) {
      try file.truncate(atOffset: UInt64(whole - cut))
      let time = try ContinuousClock().measure {
        let writer = try folder.writer()
        #expect(writer.head.n == Self.count - 1 && writer.repair?.lastRow == Self.count - 1)
        try writer.append(.training(Self.count))
        // The same row in the same place has the same bytes.
        #expect(writer.head == head)
      }
      #expect(time < .seconds(1), "\(cut) bytes cut: \(time)")
    }
  }

  private func killWriter(_ folder: LedgerFolder, _ seed: UInt64) async throws {
    let known = await folder.killWriter(seed) ?? Self.count
    let writer = try folder.writer()
    #expect(writer.head.n >= known, "seed \(seed)")
  }
}
