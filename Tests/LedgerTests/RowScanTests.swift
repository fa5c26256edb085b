// SPDX-License-Identifier: Apache-2.0

import Ledger
import TestSupport
import Testing

/// The scanner of rows against the reader that takes them apart.
///
/// Method: the same bytes are verified twice, once with the scanner and once without it. Both must come
/// to the same problems, for whole chains and for chains with a byte of every kind at every place.
@Suite struct RowScanTests {
  private func expectSame(_ bytes: [UInt8], _ comment: Comment, known: [LedgerHead] = []) {
    let scanned = LedgerVerification(bytes, known: known, scans: true)
    #expect(scanned == LedgerVerification(bytes, known: known, scans: false), comment)
  }

  private func chain(_ rows: [LedgerRow]) -> [[UInt8]] {
    var head = LedgerHead.start
    return rows.map { row in
      let chained = ChainedRow(row, writer: "train", after: head)
      head = chained.head
      return chained.line
    }
  }

  /// Rows of every form that a writer makes.
  private static var rows: [LedgerRow] {
    var full = LedgerRow(
      time: "2026-11-21T22:30:17.250Z",
      kind: .evaluate,
      run: "r1",
      recipe: "ab",
      code: "0.1",
      weights: "cd",
      device: "EPYC",
      deviceCount: 2,
      seconds: 1e-7,
      tokens: ["a": -1, "b": 0, "c": 12],
      operations: 3.8e25,
      joules: -0.25,
      energySource: .measured,
      dollars: 0.001,
      prices: "0.3 USD/kWh"
    )
    var rows = [full, LedgerRow(time: "2026-11-21T22:30:17Z", kind: .other)]
    full.run = "a \"quote\" \\ and\nä"
    full.energySource = .estimated
    return rows + [full]
      + LedgerRow.Kind.allCases.map { kind in
        rows[0].kind = kind
        return rows[0]
      }
  }

  @Test func `whole chains are whole to both`() {
    let bytes = chain(Self.rows).file
    let verification = LedgerVerification(bytes, scans: true)
    #expect(verification.isIntact && verification.rowCount == Self.rows.count)
    expectSame(bytes, "whole")
    // Cut at every byte.
    for count in stride(from: 0, to: bytes.count, by: 7) {
      expectSame(Array(bytes.prefix(count)), "\(count) bytes")
    }
  }

  @Test func `what rows come to is what each comes to added up`() {
    let bytes = chain(Self.rows).file
    var total = LedgerTotal()
    for row in Self.rows { total.add(row) }
    #expect(LedgerVerification(bytes, scans: true).total == total)
    #expect(total.rowCount == Self.rows.count && total.tokens["c"] == 12 * (Self.rows.count - 1))
  }

  @Test func `a plan is no work, and counts of other things are no tokens`() {
    var rows = Array(Self.rows.prefix(2))
    rows[0].tokens = ["planned_tokens": 5, "train": 7]
    rows[1].tokens = ["answers": 3, "correct": 2, "prompt": 9]
    for scans in [true, false] {
      let total = LedgerVerification(chain(rows).file, scans: scans).total
      #expect(total.rowCount == 1 && total.tokens == ["prompt": 9] && total.seconds == 0)
    }
  }

  @Test func `counts that no counter holds stay at the most that it holds`() {
    var row = Self.rows[1]
    row.tokens = ["train": 999_999_999_999_999_999]
    let total = LedgerVerification(chain(Array(repeating: row, count: 20)).file, scans: true).total
    #expect(total.tokens == ["train": .max])
  }

  // Among them ties, numbers beyond what a double holds, and more digits than it has.
  @Test(arguments: [
    "0", "-0", "1", "0.1", "0.30000000000000004", "9007199254740993", "9007199254740993.0",
    "123456789012345678", "0.123456789012345678901234567890", "1e22", "1e23", "8.5e22", "1e-22",
    "1e-23", "5e-324", "2.4703282292062327e-324", "1.7976931348623157e308", "1e309",
    "1e99999999999999999999", "1e-99999999999999999999", "123.456e5", "1.135792257",
    "4.45230564744", "900719925474099.3e1",
  ])
  func `a number is rounded as JSON's reader rounds it`(_ number: String) throws {
    let line = String(decoding: chain([Self.rows[0]])[0], as: UTF8.self)
      .replacing("\"seconds\":1e-07", with: "\"seconds\":\(number)")
    #expect(line.contains(number))
    let bytes = [Self.sealed(Array(line.utf8))].file
    let total = LedgerVerification(bytes, scans: true).total
    #expect(total.seconds == Double(number) && total.rowCount == 1)
    expectSame(bytes, "\(number)")
  }

  // The hash is made anew, so that the scanner's own look at the form decides.
  @Test func `both know the same rows among changed ones with the right hash`() throws {
    let lines = chain(Array(Self.rows.prefix(2)))
    let characters = Array("\"\\{}[]:,0159-+.eEnulZ \u{1}\u{7F}\u{80}\n".utf8)
    for index in lines[0].indices.dropLast(76) {
      for character in characters {
        var line = lines[0]
        line[index] = character
        expectSame([Self.sealed(line), lines[1]].file, "byte \(index), \(character)")
        line.insert(character, at: index)
        expectSame([Self.sealed(line), lines[1]].file, "before byte \(index), \(character)")
      }
      var line = lines[0]
      line.remove(at: index)
      expectSame([Self.sealed(line), lines[1]].file, "without byte \(index)")
    }
  }

  private static func sealed(_ line: [UInt8]) -> [UInt8] {
    let bare = Array(line.dropLast(75)) + [UInt8(ascii: "}")]
    return line.dropLast(75) + Array(",\"hash\":\"\(LedgerHash.text(of: bare))\"}".utf8)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `both find the same in rows that were shuffled, doubled and damaged`(_ seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let whole = chain((1...12).map { LedgerRow.sample($0) })
    let plain = chain(
      (1...12).map { number in
        var row = LedgerRow.sample(number)
        row.run = "run \(number)"
        return row
      }
    )
    for round in 0..<300 {
      var lines = round % 2 == 0 ? whole : plain
      for _ in 0...generator.next() % 3 {
        let place = Int(generator.next() % UInt64(lines.count))
        let other = Int(generator.next() % UInt64(lines.count))
        switch generator.next() % 5 {
        case 0: lines.swapAt(place, other)
        case 1: lines.insert(lines[place], at: other)
        case 2: lines.remove(at: place)
        case 3 where !lines[place].isEmpty:
          lines[place][Int(generator.next() % UInt64(lines[place].count))] ^= 4
        default: lines[place] = []
        }
      }
      let known = round % 3 == 0 ? [LedgerHead(hash: LedgerHash.text(of: []), n: 5)] : []
      expectSame(lines.file, "seed \(seed), round \(round)", known: known)
    }
  }
}
