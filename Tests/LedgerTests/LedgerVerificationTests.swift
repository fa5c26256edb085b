// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Ledger
import TestSupport
import Testing

/// Every kind of edit shows, at its line, and nothing else does.
@Suite struct LedgerVerificationTests {
  private func problems(_ lines: [[UInt8]], known: LedgerHead...) -> [String] {
    LedgerVerification(lines.file, known: known).problems.map { "\($0.row) \($0.kind)" }
  }

  @Test func `a chain without edits has no problem`() throws {
    let lines = try LedgerFolder().chain(5)
    let last = try ChainedRow(line: lines[4])
    let verification = LedgerVerification(lines.file, known: [last.head])
    #expect(verification.isIntact && verification.rowCount == 5 && verification.head == last.head)
    #expect(LedgerVerification([]).isIntact)
    #expect(LedgerVerification([]).head == .start)
  }

  @Test func `any byte of any row that is changed shows at its line`() throws {
    let lines = try LedgerFolder().chain(4)
    for row in 0..<4 {
      // Another bit each time: the lowest makes other digits, the sixth capitals, the highest no ASCII.
      for index in lines[row].indices {
        var edited = lines
        edited[row][index] ^= 1 << UInt8(index % 8)
        // A line feed makes two lines of one.
        guard edited[row][index] != UInt8(ascii: "\n") else { continue }
        let found = problems(edited)
        #expect(
          found == ["\(row + 1) edited"] || found == ["\(row + 1) notARow"],
          "row \(row + 1), byte \(index): \(found)"
        )
      }
    }
  }

  @Test func `a row that was replaced with its hash shows at the next row`() throws {
    let lines = try LedgerFolder().chain(4)
    let before = try ChainedRow(line: lines[0])
    var forged = lines
    forged[1] = ChainedRow(.sample(99), writer: "train", after: before.head).line
    #expect(problems(forged) == ["3 replaced"])
    // The last row has none after it: only a head that was kept shows it.
    var last = lines
    let third = try ChainedRow(line: lines[2])
    last[3] = ChainedRow(.sample(99), writer: "train", after: third.head).line
    #expect(problems(last) == [])
    #expect(try problems(last, known: ChainedRow(line: lines[3]).head) == ["4 cutOff"])
  }

  @Test func `rows that are missing, out of order, doubled or of others show`() throws {
    let lines = try LedgerFolder().chain(6)
    #expect(problems([lines[0], lines[2], lines[3]]) == ["2 missing"])
    #expect(problems(Array(lines[2...])) == ["1 missing"])
    #expect(problems([lines[0], lines[2], lines[1], lines[3]]) == ["3 reordered"])
    #expect(problems([lines[0], lines[3], lines[2], lines[4]]) == ["2 missing", "3 reordered"])
    #expect(problems([lines[0], lines[1], lines[1], lines[2]]) == ["3 repeated"])
    let foreign = ChainedRow(.sample(1), writer: "serve", after: .start).line
    #expect(problems([lines[0], foreign, lines[1]]) == ["2 foreign"])
    #expect(problems([lines[0], [], lines[1]]).contains("2 notARow"))
  }

  @Test func `missing rows are named`() throws {
    let lines = try LedgerFolder().chain(6)
    let verification = LedgerVerification([lines[0], lines[4], lines[2], lines[5]].file)
    #expect(
      verification.problems.map(\.what) == [
        "row 2 is missing before this line", "row 4 is missing before this line",
        "row 3 stands after row 5",
      ]
    )
  }

  @Test func `rows cut off the end show against a head that was kept`() throws {
    let lines = try LedgerFolder().chain(4)
    let known = try ChainedRow(line: lines[3]).head
    #expect(problems(Array(lines[..<2])) == [])
    #expect(problems(Array(lines[..<2]), known: known) == ["2 cutOff"])
    #expect(problems([], known: known) == ["1 cutOff"])
    // Rows that came after the head was kept are no fault.
    #expect(try problems(lines, known: ChainedRow(line: lines[1]).head) == [])
    #expect(problems(lines, known: .start) == [])
  }

  @Test func `a file is verified in pieces as its bytes are at once`() throws {
    let folder = try LedgerFolder()
    let writer = try folder.writer()
    var row = LedgerRow.sample(1)
    row.run = String(repeating: "x", count: 300_000)
    for _ in 1...9 { try writer.append(row) }
    let bytes = try folder.bytes() + Array("{\"v\":1".utf8)
    try folder.write(bytes, "copy.jsonl")
    let verification = try LedgerVerification(path: folder.path + "/copy.jsonl")
    #expect(verification == LedgerVerification(bytes))
    #expect(verification.problems.map { "\($0.row) \($0.kind)" } == ["10 torn"])
    #expect(verification.head == writer.head)
  }

  @Test func `a file that is absent is an error, no chain without rows`() throws {
    let folder = try LedgerFolder()
    let error = try #require(throws: LedgerError.self) {
      try LedgerVerification(path: folder.path + "/absent.jsonl")
    }
    #expect(error.exitCode == .noInput)
  }
}
