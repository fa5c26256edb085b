// SPDX-License-Identifier: Apache-2.0

/// Holds each line of a chain against those before it.
struct LedgerWalk {
  private let known: LedgerHead?
  /// The bytes of the line that has not ended yet.
  private var open: [UInt8] = []
  private var lineCount = 0
  private var problems: [LedgerProblem] = []
  private var writer: String?
  /// The row with the highest number so far.
  private var head = LedgerHead.start
  /// Numbers of rows that were passed over, each with the line before which they should stand.
  private var gaps: [(rows: ClosedRange<Int>, line: Int)] = []
  /// Lines since `head` that are no rows.
  private var unreadableCount = 0
  /// The hash that the bytes of the row at `head` have, where it says another one.
  private var hashOfEditedRow: String?

  init(known: LedgerHead?) { self.known = known }

  mutating func take(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while let feed = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = open + rest[..<feed]
      open.removeAll(keepingCapacity: true)
      rest = rest[(feed + 1)...]
      lineCount += 1
      check(line)
    }
    // LIMIT: what is longer than any row is no row, however it goes on; its beginning shows that.
    if open.count < 2 * LedgerWriter.longestLine { open += rest }
  }

  mutating func finished() -> LedgerVerification {
    if !open.isEmpty {
      report(.torn, "the file ends inside a row, after \(open.count) bytes", line: lineCount + 1)
    }
    for gap in gaps {
      let (first, last) = (gap.rows.lowerBound, gap.rows.upperBound)
      let rows = first == last ? "row \(first) is" : "rows \(first) to \(last) are"
      report(.missing, "\(rows) missing before this line", line: gap.line)
    }
    if let known, known.n > head.n {
      report(
        .cutOff,
        "the chain ends with row \(head.n), row \(known.n) was known to be there",
        line: max(lineCount, 1)
      )
    }
    return LedgerVerification(
      rowCount: lineCount,
      head: head,
      // Equal lines keep the order in which their problems were found.
      problems: problems.enumerated()
        .sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }
        .map(\.element)
    )
  }

  private mutating func check(_ line: [UInt8]) {
    let row: ChainedRow
    do {
      row = try ChainedRow(line: line)
    } catch {
      report(.notARow, "\(error)")
      unreadableCount += 1
      return
    }
    let computedHash = row.computedHash
    guard computedHash == row.hash else {
      // What it says of itself is not to be trusted; it is taken for the row that is due.
      report(.edited, "the row was edited: its bytes have another hash than it says")
      step(to: LedgerHead(hash: row.hash, n: head.n + 1 + unreadableCount))
      hashOfEditedRow = computedHash
      return
    }
    if writer == nil { writer = row.writer }
    guard row.writer == writer else {
      report(.foreign, "the row is of the chain '\(row.writer)'")
      return
    }
    if let known, row.n == known.n, row.hash != known.hash {
      report(.cutOff, "row \(row.n) is another one than was known to be there")
    }
    place(row)
  }

  /// Finds a row's place among the numbers before it.
  private mutating func place(_ row: ChainedRow) {
    if row.n > head.n {
      let skipped = row.n - head.n - 1
      if skipped == 0 {
        if row.previousHash != head.hash, row.previousHash != hashOfEditedRow {
          report(.replaced, "row \(row.n) does not follow the row before it, which was replaced")
        }
      } else if skipped != unreadableCount {
        gaps.append((head.n + 1...row.n - 1, lineCount))
      }
      step(to: row.head)
    } else if let index = gaps.firstIndex(where: { $0.rows.contains(row.n) }) {
      close(row.n, inGap: index)
      report(.reordered, "row \(row.n) stands after row \(head.n)")
    } else {
      report(.repeated, "row \(row.n) is there a second time")
    }
  }

  private mutating func step(to head: LedgerHead) {
    self.head = head
    unreadableCount = 0
    hashOfEditedRow = nil
  }

  private mutating func close(_ n: Int, inGap index: Int) {
    let gap = gaps.remove(at: index)
    let parts = [gap.rows.lowerBound..<n, n + 1..<gap.rows.upperBound + 1]
    for part in parts where !part.isEmpty { gaps.append((ClosedRange(part), gap.line)) }
  }

  private mutating func report(_ kind: LedgerProblem.Kind, _ what: String, line: Int? = nil) {
    problems.append(LedgerProblem(row: line ?? lineCount, kind: kind, what: what))
  }
}
