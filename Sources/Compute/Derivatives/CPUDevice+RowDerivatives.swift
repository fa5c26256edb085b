// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

extension CPUDevice {
  /// Copies rows; see `DeviceDerivatives`.
  public func copy(_ x: ActivationView, into y: ActivationView) {
    precondition(x.rowCount == y.rowCount && x.columnCount == y.columnCount)
    run(rowCount: x.rowCount, cost: x.columnCount) { rows in
      for row in rows {
        // SAFETY: both views hold the row.
        unsafe (y.pointer + row * y.rowStride)
          .update(from: x.pointer + row * x.rowStride, count: x.columnCount)
      }
    }
  }

  /// Sets rows to +0; see `DeviceDerivatives`.
  public func clear(_ x: ActivationView) {
    run(rowCount: x.rowCount, cost: x.columnCount) { rows in
      for row in rows {
        // SAFETY: the view holds the row.
        unsafe (x.pointer + row * x.rowStride).update(repeating: 0, count: x.columnCount)
      }
    }
  }

  /// Adds rows to one; see `DeviceDerivatives`.
  public func addRows(_ rows: ActivationView, to sum: Tensor) {
    precondition(sum.count == rows.columnCount)
    // SAFETY: the shapes were checked above.
    let arguments = unsafe hdl_sum_rows(
      rows: rows.pointer,
      stride: rows.rowStride,
      row_count: rows.rowCount,
      column_count: rows.columnCount,
      sum: sum.floatPointer
    )
    let count = (rows.columnCount + 15) / 16
    unsafe run(kernels.sum_rows, arguments, count: count, cost: 16 * rows.rowCount)
  }

  /// Adds rows to rows of a table; see `DeviceDerivatives`.
  public func addRows(_ rows: ActivationView, at ids: [Int32], to table: Tensor) {
    precondition(rows.rowCount == ids.count && rows.columnCount == table.columnCount)
    precondition(ids.allSatisfy { $0 >= 0 && Int($0) < table.rowCount })
    unsafe ids.withUnsafeBufferPointer { ids in
      guard let start = ids.baseAddress else { return }
      // SAFETY: ids and shapes were checked above.
      let arguments = unsafe hdl_add_rows(
        ids: start,
        rows: rows.pointer,
        stride: rows.rowStride,
        row_count: rows.rowCount,
        column_count: rows.columnCount,
        table: table.floatPointer
      )
      let count = (rows.columnCount + 63) / 64
      unsafe run(kernels.add_rows, arguments, count: count, cost: 64 * rows.rowCount)
    }
  }

  /// Computes the gradients of a norm; see `DeviceDerivatives`.
  public func normalizeGradient(
    of input: ActivationView,
    weight: Tensor,
    epsilon: Float,
    gradient: ActivationView,
    weightGradient: Tensor,
    into output: ActivationView,
    accumulates: Bool
  ) {
    let (rows, columns) = (input.rowCount, input.columnCount)
    precondition(weight.count == columns && weightGradient.count == columns)
    precondition(gradient.rowCount == rows && gradient.columnCount == columns)
    precondition(output.rowCount == rows && output.columnCount == columns)
    workspace.withLock { workspace in
      // SAFETY: the shapes were checked above, and there is a root for each row.
      let arguments = unsafe hdl_normalize_gradient(
        input: input.pointer,
        input_stride: input.rowStride,
        weight: weight.floatPointer,
        gradient: gradient.pointer,
        gradient_stride: gradient.rowStride,
        row_count: rows,
        column_count: columns,
        epsilon: epsilon,
        output: output.pointer,
        output_stride: output.rowStride,
        accumulates: accumulates ? 1 : 0,
        inverse_roots: workspace.lists.values(rows, of: Float.self),
        weight_gradient: weightGradient.floatPointer
      )
      unsafe run(kernels.normalize_gradient, arguments, count: rows, cost: 2 * columns)
      let count = (columns + 15) / 16
      unsafe run(kernels.normalize_weight_gradient, arguments, count: count, cost: 16 * rows)
    }
  }

