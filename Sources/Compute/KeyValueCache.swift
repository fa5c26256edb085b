// SPDX-License-Identifier: Apache-2.0

/// The keys and values of one layer with grouped-query attention.
///
/// A block holds keys `[heads, 64, headDimension]`, then values in the same shape, as F32 or BF16.
@safe public final class KeyValueCache: LayerCache, @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: one forward pass at a time owns a sequence.
  private(set) var storage: CacheBlocks
  /// How many key/value heads there are.
  public let headCount: Int
  /// How many numbers a head's key or value has.
  public let headDimension: Int
  /// F32 or BF16.
  public let elementType: ElementType

  /// Creates an empty cache.
  public init(headCount: Int, headDimension: Int, computeType: ComputeType) {
    self.headCount = headCount
    self.headDimension = headDimension
    elementType = computeType.cacheElementType
    storage = CacheBlocks(
      blockByteCount: 2 * headCount * CacheBlocks.blockExtent * headDimension
        * elementType.byteCount
    )
  }

  /// How many positions are stored.
  public var positionCount: Int { storage.positionCount }

  /// How many bytes the stored blocks take.
  public var byteCount: Int { storage.byteCount }

  /// How many bytes a block takes.
  public var blockByteCount: Int { storage.blockByteCount }

  /// Makes room for positions, in whole blocks.
  public func reserve(_ positionCount: Int) throws(ComputeError) {
    try storage.reserve(positionCount)
  }

  func extend(by count: Int) throws(ComputeError) { try storage.extend(by: count) }

  /// Forgets the positions from one on.
  public func rollBack(to positionCount: Int) { storage.rollBack(to: positionCount) }

  /// Shares the blocks of the first positions.
  public func snapshot(positionCount: Int) -> CacheSnapshot {
    storage.snapshot(positionCount: positionCount)
  }

  /// Continues from a snapshot.
  public func restore(_ snapshot: CacheSnapshot) { storage.restore(snapshot) }

  /// The bytes between the starts of two heads' runs of keys (or values) in a block.
  var headByteCount: Int { CacheBlocks.blockExtent * headDimension * elementType.byteCount }

  /// The bytes from a block's keys to its values.
  var valueByteOffset: Int { headCount * headByteCount }
}
