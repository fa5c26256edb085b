// SPDX-License-Identifier: Apache-2.0

/// How often each piece of some texts comes: what merges are learned from.
///
/// The pieces' bytes lie in one array, found by an open-addressing table.
public struct PieceCounts: Sendable {
  /// LIMIT: longer pieces, such as an image written in letters, are no words; merging one takes time
  /// that grows with its length at each merge.
  static let byteCountLimit = 4096

  private var bytes: [UInt8] = []
  /// Where each piece begins; one more than there are pieces.
  private var starts = [0]
  private var counts: [Int] = []
  /// Piece + 1 in the low half, half of its hash in the high one; 0 for an empty slot.
  private var slots = [UInt64](repeating: 0, count: 1 << 12)

  /// Creates an empty table.
  public init() {}

  /// How many different pieces there are.
  public var count: Int { counts.count }

  /// How many pieces there are in all.
  public var total: Int { counts.reduce(0, +) }

  /// Counts a piece.
  ///
  /// - Parameters:
  ///   - piece: Its bytes; one that is too long for a word is left out.
  ///   - times: How often it comes.
  mutating func add(_ piece: Span<UInt8>, times: Int = 1) {
    guard piece.count <= Self.byteCountLimit else { return }
    let hash = PieceHash.hash(piece, seed: 0)
    let slot = self.slot(of: piece, hash)
    if slots[slot] != 0 {
      counts[Int(slots[slot] & 0xFFFF_FFFF) - 1] += times
      return
    }
    for index in piece.indices { bytes.append(piece[index]) }
    starts.append(bytes.count)
    counts.append(times)
    slots[slot] = (hash >> 32) << 32 | UInt64(count)
    if count * 2 > slots.count { grow() }
  }

  /// Adds the counts of other texts.
  public mutating func add(_ other: PieceCounts) {
    for piece in 0..<other.count {
      add(other.bytes.span.extracting(other.range(piece)), times: other.counts[piece])
    }
  }

  /// The bytes of a piece, and how often it comes.
  subscript(piece: Int) -> (bytes: ArraySlice<UInt8>, count: Int) {
    (bytes[range(piece)], counts[piece])
  }

  private func range(_ piece: Int) -> Range<Int> { starts[piece]..<starts[piece + 1] }

  /// The slot that holds the piece, or the empty one where it would go.
  private func slot(of piece: Span<UInt8>, _ hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let entry = slots[slot]
      if entry >> 32 == hash >> 32, equals(Int(entry & 0xFFFF_FFFF) - 1, piece) { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func equals(_ entry: Int, _ piece: Span<UInt8>) -> Bool {
    let start = starts[entry]
    guard starts[entry + 1] - start == piece.count else { return false }
    for index in piece.indices where bytes[start + index] != piece[index] { return false }
    return true
  }

  private mutating func grow() {
    slots = [UInt64](repeating: 0, count: slots.count * 2)
    for piece in 0..<count {
      let hash = PieceHash.hash(bytes.span.extracting(range(piece)), seed: 0)
      let slot = self.slot(of: bytes.span.extracting(range(piece)), hash)
      slots[slot] = (hash >> 32) << 32 | UInt64(piece + 1)
    }
  }
}
