// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Foundation
import Ledger
import TestSupport
import Testing

/// A writer's chain, from its first row over many openings.
@Suite struct LedgerWriterTests {
  @Test func `a chain goes on where it was left`() throws {
    let folder = try LedgerFolder()
    var heads: [LedgerHead] = [.start]
    for round in 1...3 {
      let writer = try folder.writer()
      #expect(writer.repair == nil)
      #expect(writer.head == heads.last)
      for number in 1...2 {
        let row = try writer.append(.sample(round * number))
        #expect(row.previousHash == heads.last?.hash && row.n == heads.count)
        heads.append(writer.head)
      }
    }
    let verification = try LedgerVerification(path: folder.path + "/train.jsonl")
    #expect(verification.isIntact && verification.rowCount == 6)
    #expect(verification.head == heads.last)
  }

  @Test func `a second writer takes the next file, and the first is free when it ends`() throws {
    let folder = try LedgerFolder()
    let first = try folder.writer()
    let second = try folder.writer()
    #expect(first.path.hasSuffix("/train.jsonl") && second.path.hasSuffix("/train-2.jsonl"))
    #expect(second.writer == "train-2")
    for number in 1...3 {
      try first.append(.sample(number))
      try second.append(.sample(number))
    }
    withExtendedLifetime(first) {}
    #expect(try folder.writer("other").writer == "other")
    for name in ["train", "train-2"] {
      #expect(try LedgerVerification(path: "\(folder.path)/\(name).jsonl").isIntact)
    }
  }

  @Test func `two processes write two chains`() async throws {
    let folder = try LedgerFolder()
    async let first: Void = write(folder.path)
    async let second: Void = write(folder.path)
    _ = await (first, second)
    var rows = 0
    for name in try SystemFolder.names(in: folder.path) {
      let verification = try LedgerVerification(path: "\(folder.path)/\(name)")
      #expect(verification.isIntact, "\(name)")
      rows += verification.rowCount
    }
    #expect(rows == 100)
  }

  private func write(_ folder: String) async {
    await #expect(processExitsWith: .success) {
      [folder = folder as String] in
      let writer = try LedgerWriter(folder: folder, writer: "train")
      for number in 1...50 { try writer.append(.sample(number)) }
    }
  }

  @Test func `the folder is its owner's alone`() throws {
    let folder = try LedgerFolder()
    let path = folder.path + "/a/ledger"
    _ = try LedgerWriter(folder: path, writer: "train")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o700)
  }

  @Test(arguments: ["", ".", "../a", "a/b", "a b", "ä", String(repeating: "a", count: 65)])
  func `a name that no file can have is refused`(_ name: String) throws {
    let folder = try LedgerFolder()
    let error = LedgerError(.badWriterName(name), place: folder.path)
    #expect(throws: error) { try folder.writer(name) }
    #expect(error.exitCode == .usage)
  }

  @Test func `a row with a wrong time or without end is refused, and the chain goes on`() throws {
    let folder = try LedgerFolder()
    let writer = try folder.writer()
    var row = LedgerRow.sample(1)
    row.time = "now"
    #expect(throws: LedgerError(.badTime("now"), place: writer.path)) { try writer.append(row) }
    row = .sample(1)
    row.run = String(repeating: "x", count: 1 << 20)
    #expect(throws: LedgerError(.rowTooLong(limit: 1 << 20), place: writer.path)) {
      try writer.append(row)
    }
    #expect(try writer.append(.sample(1)).n == 1)
  }

  @Test func `rows are there before they are flushed, and after`() throws {
    let folder = try LedgerFolder()
    let writer = try folder.writer()
    try writer.flush()
    let first = try writer.append(.sample(1))
    #expect(try folder.bytes() == [first.line].file)
    try writer.flush()
    let second = try writer.append(.sample(2))
    try writer.flush()
    #expect(try folder.bytes() == [first.line, second.line].file)
  }

  @Test func `a file that another program changed is not written to`() throws {
    let folder = try LedgerFolder()
    let writer = try folder.writer()
    try writer.append(.sample(1))
    let file = try GrowingFile(path: writer.path)
    try file.write([1], at: file.byteCount)
    let error = LedgerError(.changedByOthers, place: writer.path)
    #expect(throws: error) { try writer.append(.sample(2)) }
    #expect(error.exitCode == .inputOutput)
  }

  @Test func `a full disk costs no row that was there`() async throws {
    let folder = try LedgerFolder()
    // A limit of the process's files is a disk that is full in the midst of a row.
    await #expect(processExitsWith: .success) {
      [path = folder.path as String] in
      let writer = try LedgerWriter(folder: path, writer: "train")
      for number in 1...3 { try writer.append(.sample(number)) }
      let byteCount = SystemFolder.byteCount(path + "/train.jsonl")
      let head = writer.head
      #expect(FileLimit.set(byteCount + 100))
      #expect(throws: LedgerError.self) { try writer.append(.sample(4)) }
      #expect(SystemFolder.byteCount(path + "/train.jsonl") == byteCount)
      #expect(writer.head == head)
      #expect(FileLimit.set(1 << 30))
      #expect(try writer.append(.sample(5)).n == 4)
    }
    #expect(try LedgerVerification(path: folder.path + "/train.jsonl").isIntact)
  }
}
