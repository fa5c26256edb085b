// SPDX-License-Identifier: Apache-2.0

import CKernels

extension CPUDevice {
  /// Copies rows of an embedding table; see `Device`.
  public func lookUp(_ ids: [Int32], in table: Tensor, into output: ActivationView) {
    precondition(output.rowCount == ids.count && output.columnCount == table.columnCount)
    precondition(ids.allSatisfy { $0 >= 0 && Int($0) < table.rowCount })
    unsafe ids.withUnsafeBufferPointer { ids in
      guard let start = ids.baseAddress else { return }
      // SAFETY: ids and shapes were checked above.
      let arguments = unsafe hdl_look_up(
        ids: start,
        table: table.pointer,
        row_bytes: table.columnCount * table.elementType.byteCount,
        column_count: table.columnCount,
        type: table.elementType.number,
        output: output.pointer,
        output_stride: output.rowStride
      )
      unsafe run(kernels.look_up, arguments, count: ids.count, cost: table.columnCount)
    }
  }

  /// Divides rows by their root mean square; see `Device`.
  public func normalize(
    _ input: ActivationView,
    weight: Tensor,
    epsilon: Float,
    into output: ActivationView
  ) {
    precondition(input.rowCount == output.rowCount && input.columnCount == output.columnCount)
    precondition(weight.count == input.columnCount)
    // SAFETY: the shapes were checked above.
    let arguments = unsafe hdl_normalize(
      input: input.pointer,
      input_stride: input.rowStride,
      column_count: input.columnCount,
      weight: weight.pointer,
      weight_type: weight.elementType.number,
      epsilon: epsilon,
      output: output.pointer,
      output_stride: output.rowStride
    )
    unsafe run(kernels.normalize, arguments, count: input.rowCount, cost: input.columnCount)
  }

  /// Rotates pairs of every head in place; see `Device`.
  public func rotate(
    _ x: ActivationView,
    headCount: Int,
    headStride: Int,
    headOffset: Int,
    angles: RotaryAngles,
    layout: RotaryLayout
  ) {
    guard headCount > 0 else { return }
    precondition(headOffset >= 0 && headStride >= headOffset + 2 * angles.pairCount)
    precondition((headCount - 1) * headStride + headOffset + 2 * angles.pairCount <= x.columnCount)
    precondition(angles.cosines.rowCapacity >= x.rowCount)
    // SAFETY: the shapes were checked above.
    let arguments = unsafe hdl_rotate(
      x: x.pointer,
      stride: x.rowStride,
      head_count: headCount,
      head_stride: headStride,
      head_offset: headOffset,
      cosines: angles.cosines.base,
      sines: angles.sines.base,
      pair_count: angles.pairCount,
      interleaved: layout == .interleaved ? 1 : 0
    )
    unsafe run(kernels.rotate, arguments, count: x.rowCount, cost: 2 * headCount * angles.pairCount)
  }

  /// Computes `silu(gate) · up` into `gate`; see `Device`.
  public func multiplySiLU(gate: ActivationView, up: ActivationView) {
    // An exponential and a division an element: as dear as some ten additions.
    unsafe apply(kernels.multiply_silu, to: gate, with: up, cost: 8 * gate.columnCount)
  }

  /// Adds to the residual stream; see `Device`.
  public func add(_ x: ActivationView, to residual: ActivationView) {
    unsafe apply(kernels.add, to: residual, with: x, cost: residual.columnCount)
  }

  private func apply(
    _ kernel: @convention(c) (UnsafePointer<hdl_elementwise>, Int, Int) -> Void,
    to target: ActivationView,
    with other: ActivationView,
    cost: Int
  ) {
    precondition(target.rowCount == other.rowCount && target.columnCount == other.columnCount)
    // SAFETY: the shapes were checked above.
    let arguments = unsafe hdl_elementwise(
      target: target.pointer,
      target_stride: target.rowStride,
      other: other.pointer,
      other_stride: other.rowStride,
      column_count: target.columnCount
    )
    unsafe run(kernel, arguments, count: target.rowCount, cost: cost)
  }
}
