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
