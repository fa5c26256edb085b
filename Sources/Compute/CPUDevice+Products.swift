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

extension CPUDevice {
  /// Multiplies rows with weights in the dot form; see `Device`.
  public func multiply(
    _ input: ActivationView,
    by weight: WeightMatrix,
    into output: ActivationView,
    computeType: ComputeType
  ) {
    precondition(input.rowCount == output.rowCount && input.columnCount == weight.columnCount)
    precondition(output.columnCount == weight.rowCount)
    guard input.rowCount > 0 else { return }
    workspace.withLock { workspace in
      let x = unsafe prepare(input, groupCount: 1, for: computeType, in: &workspace)
      let products = unsafe workspace.arguments.values(1, of: hdl_product.self)
      unsafe products[0] = product(weight)
      unsafe products[0].x = x.base
      unsafe products[0].x_stride = x.rowStride
      unsafe products[0].row_count = input.rowCount
      unsafe products[0].output = output.pointer
      unsafe products[0].output_stride = output.rowStride
      unsafe run(products, count: 1, weight: weight.values, computeType: computeType)
    }
  }

  /// Multiplies rows with weights in the dot form; see `Device`.
  public func multiply(
    _ input: ActivationView,
    inputRows: [Int32]?,
    groups: [ExpertGroups.Group],
    by weights: [WeightMatrix],
    into output: ActivationView,
    computeType: ComputeType
  ) {
    guard let group = groups.first else { return }
    let first = weights[group.expert]
    precondition(input.columnCount == first.columnCount && output.columnCount == first.rowCount)
    precondition((inputRows?.count ?? input.rowCount) == output.rowCount)
    precondition(inputRows?.allSatisfy { $0 >= 0 && Int($0) < input.rowCount } ?? true)
    workspace.withLock { workspace in
      let x = unsafe prepare(input, groupCount: 1, for: computeType, in: &workspace)
      let map = unsafe inputRows.map { unsafe list($0, in: &workspace) }
      let products = unsafe workspace.arguments.values(groups.count, of: hdl_product.self)
      for (index, group) in groups.enumerated() {
        let weight = weights[group.expert]
        precondition(weight.values.shape == first.values.shape)
        precondition(weight.values.elementType == first.values.elementType)
        precondition(group.pairs.lowerBound >= 0 && group.pairs.upperBound <= output.rowCount)
        let start = group.pairs.lowerBound
        unsafe products[index] = product(weight)
        unsafe products[index].x = map == nil ? x.base + start * x.rowStride : x.base
        unsafe products[index].x_stride = x.rowStride
        unsafe products[index].row_map = map.map { unsafe UnsafePointer($0 + start) }
        unsafe products[index].row_count = group.pairs.count
        unsafe products[index].output = output.pointer + start * output.rowStride
        unsafe products[index].output_stride = output.rowStride
      }
      unsafe run(products, count: groups.count, weight: first.values, computeType: computeType)
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
      let products = unsafe workspace.arguments.values(shape.headCount, of: hdl_product.self)
      let values = (0..<shape.headCount).lazy.map { head in
        let end = (head + 1) * rowsOfHead
        return weight.rows(end - shape.valueDimension..<end)
      }
      for (head, rows) in values.enumerated() {
        unsafe products[head] = product(WeightMatrix(rows))
        unsafe products[head].x = x.base + head * x.groupStride
        unsafe products[head].x_stride = x.rowStride
        unsafe products[head].row_count = latents.rowCount
        unsafe products[head].output = output.pointer + head * shape.valueDimension
        unsafe products[head].output_stride = output.rowStride
      }
      if let rows = values.first {
        unsafe run(products, count: shape.headCount, weight: rows, computeType: computeType)
      }
    }
  }

  /// The part of a product's arguments that its weight decides.
  private func product(_ weight: WeightMatrix) -> hdl_product {
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
    return unsafe product
  }

  /// Runs products with weights of one shape and type, in chunks of neighboring weight rows.
  private func run(
    _ products: UnsafeMutablePointer<hdl_product>,
    count: Int,
    weight: Tensor,
    computeType: ComputeType
  ) {
    let kernel = unsafe productKernel(weight: weight.elementType, computeType: computeType)
    let rowCount = weight.rowCount
    let rowByteCount = max(weight.columnCount * weight.elementType.byteCount, 1)
    // LIMIT: runs of at least 32 KiB keep the memory's prefetchers going; 16 chunks a thread are
    // enough to even out a busy core. Eight rows are what a kernel walks together.
    let fewest = max(32_768 / rowByteCount, rowCount * count / (pool.threadCount * 16))
    let extent = (max(fewest, 1) + 7) / 8 * 8
    let chunks = (rowCount + extent - 1) / extent
    pool.run(chunkCount: count * chunks) { chunk, _ in
      let begin = chunk % chunks * extent
      unsafe kernel(products + chunk / chunks, begin, min(begin + extent, rowCount))
    }
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
    var arguments = unsafe hdl_prepare(
      input: input.pointer,
      input_stride: input.rowStride,
      group_count: groupCount,
      column_count: width,
      output: target,
      output_stride: stride
    )
    let kernel = unsafe computeType == .f32 ? kernels.prepare_f32 : kernels.prepare_bf16
    unsafe withUnsafePointer(to: &arguments) { arguments in
      forEachRange(of: count, cost: width) { range, _ in
        unsafe kernel(arguments, range.lowerBound, range.upperBound)
      }
    }
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
