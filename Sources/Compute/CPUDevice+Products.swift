// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

/// Rows of activations as products take them.
@unsafe private struct PreparedInput {
  var base: UnsafePointer<CChar>
  /// The bytes between two groups of a row.
  var groupStride: Int
  /// The bytes between two rows.
  var rowStride: Int
}

/// One of the products of an operation.
@unsafe private struct QueuedProduct {
  var arguments: hdl_product
  /// How many weight rows, and so outputs, it has.
  var rowCount: Int
  /// The first of its grains among those of all products.
  var firstGrain = 0
}

/// Products in chunks of neighboring weight rows, cut at grains.
@safe private struct ProductWork: ChunkedWork {
  let kernel: @convention(c) (UnsafePointer<hdl_product>, Int, Int) -> Void
  let products: UnsafePointer<QueuedProduct>
  let count: Int
  /// How many weight rows a grain has.
  let grainExtent: Int
  let chunks: TaperedChunks
  /// `HDL_WIDENED_BYTES` a thread, where weights are widened.
  let scratch: UnsafeMutablePointer<CChar>?

  func run(chunk: Int, worker: Int) {
    let grains = chunks.grains(of: chunk)
    // The last product that begins at or before the chunk.
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if unsafe products[middle].firstGrain <= grains.lowerBound {
        low = middle
      } else {
        high = middle - 1
      }
    }
    while low < count, unsafe products[low].firstGrain < grains.upperBound {
      var product = unsafe products[low]
      if let scratch = unsafe scratch {
        unsafe product.arguments.scratch = scratch + worker * Int(HDL_WIDENED_BYTES)
      }
      let begin = unsafe max(0, (grains.lowerBound - product.firstGrain) * grainExtent)
      let end = unsafe (grains.upperBound - product.firstGrain) * grainExtent
      unsafe kernel(&product.arguments, begin, min(end, product.rowCount))
      low += 1
    }
  }
}

extension CPUDevice {
  /// Multiplies rows with weights in the dot form; see `Device`.
  public func multiply(
    _ input: ActivationView,
    by weight: WeightMatrix,
    into output: ActivationView,
    computeType: ComputeType
  ) {
    multiply(input, by: CollectionOfOne(weight), into: ViewList(output), computeType)
  }

  /// Multiplies rows with weights in the dot form; see `Device`.
  public func multiply(
    _ input: ActivationView,
    by weights: [WeightMatrix],
    into outputs: ViewList,
    computeType: ComputeType
  ) {
    guard let type = weights.first?.values.elementType else { return }
    guard weights.allSatisfy({ $0.values.elementType == type }) else {
      for (weight, output) in zip(weights, outputs) {
        multiply(input, by: weight, into: output, computeType: computeType)
      }
      return
    }
    multiply(input, by: weights, into: outputs, computeType)
  }

  /// Multiplies with weights of one type in one go: threads wait for each other once.
  private func multiply<Weights: RandomAccessCollection<WeightMatrix>>(
    _ input: ActivationView,
    by weights: Weights,
    into outputs: ViewList,
    _ computeType: ComputeType
  ) {
    precondition(weights.count == outputs.count)
    guard input.rowCount > 0, let type = weights.first?.values.elementType else { return }
    workspace.withLock { workspace in
      let x = unsafe prepare(input, groupCount: 1, for: computeType, in: &workspace)
      let products = unsafe workspace.arguments.values(weights.count, of: QueuedProduct.self)
      for (index, (weight, output)) in zip(weights, outputs).enumerated() {
        precondition(input.rowCount == output.rowCount)
        precondition(input.columnCount == weight.columnCount)
        precondition(output.columnCount == weight.rowCount)
        unsafe products[index] = queued(weight)
        unsafe products[index].arguments.x = x.base
        unsafe products[index].arguments.x_stride = x.rowStride
        unsafe products[index].arguments.row_count = input.rowCount
        unsafe products[index].arguments.output = output.pointer
        unsafe products[index].arguments.output_stride = output.rowStride
      }
      unsafe run(products, count: weights.count, type, computeType, &workspace)
    }
  }