  /// Replaces gate and up by their gradients; see `DeviceDerivatives`.
  public func multiplySiLUGradient(
    _ gradient: ActivationView,
    gate: ActivationView,
    up: ActivationView
  ) {
    for view in [gate, up] {
      precondition(view.rowCount == gradient.rowCount && view.columnCount == gradient.columnCount)
    }
    // SAFETY: the shapes were checked above.
    let arguments = unsafe hdl_silu_gradient(
      gate: gate.pointer,
      gate_stride: gate.rowStride,
      up: up.pointer,
      up_stride: up.rowStride,
      gradient: gradient.pointer,
      gradient_stride: gradient.rowStride,
      column_count: gate.columnCount
    )
    let cost = 12 * gate.columnCount
    unsafe run(kernels.silu_gradient, arguments, count: gate.rowCount, cost: cost)
  }

  /// Replaces logits by their gradients; see `DeviceDerivatives`.
  public func crossEntropyGradient(
    _ logits: ActivationView,
    sums: [LogSumExp],
    targets: [Int32],
    weights: [Float]
  ) {
    let count = logits.rowCount
    precondition(sums.count == count && targets.count == count && weights.count == count)
    precondition(targets.allSatisfy { $0 >= 0 && Int($0) < logits.columnCount })
    let statistics = sums.flatMap { [$0.maximum, $0.sum] }
    unsafe statistics.withUnsafeBufferPointer { statistics in
      unsafe targets.withUnsafeBufferPointer { targets in
        unsafe weights.withUnsafeBufferPointer { weights in
          guard let sums = statistics.baseAddress, let weights = weights.baseAddress,
            let targets = targets.baseAddress
          else { return }
          // SAFETY: targets and shapes were checked above.
          let arguments = unsafe hdl_cross_entropy(
            logits: logits.pointer,
            stride: logits.rowStride,
            column_count: logits.columnCount,
            statistics: sums,
            targets: targets,
            weights: weights
          )
          let cost = 8 * logits.columnCount
          unsafe run(kernels.cross_entropy_gradient, arguments, count: count, cost: cost)
        }
      }
    }
  }

  /// Computes the gradients of a mixture's sum; see `DeviceDerivatives`.
  public func combineGradient(
    _ gradient: ActivationView,
    outputs: ActivationView,
    choice: ExpertChoice,
    groups: ExpertGroups
  ) -> [Float] {
    precondition(outputs.columnCount == gradient.columnCount)
    precondition(choice.tokenCount == gradient.rowCount)
    precondition(groups.pairs.count == choice.weights.count)
    precondition(groups.pairs.allSatisfy { $0 >= 0 && Int($0) < outputs.rowCount })
    var weightGradients = [Float](repeating: 0, count: choice.weights.count)
    unsafe weightGradients.withUnsafeMutableBufferPointer { weightGradients in
      unsafe groups.pairs.withUnsafeBufferPointer { pairs in
        unsafe choice.weights.withUnsafeBufferPointer { weights in
          guard let pairs = pairs.baseAddress, let weights = weights.baseAddress,
            let weightGradients = weightGradients.baseAddress
          else { return }
          // SAFETY: the pairs and the shapes were checked above.
          let arguments = unsafe hdl_combine_gradient(
            gradient: gradient.pointer,
            gradient_stride: gradient.rowStride,
            column_count: gradient.columnCount,
            chosen_count: choice.chosenCount,
            pairs: pairs,
            weights: weights,
            outputs: outputs.pointer,
            stride: outputs.rowStride,
            weight_gradients: weightGradients
          )
          let cost = 2 * gradient.columnCount * choice.chosenCount
          unsafe run(kernels.combine_gradient, arguments, count: gradient.rowCount, cost: cost)
        }
      }
    }
    return weightGradients
  }

  /// Runs a closure over all rows, some neighbors at a time.
  private func run(rowCount: Int, cost: Int, _ body: (Range<Int>) -> Void) {
    let extent = chunkExtent(count: rowCount, cost: cost)
    pool.run(chunkCount: (rowCount + extent - 1) / extent) { chunk, _ in
      body(chunk * extent..<min((chunk + 1) * extent, rowCount))
    }
  }
}
