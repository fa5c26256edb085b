// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

extension CPUDevice {
  /// Appends rows to a cache; see `Device`.
  public func append(
    keys: ActivationView,
    values: ActivationView,
    to cache: KeyValueCache
  ) throws(ComputeError) {
    precondition(keys.rowCount == values.rowCount && keys.columnCount == values.columnCount)
    precondition(keys.columnCount == cache.headCount * cache.headDimension)
    let first = cache.positionCount
    try cache.extend(by: keys.rowCount)
    let blocks = cache.storage.blocks
    let width = cache.headDimension
    let kernel = unsafe cache.elementType == .f32 ? kernels.append_f32 : kernels.append_bf16
    forEachRow(of: keys.rowCount, cost: 2 * keys.columnCount) { rows in
      for row in rows {
        let position = first + row
        let offset =
          position % CacheBlocks.blockExtent * width * cache.elementType.byteCount
        let block = unsafe blocks[position / CacheBlocks.blockExtent].base + offset
        // SAFETY: `extend` made the position's block; a row holds every head.
        for (source, byteOffset) in [(keys, 0), (values, cache.valueByteOffset)] {
          var arguments = unsafe hdl_append(
            input: source.pointer + row * source.rowStride,
            head_width: width,
            output: (block + byteOffset).assumingMemoryBound(to: CChar.self),
            head_bytes: cache.headByteCount
          )
          unsafe kernel(&arguments, 0, cache.headCount)
        }
      }
    }
  }

  /// Appends rows to a cache; see `Device`.
  public func append(latents: ActivationView, to cache: LatentCache) throws(ComputeError) {
    precondition(latents.columnCount == cache.width)
    let first = cache.positionCount
    try cache.extend(by: latents.rowCount)
    let blocks = cache.storage.blocks
    let kernel = unsafe cache.elementType == .f32 ? kernels.append_f32 : kernels.append_bf16
    forEachRow(of: latents.rowCount, cost: latents.columnCount) { rows in
      for row in rows {
        let position = first + row
        let offset =
          position % CacheBlocks.blockExtent * cache.width * cache.elementType.byteCount
        let block = unsafe blocks[position / CacheBlocks.blockExtent].base + offset
        // SAFETY: `extend` made the position's block.
        var arguments = unsafe hdl_append(
          input: latents.pointer + row * latents.rowStride,
          head_width: cache.width,
          output: block.assumingMemoryBound(to: CChar.self),
          head_bytes: 0
        )
        unsafe kernel(&arguments, 0, 1)
      }
    }
  }

  /// Runs `body` over neighboring rows; a single row, as decode has it, needs no other thread.
  private func forEachRow(of count: Int, cost: Int, _ body: (_ rows: Range<Int>) -> Void) {
    let extent = chunkExtent(count: count, cost: cost)
    guard count > extent else {
      body(0..<count)
      return
    }
    pool.run(chunkCount: (count + extent - 1) / extent) { chunk, _ in
      body(chunk * extent..<min((chunk + 1) * extent, count))
    }
  }

  /// Folds the key up-projection into queries; see `Device`.
  public func absorb(
    _ queries: ActivationView,
    weight: Tensor,
    shape: LatentShape,
    into output: ActivationView,
    computeType: ComputeType
  ) {
    let rowsOfHead = shape.noPositionDimension + shape.valueDimension
    let queryWidth = shape.noPositionDimension + shape.rotaryDimension
    precondition(weight.rowCount == shape.headCount * rowsOfHead)
    precondition(weight.columnCount == shape.latentRank && queries.rowCount == output.rowCount)
    precondition(queries.columnCount == shape.headCount * queryWidth)
    precondition(
      output.columnCount == shape.headCount * (shape.latentRank + shape.rotaryDimension)
    )
    let kernel = unsafe absorbKernel(weight: weight.elementType, computeType: computeType)
    let share = Int(HDL_ABSORB_TILE) * (shape.noPositionDimension + 15) / 16 * 16
    workspace.withLock { workspace in
      let scratch = unsafe workspace.threads.values(share * pool.threadCount, of: Float.self)
      var arguments = unsafe hdl_absorption()
      unsafe arguments.queries = UnsafePointer(queries.pointer)
      unsafe arguments.query_stride = queries.rowStride
      unsafe arguments.row_count = queries.rowCount
      unsafe arguments.head_count = shape.headCount
      unsafe arguments.no_position = shape.noPositionDimension
      unsafe arguments.rotary = shape.rotaryDimension
      unsafe arguments.weight = weight.pointer.assumingMemoryBound(to: CChar.self)
      unsafe arguments.weight_stride = weight.columnCount * weight.elementType.byteCount
      unsafe arguments.head_weight_rows = rowsOfHead
      unsafe arguments.latent_rank = shape.latentRank
      unsafe arguments.output = output.pointer
      unsafe arguments.output_stride = output.rowStride
      let own = unsafe workspace.arguments.values(pool.threadCount, of: hdl_absorption.self)
      for worker in 0..<pool.threadCount {
        unsafe arguments.scratch = scratch + worker * share
        unsafe own[worker] = unsafe arguments
      }
      let tiles = (queries.rowCount + Int(HDL_ABSORB_TILE) - 1) / Int(HDL_ABSORB_TILE)
      let count = tiles * shape.headCount
      let work = unsafe KernelWork(kernel, own, isPerThread: true, count: count, extent: 1)
      pool.run(chunkCount: count, work)
    }
  }

  private func absorbKernel(
    weight: ElementType,
    computeType: ComputeType
  ) -> @convention(c) (UnsafePointer<hdl_absorption>, Int, Int) -> Void {
    switch (computeType, weight) {
    case (.f32, .f32): unsafe kernels.absorb_f32_f32
    case (.f32, .f16): unsafe kernels.absorb_f32_f16
    case (.f32, .bf16): unsafe kernels.absorb_f32_bf16
    case (.bf16, .f32): unsafe kernels.absorb_bf16_f32
    case (.bf16, .f16): unsafe kernels.absorb_bf16_f16
    case (.bf16, .bf16): unsafe kernels.absorb_bf16_bf16
    default: fatalError("a weight of type \(weight) is absorbed")
    }
  }
}
