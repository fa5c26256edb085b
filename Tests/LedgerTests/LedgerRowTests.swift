// SPDX-License-Identifier: Apache-2.0

import Ledger
import TestSupport
import Testing

/// The form of a row, to the byte: other programs read it and check its hash.
@Suite struct LedgerRowTests {
  // The hash was made with coreutils' sha256sum from the line as the design writes it, without the
  // hash: printf '%s' '{"v":1,…,"prev":"000…"}' | sha256sum.
  private static let line =
    #"{"v":1,"writer":"train","n":1,"time":"2026-11-21T22:30:17Z","kind":"train","run":"r1","#
    + #""recipe":null,"code":"0.1","weights":null,"device":"EPYC","count":2,"seconds":0.25,"#
    + #""tokens":{"train":4096,"validation":12},"operations":150000000000,"joules":null,"#
    + #""joules_source":"none","usd":0.001,"prices":null,"prev":""#
    + String(repeating: "0", count: 64)
    + #"","hash":"257aa5c082758f972dd2b8b182b340dfa2c1cce5cf28c14007dbe488d37b1d03"}"#

  private static let row = LedgerRow(
    time: "2026-11-21T22:30:17Z",
    kind: .train,
    run: "r1",
    code: "0.1",
    device: "EPYC",
    deviceCount: 2,
    seconds: 0.25,
    tokens: ["validation": 12, "train": 4096],
    operations: 1.5e11,
    dollars: 0.001
  )

  @Test func `a row is the design's line, and its hash the one of another program`() throws {
    let folder = try LedgerFolder()
    let row = try folder.writer().append(Self.row)
    let text = String(decoding: row.line, as: UTF8.self)
    #expect(text == Self.line)
    #expect(try folder.bytes() == Array((Self.line + "\n").utf8))
  }

  @Test func `a line that is read gives the row, and writes itself again`() throws {
    let chained = try ChainedRow(line: Array(Self.line.utf8))
    #expect(chained.row == Self.row)
    #expect(chained.writer == "train" && chained.n == 1)
    #expect(chained.previousHash == LedgerHead.start.hash)
    #expect(chained.computedHash == chained.hash)
    #expect(ChainedRow(chained.row, writer: "train", after: .start) == chained)
  }

  @Test func `what no JSON can say is unknown`() throws {
    var row = LedgerRow.sample(1)
    row.seconds = .nan
    row.operations = 3.8e25
    row.joules = .infinity
    let chained = ChainedRow(row, writer: "a", after: .start)
    let read = try ChainedRow(line: chained.line).row
    #expect(read.seconds == nil && read.joules == nil && read.operations == 3.8e25)
  }

  @Test(arguments: [
    "", "{}", "[]", "null", "{\"v\":1}",
    line.replacing("\"v\":1", with: "\"v\":2"),
    line.replacing("\"kind\":\"train\"", with: "\"kind\":\"bribe\""),
    line.replacing("\"n\":1", with: "\"n\":1.5"),
    line.replacing("\"count\":2,\"seconds\":0.25", with: "\"seconds\":0.25,\"count\":2"),
    line.replacing("\"run\":\"r1\"", with: "\"run\":7"),
    line.replacing("2026-11-21T22:30:17Z", with: "yesterday"),
    line.replacing("4096", with: "0.5"),
    line.replacing("000000", with: "00000G"),
    line.replacing("\"}", with: "\" }"),
    line + "x",
  ])
  func `what is no row is not read as one`(_ text: String) {
    #expect(throws: LedgerRowFault.self) { try ChainedRow(line: Array(text.utf8)) }
  }

  @Test(arguments: [
    ("2026-11-21T22:30:17Z", true), ("2026-11-21T22:30:17.250Z", true),
    ("2026-11-21T22:30:17", false), ("2026-11-21 22:30:17Z", false),
    ("2026-11-21T22:30:17+01:00", false), ("2026-11-21T22:30:17.Z", false), ("", false),
    ("2026-11-21T22:30:17.5xZ", false),
  ])
  func `times are those of RFC 3339 in UTC`(_ text: String, _ isTime: Bool) {
    #expect(LedgerRow.isTime(text) == isTime)
  }
}
