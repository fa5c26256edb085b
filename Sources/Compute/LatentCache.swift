// SPDX-License-Identifier: Apache-2.0

/// The normed latents and rotated keys of one layer with multi-head latent attention.
///
/// A block holds `[64, latentRank + rotaryDimension]`, as F32 or BF16 (DeepSeek-V2, section 2.1).
@safe public final class LatentCache: LayerCache, @unchecked Sendable {
  // The sharing rule behind `@unchecked Sendable`: one forward pass at a time owns a sequence.
  private(set) var storage: CacheBlocks
  /// How many numbers the latent has.
  public let latentRank: Int
  /// How many numbers the rotary part of the shared key has.
  public let rotaryDimension: Int
  /// F32 or BF16.
  public let elementType: ElementType

  /// Creates an empty cache.
  public init(latentRank: Int, rotaryDimension: Int, computeType: ComputeType) {
    self.latentRank = latentRank
    self.rotaryDimension = rotaryDimension
    elementType = computeType.cacheElementType
    storage = CacheBlocks(
      blockByteCount: CacheBlocks.blockExtent * (latentRank + rotaryDimension)
        * elementType.byteCount
    )
  }

  /// How many numbers a position stores.
  public var width: Int { latentRank + rotaryDimension }

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
}
