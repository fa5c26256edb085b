// SPDX-License-Identifier: Apache-2.0

/// The tokens of the pieces that came last, so that a common word is merged once.
///
/// It changes the time of an encoding, never its result.
struct PieceCache: Sendable {
  /// Longer pieces come again too rarely.
  static let byteCountLimit = 48
  private static let slotCount = 1 << 15
  /// LIMIT: what all cached pieces take together.
  private static let byteLimit = 1 << 20

  private struct Entry {
    var hash: UInt64 = 0
    var start: UInt32 = 0
    var count: UInt32 = 0
    var firstToken: UInt32 = 0
    var tokenCount: UInt32 = 0
  }

  private var entries: [Entry] = []
  private var bytes: [UInt8] = []
  private var tokens: [Int32] = []

  /// Appends the tokens of a piece if they are known.
  @inline(__always)
  func appendTokens(
    of piece: Range<Int>,
    in text: Span<UInt8>,
    hash: UInt64,
    to result: inout [Int32]
  ) -> Bool {
    guard !entries.isEmpty else { return false }
    let entry = entries[Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)]
    guard entry.hash == hash, Int(entry.count) == piece.count else { return false }
    let start = Int(entry.start)
    for offset in 0..<piece.count where bytes[start + offset] != text[piece.lowerBound + offset] {
      return false
    }
    for index in Int(entry.firstToken)..<Int(entry.firstToken + entry.tokenCount) {
      result.append(tokens[index])
    }
    return true
  }

  /// Remembers the tokens of a piece, in the place of what lies in its slot.
  mutating func insert(
    _ piece: Range<Int>,
    in text: Span<UInt8>,
    hash: UInt64,
    tokens new: ArraySlice<Int32>
  ) {
    if entries.isEmpty || bytes.count + piece.count > Self.byteLimit {
      entries = [Entry](repeating: Entry(), count: Self.slotCount)
      bytes.removeAll(keepingCapacity: true)
      tokens.removeAll(keepingCapacity: true)
    }
    entries[Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)] = Entry(
      hash: hash,
      start: UInt32(bytes.count),
      count: UInt32(piece.count),
      firstToken: UInt32(tokens.count),
      tokenCount: UInt32(new.count)
    )
    for index in piece { bytes.append(text[index]) }
    tokens.append(contentsOf: new)
  }
}