  /// Multiplies rows with weights in the dot form; see `Device`.
  public func multiply(
    _ input: ActivationView,
    inputRows: [Int32]?,
    groups: [ExpertGroups.Group],
    by weights: [[WeightMatrix]],
    into outputs: ViewList,
    computeType: ComputeType
  ) {
    precondition(weights.count == outputs.count)
    guard let group = groups.first, let first = weights.first?[group.expert] else { return }
    let pairCount = inputRows?.count ?? input.rowCount
    precondition(input.columnCount == first.columnCount)
    precondition(inputRows?.allSatisfy { $0 >= 0 && Int($0) < input.rowCount } ?? true)
    workspace.withLock { workspace in
      let x = unsafe prepare(input, groupCount: 1, for: computeType, in: &workspace)
      let map = unsafe inputRows.map { unsafe list($0, in: &workspace) }
      let count = groups.count * weights.count
      let products = unsafe workspace.arguments.values(count, of: QueuedProduct.self)
      var next = unsafe products
      for group in groups {
        precondition(group.pairs.lowerBound >= 0 && group.pairs.upperBound <= pairCount)
        let start = group.pairs.lowerBound
        for (expertWeights, output) in zip(weights, outputs) {
          let weight = expertWeights[group.expert]
          precondition(weight.values.shape == first.values.shape)
          precondition(weight.values.elementType == first.values.elementType)
          precondition(output.columnCount == weight.rowCount && output.rowCount == pairCount)
          unsafe next.pointee = queued(weight)
          unsafe next.pointee.arguments.x = map == nil ? x.base + start * x.rowStride : x.base
          unsafe next.pointee.arguments.x_stride = x.rowStride
          unsafe next.pointee.arguments.row_map = map.map { unsafe UnsafePointer($0 + start) }
          unsafe next.pointee.arguments.row_count = group.pairs.count
          unsafe next.pointee.arguments.output = output.pointer + start * output.rowStride
          unsafe next.pointee.arguments.output_stride = output.rowStride
          unsafe next += 1
        }
      }
      unsafe run(products, count: count, first.values.elementType, computeType, &workspace)
    }
  }

  /// Multiplies latent results with their heads' value rows; see `Device`.
  public func expandValues(
    _ latents: ActivationView,
    weight: Tensor,
    shape: LatentShape,
    into output: ActivationView,
    computeType: ComputeType
  ) {
    let rowsOfHead = shape.noPositionDimension + shape.valueDimension
    precondition(weight.rowCount == shape.headCount * rowsOfHead)
    precondition(weight.columnCount == shape.latentRank && latents.rowCount == output.rowCount)
    precondition(latents.columnCount == shape.headCount * shape.latentRank)
    precondition(output.columnCount == shape.headCount * shape.valueDimension)
    guard latents.rowCount > 0 else { return }
    workspace.withLock { workspace in
      let x = unsafe prepare(
        latents,
        groupCount: shape.headCount,
        for: computeType,
        in: &workspace
      )
      let products = unsafe workspace.arguments.values(shape.headCount, of: QueuedProduct.self)
      let whole = unsafe queued(WeightMatrix(weight))
      for head in 0..<shape.headCount {
        let firstRow = head * rowsOfHead + shape.noPositionDimension
        unsafe products[head] = unsafe whole
        unsafe products[head].rowCount = shape.valueDimension
        unsafe products[head].arguments.weight = whole.arguments.weight.map {
          unsafe $0 + firstRow * whole.arguments.weight_stride
        }
        unsafe products[head].arguments.x = x.base + head * x.groupStride
        unsafe products[head].arguments.x_stride = x.rowStride
        unsafe products[head].arguments.row_count = latents.rowCount
        unsafe products[head].arguments.output = output.pointer + head * shape.valueDimension
        unsafe products[head].arguments.output_stride = output.rowStride
      }
      unsafe run(products, count: shape.headCount, weight.elementType, computeType, &workspace)
    }
  }

  /// The part of a product's arguments that its weight decides.
  private func queued(_ weight: WeightMatrix) -> QueuedProduct {
    let values = weight.values
    var product = unsafe hdl_product()
    unsafe product.weight = values.pointer.assumingMemoryBound(to: CChar.self)
    unsafe product.weight_stride = values.columnCount * values.elementType.byteCount
    if let scales = weight.blockScales {
      unsafe product.scales = scales.pointer.assumingMemoryBound(to: CChar.self)
      unsafe product.scale_columns = scales.columnCount
    }
    if let bias = weight.bias {
      precondition(bias.count == weight.rowCount)
      unsafe product.bias = bias.pointer.assumingMemoryBound(to: CChar.self)
      unsafe product.bias_type = bias.elementType.number
    }
    unsafe product.column_count = values.columnCount
    return unsafe QueuedProduct(arguments: product, rowCount: values.rowCount)
  }

