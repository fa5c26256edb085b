// SPDX-License-Identifier: Apache-2.0

// Element access for the reference device and for tests; kernels walk the blocks themselves.

extension MemoryRegion {
  /// Stores numbers as F32 or BF16.
  fileprivate func store(_ values: [Float], at byteOffset: Int, as elementType: ElementType) {
    precondition(byteOffset + values.count * elementType.byteCount <= byteCount)
    for (index, value) in values.enumerated() {
      let offset = byteOffset + index * elementType.byteCount
      // SAFETY: the range was checked above.
      if elementType == .bf16 {
        unsafe base.storeBytes(of: NumberFormats.bf16(value), toByteOffset: offset, as: UInt16.self)
      } else {
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: Float.self)
      }
    }
  }

  fileprivate func load(_ count: Int, at byteOffset: Int, as elementType: ElementType) -> [Float] {
    let tensor = Tensor(
      region: self,
      byteOffset: byteOffset,
      elementType: elementType,
      shape: [count]
    )
    return tensor.floats
  }
}

extension KeyValueCache {
  private func place(_ position: Int, _ head: Int) -> (block: MemoryRegion, byteOffset: Int) {
    precondition(position < positionCount && head < headCount)
    let within = position % CacheBlocks.blockExtent
    return (
      storage.blocks[position / CacheBlocks.blockExtent],
      head * headByteCount + within * headDimension * elementType.byteCount
    )
  }

  /// Stores the key and the value of one head at a position.
  func store(_ key: [Float], _ value: [Float], position: Int, head: Int) {
    let (block, byteOffset) = place(position, head)
    block.store(key, at: byteOffset, as: elementType)
    block.store(value, at: byteOffset + valueByteOffset, as: elementType)
  }

  /// The stored key and value of one head at a position.
  func load(position: Int, head: Int) -> (key: [Float], value: [Float]) {
    let (block, byteOffset) = place(position, head)
    return (
      block.load(headDimension, at: byteOffset, as: elementType),
      block.load(headDimension, at: byteOffset + valueByteOffset, as: elementType)
    )
  }
}

extension LatentCache {
  private func place(_ position: Int) -> (block: MemoryRegion, byteOffset: Int) {
    precondition(position < positionCount)
    let within = position % CacheBlocks.blockExtent
    return (
      storage.blocks[position / CacheBlocks.blockExtent], within * width * elementType.byteCount
    )
  }

  /// Stores the latent and the rotated key of a position.
  func store(_ latent: [Float], position: Int) {
    let (block, byteOffset) = place(position)
    block.store(latent, at: byteOffset, as: elementType)
  }

  /// The stored latent and rotated key of a position.
  func load(position: Int) -> [Float] {
    let (block, byteOffset) = place(position)
    return block.load(width, at: byteOffset, as: elementType)
  }
}
