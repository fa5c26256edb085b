// SPDX-License-Identifier: Apache-2.0

import Compute

/// Where a zip archive's central directory lies, as the records at its end say.
struct ZipDirectory {
  private static let endByteCount = 22
  private static let locatorByteCount = 20
  private static let wideEndByteCount = 56
  private static let entryByteCount = 46

  private(set) var offset: Int
  private(set) var byteCount: Int
  private(set) var memberCount: Int

  /// Reads the end of an archive.
  ///
  /// An archive's comment, which torch never writes, is refused: with it an archive can have two
  /// ends.
  init(of region: MemoryRegion, file: String) throws(CheckpointError) {
    func error(_ detail: String) -> CheckpointError {
      CheckpointError(.zipInvalid(detail), file: file)
    }
    let endOffset = region.byteCount - Self.endByteCount
    guard endOffset >= 0 else { throw error("\(region.byteCount) bytes are too few") }
    var end = ByteCursor(region.copyBytes(endOffset..<region.byteCount))
    guard end.unsigned(4) == 0x0605_4B50 else {
      throw error("it does not end with the record that ends a zip archive")
    }
    guard end.unsigned(4) == 0, let here = end.count(2), let count = end.count(2), here == count,
      let byteCount = end.count(4), let offset = end.count(4), end.count(2) == 0
    else { throw error("the record at its end is broken") }
    memberCount = count
    self.byteCount = byteCount
    self.offset = offset
    var directoryEnd = endOffset
    if let wide = Self.wideEnd(before: endOffset, of: region) {
      guard let numbers = wide.numbers else { throw error("its ZIP64 record is broken") }
      let agrees =
        (count == 0xFFFF || count == numbers.memberCount)
        && (byteCount == 0xFFFF_FFFF || byteCount == numbers.byteCount)
        && (offset == 0xFFFF_FFFF || offset == numbers.offset)
      guard agrees else { throw error("the two records at its end contradict each other") }
      memberCount = numbers.memberCount
      self.byteCount = numbers.byteCount
      self.offset = numbers.offset
      directoryEnd = wide.offset
    }
    guard self.offset <= directoryEnd, self.byteCount == directoryEnd - self.offset else {
      throw error("its directory does not lie where its end says")
    }
    // Nothing is allocated by a count that the directory has no room for.
    guard memberCount <= self.byteCount / Self.entryByteCount else {
      throw error("its directory is too short for \(memberCount) members")
    }
  }

  /// The ZIP64 record before the end: nil where there is none, without numbers where it is broken.
  private static func wideEnd(
    before endOffset: Int,
    of region: MemoryRegion
  ) -> (offset: Int, numbers: (memberCount: Int, byteCount: Int, offset: Int)?)? {
    let locatorOffset = endOffset - locatorByteCount
    guard locatorOffset >= 0 else { return nil }
    var locator = ByteCursor(region.copyBytes(locatorOffset..<endOffset))
    guard locator.unsigned(4) == 0x0706_4B50 else { return nil }
    let offset = locatorOffset - wideEndByteCount
    guard offset >= 0, locator.unsigned(4) == 0, locator.count(8) == offset,
      locator.unsigned(4) == 1
    else { return (offset, nil) }
    var record = ByteCursor(region.copyBytes(offset..<locatorOffset))
    guard record.unsigned(4) == 0x0606_4B50, record.unsigned(8) == 44, record.take(4) != nil,
      record.unsigned(8) == 0, let here = record.count(8), let count = record.count(8),
      here == count, let byteCount = record.count(8), let directoryOffset = record.count(8)
    else { return (offset, nil) }
    return (offset, (count, byteCount, directoryOffset))
  }
}
