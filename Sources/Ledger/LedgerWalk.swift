// SPDX-License-Identifier: Apache-2.0

import Hashing

/// Holds each line of a chain against those before it.
struct LedgerWalk {
  private let known: [LedgerHead]
  private let scans: Bool
  private let form = RowForm()
  /// The bytes of the line that has not ended yet.
  private var open: [UInt8] = []
  private var lineCount = 0
  private var sum = RowSum()
  private var problems: [LedgerProblem] = []
  private var leftOutCount = 0
  private var writer: [UInt8]?
  /// The number and the hash's digits of the row with the highest number so far.
  private var headNumber = LedgerHead.start.n
  private var headDigits = Array(LedgerHead.start.hash.utf8)
  /// Numbers of rows that were passed over, each with the line before which they should stand.
  private var gaps: [(rows: ClosedRange<Int>, line: Int)] = []
  /// Lines since the head that are no rows.
  private var unreadableCount = 0
  /// The hash that the bytes of the row at the head have, where it says another one.
  private var hashOfEditedRow: String?

  /// Begins a walk.
  ///
  /// - Parameters:
  ///   - writer: Whose rows they must be; nil for whoever wrote the first one.
  ///   - known: Heads that were kept elsewhere.
  ///   - scans: Whether rows of the usual form are scanned, and not read as JSON.
  init(writer: String? = nil, known: [LedgerHead], scans: Bool = true) {
    self.writer = writer.map { Array($0.utf8) }
    self.known = known
    self.scans = scans
  }

  private var head: LedgerHead {
    LedgerHead(hash: String(decoding: headDigits, as: UTF8.self), n: headNumber)
  }

  /// Takes the next bytes of a file, the first `count` of an array.
  mutating func take(_ bytes: [UInt8], count: Int) {
    var start = 0
    while start < count {
      if open.isEmpty, scans, let end = takeScanned(bytes, from: start, to: count) {
        start = end + 1
        continue
      }
      guard let feed = bytes[start..<count].firstIndex(of: UInt8(ascii: "\n")) else { break }
      let line = open + bytes[start..<feed]
      open.removeAll(keepingCapacity: true)
      start = feed + 1
      lineCount += 1
      check(line)
    }
    // LIMIT: what is longer than any row is no row, however it goes on; its beginning shows that.
    if open.count < 2 * LedgerWriter.longestLine { open += bytes[start..<count] }
  }

  private static let brace: ArraySlice<UInt8> = [UInt8(ascii: "}")]

  /// Takes a row that is as it should be.
  ///
  /// - Returns: The place of its line feed; nil where it must be looked at more closely.
  private mutating func takeScanned(_ bytes: [UInt8], from start: Int, to count: Int) -> Int? {
    let span = bytes.span.extracting(0..<count)
    var scan = RowScan(span, from: start, form)
    guard let row = scan.row(), row.n == headNumber + 1, bytes[row.previousHash] == headDigits[...],
      let writer, bytes[row.writer] == writer[...], !known.contains(where: { $0.n == row.n })
    else { return nil }
    var hash = SHA256Hash()
    hash.update(bytes[start..<row.sealStart])
    hash.update(Self.brace)
    guard hash.hasDigits(bytes[row.hash]) else { return nil }
    lineCount += 1
    sum.add(row, in: span, form)
    headNumber = row.n
    headDigits = Array(bytes[row.hash])
    unreadableCount = 0
    hashOfEditedRow = nil
    return row.end
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
    for lost in Set(known.map(\.n)).sorted() where lost > headNumber {
      report(
        .cutOff,
        "the chain ends with row \(headNumber), row \(lost) was known to be there",
        line: max(lineCount, 1)
      )
    }
    return LedgerVerification(
      rowCount: lineCount,
      head: head,
      total: sum.total,
      // Equal lines keep the order in which their problems were found.
      problems: problems.enumerated()
        .sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }
        .map(\.element) + leftOut
    )
  }

  /// What says that there are more problems than are listed.
  private var leftOut: [LedgerProblem] {
    guard leftOutCount > 0 else { return [] }
    let what = "\(leftOutCount) more problems of this file are not listed"
    return [LedgerProblem(row: lineCount, kind: .notARow, what: what)]
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
    sum.add(row.row)
    let computedHash = row.computedHash
    guard computedHash == row.hash else {
      // What it says of itself is not to be trusted; it is taken for the row that is due.
      report(.edited, "the row was edited: its bytes have another hash than it says")
      step(to: LedgerHead(hash: row.hash, n: headNumber + 1 + unreadableCount))
      hashOfEditedRow = computedHash
      return
    }
    let name = Array(row.writer.utf8)
    if writer == nil { writer = name }
    guard name == writer else {
      report(.foreign, "the row is of the chain '\(row.writer)'")
      return
    }
    if known.contains(where: { $0.n == row.n && $0.hash != row.hash }) {
      report(.cutOff, "row \(row.n) is another one than was known to be there")
    }
    place(row)
  }

  /// Finds a row's place among the numbers before it.
  private mutating func place(_ row: ChainedRow) {
    let head = head
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
    headNumber = head.n
    headDigits = Array(head.hash.utf8)
    unreadableCount = 0
    hashOfEditedRow = nil
  }

  private mutating func close(_ n: Int, inGap index: Int) {
    let gap = gaps.remove(at: index)
    let parts = [gap.rows.lowerBound..<n, n + 1..<gap.rows.upperBound + 1]
    for part in parts where !part.isEmpty { gaps.append((ClosedRange(part), gap.line)) }
  }

  // LIMIT: nobody reads more; a file of another kind must not fill the memory with its lines.
  private static let mostProblems = 100_000

  private mutating func report(_ kind: LedgerProblem.Kind, _ what: String, line: Int? = nil) {
    guard problems.count < Self.mostProblems else {
      leftOutCount += 1
      return
    }
    problems.append(LedgerProblem(row: line ?? lineCount, kind: kind, what: what))
  }
}
