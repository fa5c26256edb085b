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
  /// Shares the blocks of the first positions, which may end within a block; the cache copies a shared
  /// block before it writes to it again.
  ///
  /// - Precondition: So many positions are stored.
  func snapshot(positionCount: Int) -> CacheSnapshot
  /// Continues from a snapshot; what was stored before is forgotten.
  func restore(_ snapshot: CacheSnapshot)
}

/// The first blocks of one layer's cache, which several sequences may share.
///
/// The last may be filled in part. Nobody writes to a block while somebody else has it.
public struct CacheSnapshot: Sendable {
  /// How many positions a block holds.
  public static let blockExtent = CacheBlocks.blockExtent

  /// The blocks.
  public let blocks: [MemoryRegion]
  /// How many positions they hold.
  public let positionCount: Int

  /// Makes a snapshot of blocks that others gave.
  ///
  /// - Precondition: They are as many as the positions need.
  public init(blocks: [MemoryRegion], positionCount: Int) {
    precondition(positionCount >= 0 && blocks.count == Self.blockCount(of: positionCount))
    self.blocks = blocks
    self.positionCount = positionCount
  }

  /// How many blocks some positions need.
  public static func blockCount(of positionCount: Int) -> Int {
    (positionCount + blockExtent - 1) / blockExtent
  }
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
    let wanted = CacheSnapshot.blockCount(of: positionCount)
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
    let kept = CacheSnapshot.blockCount(of: positionCount)
    // A later block may be shared with a snapshot; dropping it keeps the copy rule to one block.
    blocks.removeLast(blocks.count - kept)
  }

  func snapshot(positionCount: Int) -> CacheSnapshot {
    precondition(positionCount <= self.positionCount)
    let shared = blocks.prefix(CacheSnapshot.blockCount(of: positionCount))
    return CacheSnapshot(blocks: Array(shared), positionCount: positionCount)
  }

  mutating func restore(_ snapshot: CacheSnapshot) {
    precondition(snapshot.blocks.allSatisfy { $0.byteCount == blockByteCount })
    blocks = snapshot.blocks
    positionCount = snapshot.positionCount
  }
}
