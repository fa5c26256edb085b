// SPDX-License-Identifier: Apache-2.0

import Compute

/// Reads the lines of a chain's file, whatever its length.
public final class LedgerReader {
  /// A whole line.
  public struct Line: Sendable, Hashable {
    /// Its 1-based number in the file.
    public let number: Int
    /// Where it begins, in bytes.
    public let offset: Int
    /// Its bytes without the line feed; of one that is longer than any row the beginning alone.
    public let bytes: [UInt8]
    /// How many bytes it has without the line feed.
    public let byteCount: Int

    /// Where the next line begins.
    public var end: Int { offset + byteCount + 1 }
  }

  /// The file.
  public let path: String
  private let file: GrowingFile

  /// Opens a file.
  ///
  /// - Throws: `LedgerError` where it cannot be read.
  public init(path: String) throws(LedgerError) {
    self.path = path
    file = try LedgerError.raising { () throws(ComputeError) in try GrowingFile(reading: path) }
  }

  /// How many bytes the file has now.
  public var byteCount: Int { file.byteCount }

  /// When its bytes were last changed, in nanoseconds since 1970.
  public var modificationTime: Int { file.modificationTime }

  /// Reads the bytes of a range, fewer where the file ends before.
  ///
  /// - Throws: `LedgerError` where they cannot be read.
  public func bytes(_ range: Range<Int>) throws(LedgerError) -> [UInt8] {
    try Self.bytes(of: file, range)
  }

  /// Visits the whole lines; what stands behind the last line feed is none.
  ///
  /// - Parameters:
  ///   - offset: Where the first line begins.
  ///   - number: The first line's number.
  ///   - visit: Says whether to go on.
  /// - Throws: `LedgerError` where the file cannot be read, and what `visit` throws.
  public func forEachLine(
    from offset: Int = 0,
    number: Int = 1,
    _ visit: (Line) throws -> Bool
  ) throws {
    var (start, number, place) = (offset, number, offset)
    var open: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try LedgerError.raising { () throws(ComputeError) in
        try file.read(into: &buffer, at: place)
      }
      guard count > 0 else { return }
      var rest = buffer.prefix(count)
      while let feed = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let end = place + feed
        let line = Line(
          number: number,
          offset: start,
          bytes: open + rest[..<feed],
          byteCount: end - start
        )
        guard try visit(line) else { return }
        open.removeAll(keepingCapacity: true)
        rest = rest[(feed + 1)...]
        (start, number) = (end + 1, number + 1)
      }
      // LIMIT: what is longer than any row is no row, however it goes on.
      if open.count < 2 * LedgerWriter.longestLine { open += rest }
      place += count
    }
  }

  static func bytes(
    of file: GrowingFile,
    _ range: Range<Int>
  ) throws(LedgerError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    while bytes.count < range.count {
      var buffer = [UInt8](repeating: 0, count: min(range.count - bytes.count, 1 << 20))
      let count = try LedgerError.raising { () throws(ComputeError) in
        try file.read(into: &buffer, at: range.lowerBound + bytes.count)
      }
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    return bytes
  }
}
