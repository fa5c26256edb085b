// SPDX-License-Identifier: Apache-2.0

import Compute

/// The end of a chain's file: its last whole row, and bytes after it that are none.
struct LedgerTail {
  /// The head of the whole rows.
  let head: LedgerHead
  /// Where the last whole row ends.
  let end: Int
  /// How many bytes follow.
  let tornByteCount: Int

  /// Reads the last rows, whatever the file's length, and checks that they are a chain.
  ///
  /// - Throws: `LedgerError` with `damagedEnd` where they are none.
  init(_ file: GrowingFile, path: String) throws(LedgerError) {
    let count = file.byteCount
    let (start, bytes) = try Self.end(of: file, count)
    guard let lastFeed = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
      guard start == 0 else {
        throw LedgerError(.damagedEnd("a line is longer than a row may be"), place: path)
      }
      (head, end, tornByteCount) = (.start, 0, count)
      return
    }
    end = start + lastFeed + 1
    tornByteCount = count - end
    let lines = bytes[..<lastFeed].split(
      separator: UInt8(ascii: "\n"),
      omittingEmptySubsequences: false
    )
    let last = try Self.row(lines[lines.count - 1], path)
    head = last.head
    // Where only the rest of a line stands before the last one, a row of full length was read.
    if lines.count > 2 || start == 0 && lines.count == 2 {
      let previous = try Self.row(lines[lines.count - 2], path)
      guard previous.head == LedgerHead(hash: last.previousHash, n: last.n - 1) else {
        throw LedgerError(.damagedEnd("it does not follow the row before it"), place: path)
      }
    } else if start == 0 {
      guard LedgerHead.start == LedgerHead(hash: last.previousHash, n: last.n - 1) else {
        throw LedgerError(.damagedEnd("it is not the chain's first"), place: path)
      }
    }
  }

  /// Moves what follows the last whole row to a file of its own, so that no byte is lost.
  ///
  /// - Returns: What was moved, nil where nothing was.
  func putTornBytesAside(
    of file: GrowingFile,
    path: String
  ) throws(LedgerError) -> LedgerWriter.Repair? {
    guard tornByteCount > 0 else { return nil }
    let bytes = try LedgerReader.bytes(of: file, end..<end + tornByteCount)
    let place = try LedgerError.raising { () throws(ComputeError) in
      var place = "\(path).torn-\(head.n + 1)"
      var number = 2
      while try FileKind.of(place) != nil {
        place = "\(path).torn-\(head.n + 1)-\(number)"
        number += 1
      }
      let aside = try FileWriter(path: place)
      try aside.write(bytes)
      try aside.commit()
      // Only now, when the bytes are safe elsewhere.
      try file.truncate(to: end)
      try file.flush()
      return place
    }
    return LedgerWriter.Repair(path: place, byteCount: tornByteCount, lastRow: head.n)
  }

  private static func row(
    _ line: ArraySlice<UInt8>,
    _ path: String
  ) throws(LedgerError) -> ChainedRow {
    do {
      let row = try ChainedRow(line: Array(line))
      if row.computedHash == row.hash { return row }
    } catch {
      throw LedgerError(.damagedEnd("\(error)"), place: path)
    }
    throw LedgerError(.damagedEnd("its bytes have another hash than it says"), place: path)
  }

  // LIMIT: some hundred rows of the usual length; a command opens its ledger in no time.
  private static let usualByteCount = 1 << 16

  /// The last bytes of a file, and where they begin: two whole rows and a torn one are in them, or it
  /// is the whole file, or a line is longer than a row may be.
  private static func end(
    of file: GrowingFile,
    _ count: Int
  ) throws(LedgerError) -> (start: Int, bytes: [UInt8]) {
    var start = max(0, count - usualByteCount)
    var bytes = try LedgerReader.bytes(of: file, start..<count)
    while start > 0, count - start < 3 * LedgerWriter.longestLine,
      bytes.count(where: { $0 == UInt8(ascii: "\n") }) < 3
    {
      let earlier = max(0, start - 3 * (count - start))
      bytes = try LedgerReader.bytes(of: file, earlier..<start) + bytes
      start = earlier
    }
    return (start, bytes)
  }
}
