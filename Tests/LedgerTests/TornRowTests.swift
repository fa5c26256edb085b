// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Ledger
import TestSupport
import Testing

/// Files whose last row was never finished, or is wrong.
@Suite struct TornRowTests {
  // Method: the file is cut within its last row, as a process may leave it that is killed: at its
  // ends and at every eleventh byte between.
  @Test func `whatever a killed append leaves is put aside and said`() throws {
    let folder = try LedgerFolder()
    let lines = try folder.chain(3)
    let whole = Array(lines[..<2]).file
    let length = lines[2].count
    let counts = [1, 2] + Array(stride(from: 3, to: length - 1, by: 11)) + [length - 1, length]
    for count in counts {
      let torn = Array(lines[2].prefix(count))
      try folder.write(whole + torn)
      #expect(
        try LedgerVerification(path: folder.path + "/train.jsonl").problems.map(\.kind) == [.torn]
      )
      let writer = try folder.writer()
      let repair = try #require(writer.repair)
      #expect(repair.byteCount == count && repair.lastRow == 2)
      #expect(repair.notice.contains(repair.path))
      #expect(try Oracles.bytes(at: repair.path) == torn)
      #expect(try folder.bytes() == whole)
      try writer.append(.sample(9))
      #expect(try LedgerVerification(path: writer.path).isIntact)
    }
    // None overwrote another.
    #expect(try SystemFolder.names(in: folder.path).count == 1 + counts.count)
  }

  @Test func `a first row that is torn leaves an empty chain`() throws {
    let folder = try LedgerFolder()
    try folder.write([0, 0, 0, 0])
    let writer = try folder.writer()
    #expect(writer.repair?.byteCount == 4 && writer.head == .start)
    try writer.append(.sample(1))
    #expect(try LedgerVerification(path: writer.path).isIntact)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `a process that is killed loses no row that it was told is there`(
    _ seed: UInt64
  ) async throws {
    let folder = try LedgerFolder()
    let shown = await folder.killWriter(seed)
    let writer = try folder.writer()
    let known = shown ?? 0
    #expect((known...known + 1).contains(writer.head.n) || known == 0, "seed \(seed)")
    #expect(try LedgerVerification(path: writer.path).isIntact)
  }

  @Test func `a chain whose last rows are wrong is not gone on with`() throws {
    let folder = try LedgerFolder()
    let lines = try folder.chain(3)
    var edited = lines
    edited[2][60] ^= 1
    let faults: [[[UInt8]]] = [
      edited,
      [lines[0], lines[2]],
      [lines[1]],
      [lines[0], Array("nonsense".utf8)],
      [lines[0], []],
    ]
    for fault in faults {
      try folder.write(fault.file)
      let error = try #require(throws: LedgerError.self) { try folder.writer() }
      #expect(error.exitCode == .badData)
      #expect(error.place == folder.path + "/train.jsonl")
      #expect(try folder.bytes() == fault.file)
    }
  }

  @Test func `a long chain is opened by its end alone`() throws {
    let folder = try LedgerFolder()
    let writer = try folder.writer()
    var row = LedgerRow.sample(1)
    row.run = String(repeating: "x", count: 1_000_000)
    for _ in 1...8 { try writer.append(row) }
    let (head, path) = (writer.head, writer.path)
    // The first rows are damaged, which the opening does not look at and a verification finds.
    let file = try GrowingFile(path: path)
    try file.write([UInt8](repeating: 0x20, count: 10), at: 100)
    let second = try LedgerTailProbe.open(folder.path, after: writer)
    #expect(second == head)
    #expect(try LedgerVerification(path: path).problems.count == 1)
  }
}

/// Opens a chain a second time, by a copy under another name, while its writer lives.
private enum LedgerTailProbe {
  static func open(_ folder: String, after writer: LedgerWriter) throws -> LedgerHead {
    try SystemFolder.copy(writer.path, to: folder + "/copy.jsonl")
    return try LedgerWriter(folder: folder, writer: "copy").head
  }
}