  /// Runs products with weights of one type and column count, in chunks of neighboring weight rows.
  private func run(
    _ products: UnsafeMutablePointer<QueuedProduct>,
    count: Int,
    _ weightType: ElementType,
    _ computeType: ComputeType,
    _ workspace: inout Workspace
  ) {
    let rowByteCount = unsafe max(products[0].arguments.weight_stride, 1)
    var rowCount = 0
    for index in 0..<count { unsafe rowCount += products[index].rowCount }
    // LIMIT: runs of at least 32 KiB keep the memory's prefetchers going; 80 grains a thread are as
    // many as its chunks can tell apart. Eight rows are what a kernel of few rows walks together.
    let fewest = max(32_768 / rowByteCount, rowCount / (pool.threadCount * 80))
    let extent = (max(fewest, 1) + 7) / 8 * 8
    var grainCount = 0
    for index in 0..<count {
      unsafe products[index].firstGrain = grainCount
      unsafe grainCount += (products[index].rowCount + extent - 1) / extent
    }
    let chunks = TaperedChunks(grainCount: grainCount, threadCount: pool.threadCount)
    let room = Int(HDL_WIDENED_BYTES) * pool.threadCount
    let work = unsafe ProductWork(
      kernel: productKernel(weight: weightType, computeType: computeType),
      products: products,
      count: count,
      grainExtent: extent,
      chunks: chunks,
      scratch: weightType == .f8e4m3 ? workspace.threads.values(room, of: CChar.self) : nil
    )
    pool.run(chunkCount: chunks.count, work)
  }

  private func productKernel(
    weight: ElementType,
    computeType: ComputeType
  ) -> @convention(c) (UnsafePointer<hdl_product>, Int, Int) -> Void {
    switch (computeType, weight) {
    case (.f32, .f32): unsafe kernels.product_f32_f32
    case (.f32, .f16): unsafe kernels.product_f32_f16
    case (.f32, .bf16): unsafe kernels.product_f32_bf16
    case (.f32, .f8e4m3): unsafe kernels.product_f32_e4m3
    case (.bf16, .f32): unsafe kernels.product_bf16_f32
    case (.bf16, .f16): unsafe kernels.product_bf16_f16
    case (.bf16, .bf16): unsafe kernels.product_bf16_bf16
    case (.bf16, .f8e4m3): unsafe kernels.product_bf16_e4m3
    default: fatalError("a weight of type \(weight) is multiplied")
    }
  }

  /// Rounds and pads rows once a product; plain FP32 rows of whole chunks are used where they lie.
  private func prepare(
    _ input: ActivationView,
    groupCount: Int,
    for computeType: ComputeType,
    in workspace: inout Workspace
  ) -> PreparedInput {
    let width = input.columnCount / groupCount
    if computeType == .f32 && width % 16 == 0 {
      return unsafe PreparedInput(
        base: UnsafeRawPointer(input.pointer).assumingMemoryBound(to: CChar.self),
        groupStride: width * 4,
        rowStride: input.rowStride * 4
      )
    }
    let stride =
      computeType == .f32
      ? (width + 15) / 16 * 64 : (width + 31) / 32 * kernels.pair_chunk_bytes
    let count = input.rowCount * groupCount
    let target = unsafe workspace.prepared.values(count * stride, of: CChar.self)
    // SAFETY: the target holds `count` rows of `stride` bytes.
    let arguments = unsafe hdl_prepare(
      input: input.pointer,
      input_stride: input.rowStride,
      group_count: groupCount,
      column_count: width,
      output: target,
      output_stride: stride
    )
    let kernel = unsafe computeType == .f32 ? kernels.prepare_f32 : kernels.prepare_bf16
    unsafe run(kernel, arguments, count: count, cost: width)
    return unsafe PreparedInput(
      base: UnsafePointer(target),
      groupStride: stride,
      rowStride: groupCount * stride
    )
  }

  private func list(_ rows: [Int32], in workspace: inout Workspace) -> UnsafeMutablePointer<Int32> {
    let list = unsafe workspace.lists.values(rows.count, of: Int32.self)
    for (index, row) in rows.enumerated() { unsafe list[index] = row }
    return unsafe list
  }
}
