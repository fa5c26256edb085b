// SPDX-License-Identifier: Apache-2.0

/// What one layer keeps of a sequence's past.
///
/// Chosen per layer; nothing above assumes that layers keep equal bytes a position.
public protocol LayerCache: AnyObject, Sendable {
  /// How many positions are stored.
  var positionCount: Int { get }
  /// How many bytes the stored blocks take.
  var byteCount: Int { get }
  /// How many bytes a block takes.
  var blockByteCount: Int { get }
  /// Makes room for positions up to `positionCount`, in whole blocks.
  ///
  /// - Throws: `ComputeError` if memory cannot be had.
  func reserve(_ positionCount: Int) throws(ComputeError)
  /// Forgets the positions from `positionCount` on; it may lie within a block.
  func rollBack(to positionCount: Int)
  /// Shares the first blocks; the cache copies a shared block before it writes to it again.
  ///
  /// - Precondition: Those blocks are full.
  func snapshot(blockCount: Int) -> CacheSnapshot
  /// Continues from a snapshot; what was stored before is forgotten.
  func restore(_ snapshot: CacheSnapshot)
}

/// Full blocks of one layer's cache that several sequences may share.
public struct CacheSnapshot: Sendable {
  /// How many positions a block holds.
  public static let blockExtent = CacheBlocks.blockExtent

  let blocks: [MemoryRegion]

  /// How many positions the blocks hold.
  public var positionCount: Int { blocks.count * Self.blockExtent }
}

/// Blocks of 64 positions, counted from the sequence's own first token.
struct CacheBlocks {
  /// How many positions a block holds.
  static let blockExtent = 64

  let blockByteCount: Int
  private(set) var blocks: [MemoryRegion] = []
  private(set) var positionCount = 0

  init(blockByteCount: Int) { self.blockByteCount = blockByteCount }

  var byteCount: Int { blocks.count * blockByteCount }

  mutating func reserve(_ positionCount: Int) throws(ComputeError) {
    let wanted = (positionCount + Self.blockExtent - 1) / Self.blockExtent
    while blocks.count < wanted { blocks.append(try MemoryRegion(zeroed: blockByteCount)) }
  }

  /// Makes the blocks of the next `count` positions writable and counts them as stored.
  mutating func extend(by count: Int) throws(ComputeError) {
    try reserve(positionCount + count)
    guard count > 0 else { return }
    let first = positionCount / Self.blockExtent
    if !isKnownUniquelyReferenced(&blocks[first]) {
      let copy = try MemoryRegion(zeroed: blockByteCount)
      copy.write(blocks[first].copyBytes(0..<blockByteCount), at: 0)
      blocks[first] = copy
    }
    positionCount += count
  }

  mutating func rollBack(to positionCount: Int) {
    precondition(positionCount >= 0 && positionCount <= self.positionCount)
    self.positionCount = positionCount
    let kept = (positionCount + Self.blockExtent - 1) / Self.blockExtent
    // A later block may be shared with a snapshot; dropping it keeps the copy rule to one block.
    blocks.removeLast(blocks.count - kept)
  }

  func snapshot(blockCount: Int) -> CacheSnapshot {
    precondition(blockCount * Self.blockExtent <= positionCount)
    return CacheSnapshot(blocks: Array(blocks.prefix(blockCount)))
  }

  mutating func restore(_ snapshot: CacheSnapshot) {
    blocks = snapshot.blocks
    positionCount = snapshot.positionCount
  }
}
