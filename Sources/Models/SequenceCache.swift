// SPDX-License-Identifier: Apache-2.0

public import Compute

/// What a model keeps of one sequence: a cache for each layer.
public final class SequenceCache: Sendable {
  /// One cache a layer; those of multi-token-prediction layers come last.
  public let layers: [any LayerCache]
  let mainLayerCount: Int

  init(layers: [any LayerCache], mainLayerCount: Int) {
    self.layers = layers
    self.mainLayerCount = mainLayerCount
  }

  /// How many positions the main layers hold.
  public var positionCount: Int { layers.first?.positionCount ?? 0 }

  /// How many positions a block of its layers holds.
  public static let blockExtent = CacheSnapshot.blockExtent

  /// How many bytes a block takes in all main layers together.
  public var blockByteCount: Int {
    layers.prefix(mainLayerCount).reduce(0) { $0 + $1.blockByteCount }
  }

  /// How many bytes all layers take.
  public var byteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }

  /// How many bytes a block takes in each main layer.
  public var blockLayout: [Int] { layers.prefix(mainLayerCount).map(\.blockByteCount) }

  /// Shares the blocks of the first positions, which may end within a block.
  ///
  /// The cache copies a shared block before it writes to it again. Multi-token-prediction layers are no
  /// part of it.
  ///
  /// - Precondition: So many positions are stored.
  public func blocks(of positionCount: Int) -> [SequenceBlock] {
    let snapshots = layers.prefix(mainLayerCount).map {
      $0.snapshot(positionCount: positionCount)
    }
    return (0..<CacheSnapshot.blockCount(of: positionCount)).map { block in
      SequenceBlock(layers: snapshots.map { $0.blocks[block] })
    }
  }

  /// Continues from blocks that a sequence of the same model has shared; what was stored before is
  /// forgotten.
  ///
  /// - Precondition: They are as many as the positions need.
  public func restore(_ blocks: [SequenceBlock], positionCount: Int) {
    rollBack(to: 0)
    for (index, layer) in layers.prefix(mainLayerCount).enumerated() {
      layer.restore(
        CacheSnapshot(blocks: blocks.map { $0.layers[index] }, positionCount: positionCount)
      )
    }
  }

  /// Forgets the positions from `positionCount` on, in every layer.
  ///
  /// A multi-token-prediction layer is one position behind and forgets accordingly.
  public func rollBack(to positionCount: Int) {
    for (index, layer) in layers.enumerated() {
      let kept = index < mainLayerCount ? positionCount : max(positionCount - 1, 0)
      if layer.positionCount > kept { layer.rollBack(to: kept) }
    }
  }
}

/// A block of 64 positions in all main layers; the last of a sequence may be filled in part.
public struct SequenceBlock: Sendable {
  /// What each layer stores.
  public let layers: [MemoryRegion]

  /// Makes a block of what its layers store.
  public init(layers: [MemoryRegion]) { self.layers = layers }

  /// How many bytes it takes.
  public var byteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }
}
