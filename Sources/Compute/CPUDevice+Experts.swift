// SPDX-License-Identifier: Apache-2.0

import CKernels
import Synchronization

extension CPUDevice {
  /// Chooses experts from router logits; see `Device`.
  public func route(
    _ logits: ActivationView,
    rule: RoutingRule,
    selectionBias: Tensor?,
    into choice: inout ExpertChoice
  ) {
    precondition(logits.columnCount == rule.expertCount)
    precondition(selectionBias.map { $0.count == rule.expertCount } ?? true)
    choice.reset(chosenCount: rule.chosenCount, tokenCount: logits.rowCount)
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
      let own = unsafe workspace.arguments.values(pool.threadCount, of: hdl_routing.self)
      unsafe choice.experts.withUnsafeMutableBufferPointer { experts in
        unsafe choice.weights.withUnsafeMutableBufferPointer { weights in
          guard let experts = experts.baseAddress, let weights = weights.baseAddress else { return }
          unsafe arguments.experts = experts
          unsafe arguments.weights = weights
          for worker in 0..<pool.threadCount {
            unsafe arguments.scratch = scratch + worker * share
            unsafe own[worker] = unsafe arguments
          }
          // Finding the winners passes over the experts once a choice.
          let cost = rule.expertCount * (rule.chosenCount + 8)
          let work = unsafe KernelWork(
            kernels.route,
            own,
            isPerThread: true,
            count: logits.rowCount,
            extent: chunkExtent(count: logits.rowCount, cost: cost)
          )
          pool.run(chunkCount: work.chunkCount, work)
        }
      }
    }
  }

  /// The rule as kernels take it, without pointers.
  func arguments(of rule: RoutingRule) -> hdl_routing {
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
        let arguments = unsafe hdl_combination(
          outputs: outputs.pointer,
          stride: outputs.rowStride,
          column_count: sum.columnCount,
          chosen_count: choice.chosenCount,
          pairs: pairs,
          weights: weights,
          sum: sum.pointer,
          sum_stride: sum.rowStride
        )
        let cost = sum.columnCount * choice.chosenCount
        unsafe run(kernels.combine, arguments, count: sum.rowCount, cost: cost)
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
      // An exponential costs as much as some eight additions.
      let cost = 8 * min(logits.columnCount, spanExtent)
      unsafe run(kernels.log_sum_spans, arguments, count: rowCount * spanCount, cost: cost)
      unsafe kernels.merge_spans(&arguments, 0, rowCount)
      return (0..<rowCount).map { row in
        unsafe LogSumExp(maximum: rows[2 * row], sum: rows[2 * row + 1])
      }
    }
  }
}
