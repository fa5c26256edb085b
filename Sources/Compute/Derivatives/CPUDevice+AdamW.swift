// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

// All tensors go through one queue: a mixture has hundreds of experts, and threads that meet after
// each of their matrices would spend more time meeting than updating.
extension CPUDevice {
  /// How many blocks a chunk has.
  private static let blocksOfChunk = 2

  /// The sums of squares of tensors; see `DeviceDerivatives`.
  public func sumsOfSquares(_ tensors: [Tensor]) -> [Double] {
    let counts = tensors.map { blockCount(of: $0) }
    return workspace.withLock { workspace in
      let sums = unsafe workspace.lists.values(counts.reduce(0, +), of: Float.self)
      var next = unsafe sums
      var queue = unsafe WorkQueue<hdl_block_squares>()
      for (tensor, count) in zip(tensors, counts) {
        // SAFETY: there is a sum for each block.
        let arguments = unsafe hdl_block_squares(
          values: tensor.floatPointer,
          count: tensor.count,
          sums: next
        )
        unsafe queue.append(arguments, unitCount: count)
        unsafe next += count
      }
      unsafe run(queue, kernels.block_squares, extent: Self.blocksOfChunk)
      unsafe next = sums
      return counts.map { count in
        defer { unsafe next += count }
        return (0..<count).reduce(0) { unsafe $0 + Double(next[$1]) }
      }
    }
  }

  /// Takes one step of AdamW; see `DeviceDerivatives`.
  public func update(_ states: [AdamWState], by step: AdamWStep) {
    var queue = unsafe WorkQueue<hdl_adamw>()
    for state in states {
      unsafe queue.append(arguments(of: state, step), unitCount: blockCount(of: state.weight))
    }
    unsafe run(queue, kernels.adamw, extent: Self.blocksOfChunk)
  }

  private func blockCount(of tensor: Tensor) -> Int {
    let extent = Int(HDL_OPTIMIZER_BLOCK)
    return (tensor.count + extent - 1) / extent
  }

  private func arguments(of state: AdamWState, _ step: AdamWStep) -> hdl_adamw {
    let count = state.weight.count
    for tensor in [state.gradient, state.firstMoment, state.secondMoment] {
      precondition(tensor.count == count)
    }
    var arguments = unsafe hdl_adamw()
    unsafe arguments.count = count
    unsafe arguments.gradient = UnsafePointer(state.gradient.floatPointer)
    unsafe arguments.first_moment = state.firstMoment.floatPointer
    unsafe arguments.second_moment = state.secondMoment.floatPointer
    unsafe arguments.weight = state.weight.floatPointer
    if let rounded = state.rounded {
      precondition(rounded.elementType == .bf16 && rounded.count == count)
      precondition(!rounded.region.isMapped)
      unsafe arguments.rounded = UnsafeMutableRawPointer(mutating: rounded.pointer)
        .assumingMemoryBound(to: CChar.self)
    }
    unsafe arguments.clip = step.clip
    unsafe arguments.beta1 = step.beta1
    unsafe arguments.complement1 = step.complement1
    unsafe arguments.beta2 = step.beta2
    unsafe arguments.complement2 = step.complement2
    unsafe arguments.correction1 = step.correction1
    unsafe arguments.correction2 = step.correction2
    unsafe arguments.epsilon = step.epsilon
    unsafe arguments.rate = step.rate
    unsafe arguments.keep = step.keep
    return unsafe arguments
  }
}
