// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

extension CPUDevice {
  /// Chooses experts from router logits; see `Device`.
  public func route(
    _ logits: ActivationView,
    rule: RoutingRule,
    selectionBias: Tensor?
  ) -> ExpertChoice {
    precondition(logits.columnCount == rule.expertCount)
    precondition(selectionBias.map { $0.count == rule.expertCount } ?? true)
    let count = logits.rowCount * rule.chosenCount
    var experts = [Int32](repeating: 0, count: count)
    var weights = [Float](repeating: 0, count: count)
    guard count > 0 else {
      return ExpertChoice(chosenCount: rule.chosenCount, experts: experts, weights: weights)
    }
    var arguments = unsafe arguments(of: rule)
    unsafe arguments.logits = UnsafePointer(logits.pointer)
    unsafe arguments.stride = logits.rowStride
    if let selectionBias {
      unsafe arguments.bias = selectionBias.pointer.assumingMemoryBound(to: CChar.self)
      unsafe arguments.bias_type = selectionBias.elementType.number
    }
    let share = (20 * rule.expertCount + 63) / 64 * 64
    workspace.withLock { workspace in
      let scratch = unsafe workspace.threads.values(share * pool.threadCount, of: CChar.self)
      unsafe experts.withUnsafeMutableBufferPointer { experts in
        unsafe weights.withUnsafeMutableBufferPointer { weights in
          guard let experts = experts.baseAddress, let weights = weights.baseAddress else { return }
          unsafe arguments.experts = experts
          unsafe arguments.weights = weights
          let shared = unsafe arguments
          // Finding the winners passes over the experts once a choice.
          let cost = rule.expertCount * (rule.chosenCount + 8)
          forEachRange(of: logits.rowCount, cost: cost) { range, worker in
            var arguments = unsafe shared
            unsafe arguments.scratch = scratch + worker * share
            unsafe kernels.route(&arguments, range.lowerBound, range.upperBound)
          }
        }
      }
    }
    return ExpertChoice(chosenCount: rule.chosenCount, experts: experts, weights: weights)
  }

  private func arguments(of rule: RoutingRule) -> hdl_routing {
    var arguments = unsafe hdl_routing()
    unsafe arguments.expert_count = rule.expertCount
    unsafe arguments.chosen_count = rule.chosenCount
    unsafe arguments.group_count = rule.groupCount
    unsafe arguments.kept_group_count = rule.keptGroupCount
    unsafe arguments.sigmoid = rule.scoring == .sigmoid ? 1 : 0
    unsafe arguments.best_two = rule.groupScore == .bestTwo ? 1 : 0
    unsafe arguments.normalizes = rule.normalizes ? 1 : 0
    unsafe arguments.epsilon = rule.normalizationEpsilon
    unsafe arguments.scale = rule.scale
    return unsafe arguments
  }

  /// Adds each token's expert outputs; see `Device`.
  public func combine(
    _ outputs: ActivationView,
    choice: ExpertChoice,
    groups: ExpertGroups,
    into sum: ActivationView
  ) {
    precondition(outputs.columnCount == sum.columnCount && choice.tokenCount == sum.rowCount)
    precondition(choice.weights.count == choice.experts.count)
    precondition(groups.pairs.count == choice.weights.count)
    precondition(groups.pairs.allSatisfy { $0 >= 0 && Int($0) < outputs.rowCount })
    unsafe groups.pairs.withUnsafeBufferPointer { pairs in
      unsafe choice.weights.withUnsafeBufferPointer { weights in
        guard let pairs = pairs.baseAddress, let weights = weights.baseAddress else { return }
        // SAFETY: the pairs and the shapes were checked above.
        var arguments = unsafe hdl_combination(
          outputs: outputs.pointer,
          stride: outputs.rowStride,
          column_count: sum.columnCount,
          chosen_count: choice.chosenCount,
          pairs: pairs,
          weights: weights,
          sum: sum.pointer,
          sum_stride: sum.rowStride
        )
        unsafe withUnsafePointer(to: &arguments) { arguments in
          let cost = sum.columnCount * choice.chosenCount
          forEachRange(of: sum.rowCount, cost: cost) { range, _ in
            unsafe kernels.combine(arguments, range.lowerBound, range.upperBound)
          }
        }
      }
    }
  }

  /// The largest value and the sum of exponentials of each row; see `Device`.
  public func logSumExp(_ logits: ActivationView) -> [LogSumExp] {
    let rowCount = logits.rowCount
    let spanExtent = Int(HDL_LOGIT_SPAN)
    let spanCount = (logits.columnCount + spanExtent - 1) / spanExtent
    return workspace.withLock { workspace in
      let spans = unsafe workspace.lists.values(2 * rowCount * (spanCount + 1), of: Float.self)
      let rows = unsafe spans + 2 * rowCount * spanCount
      var arguments = unsafe hdl_log_sum(
        logits: logits.pointer,
        stride: logits.rowStride,
        column_count: logits.columnCount,
        spans: spans,
        rows: rows
      )
      unsafe withUnsafePointer(to: &arguments) { arguments in
        // An exponential costs as much as some eight additions.
        let cost = 8 * min(logits.columnCount, spanExtent)
        forEachRange(of: rowCount * spanCount, cost: cost) { range, _ in
          unsafe kernels.log_sum_spans(arguments, range.lowerBound, range.upperBound)
        }
        unsafe kernels.merge_spans(arguments, 0, rowCount)
      }
      return (0..<rowCount).map { row in
        unsafe LogSumExp(maximum: rows[2 * row], sum: rows[2 * row + 1])
      }
    }
  }
}
