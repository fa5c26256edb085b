// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

extension CPUDevice {
  // An exponential and a division an expert.
  private static let affinityCost = 8

  /// What a router makes of logits; see `DeviceDerivatives`.
  public func affinities(
    of logits: ActivationView,
    rule: RoutingRule,
    into affinities: ActivationView
  ) {
    precondition(logits.columnCount == rule.expertCount)
    precondition(affinities.columnCount == rule.expertCount)
    precondition(affinities.rowCount == logits.rowCount)
    // SAFETY: the shapes were checked above, and the kernel takes no other pointers.
    var arguments = unsafe self.arguments(of: logits, rule)
    unsafe arguments.affinities = affinities.pointer
    unsafe arguments.affinity_stride = affinities.rowStride
    let cost = Self.affinityCost * rule.expertCount
    unsafe run(kernels.affinities, arguments, count: logits.rowCount, cost: cost)
  }

  /// The gradient of a router's logits; see `DeviceDerivatives`.
  public func routerGradient(
    _ logits: ActivationView,
    rule: RoutingRule,
    choice: ExpertChoice,
    weightGradients: [Float],
    balance: [BalanceSlopes]
  ) {
    let (rows, experts) = (logits.rowCount, rule.expertCount)
    precondition(logits.columnCount == experts)
    precondition(choice.experts.count == rows * rule.chosenCount)
    precondition(choice.experts.allSatisfy { $0 >= 0 && Int($0) < experts })
    precondition(weightGradients.count == choice.experts.count)
    precondition(balance.allSatisfy { $0.slopes.count == experts })
    var sequences = [Int32](repeating: -1, count: rows)
    for (index, sequence) in balance.enumerated() {
      for row in sequence.rows { sequences[row] = Int32(index) }
    }
    let slopes = balance.flatMap(\.slopes)
    var arguments = unsafe self.arguments(of: logits, rule)
    workspace.withLock { workspace in
      // SAFETY: each list outlives the kernels, and has a part for each row, checked above.
      unsafe arguments.affinities = workspace.prepared.values(rows * experts, of: Float.self)
      unsafe arguments.affinity_stride = experts
      unsafe run(kernels.affinities, arguments, count: rows, cost: Self.affinityCost * experts)
      unsafe choice.experts.withUnsafeBufferPointer { experts in
        unsafe weightGradients.withUnsafeBufferPointer { gradients in
          unsafe sequences.withUnsafeBufferPointer { sequences in
            unsafe slopes.withUnsafeBufferPointer { slopes in
              unsafe arguments.experts = experts.baseAddress
              unsafe arguments.weight_gradients = gradients.baseAddress
              unsafe arguments.sequences = sequences.baseAddress
              unsafe arguments.slopes = slopes.baseAddress
              unsafe run(
                kernels.router_gradient,
                arguments,
                count: rows,
                cost: 2 * rule.expertCount
              )
            }
          }
        }
      }
    }
  }

  /// What all kernels of a router take.
  private func arguments(of logits: ActivationView, _ rule: RoutingRule) -> hdl_router_gradient {
    var arguments = unsafe hdl_router_gradient()
    unsafe arguments.rule = self.arguments(of: rule)
    unsafe arguments.logits = logits.pointer
    unsafe arguments.stride = logits.rowStride
    return unsafe arguments
  }
}
