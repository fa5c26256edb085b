// SPDX-License-Identifier: Apache-2.0

import Compute
public import Models

/// The gradients of a step's batch: slots are summed by themselves, then added by a balanced binary
/// tree, so that ranks that each hold some of the slots come to the same bits.
public final class SlotSum {
  private let parameters: Parameters
  private let decoder: Decoder
  private let group: any Group
  /// One buffer for each level of the tree that may wait for its neighbor, and one that is written.
  private var free: [GradientBuffer] = []

  /// Creates sums for a decoder that keeps its layers.
  ///
  /// - Parameters:
  ///   - parameters: The weights.
  ///   - decoder: The decoder that reads them.
  ///   - group: The ranks that share the slots.
  public init(_ parameters: Parameters, decoder: Decoder, group: any Group = SingleGroup()) {
    self.parameters = parameters
    self.decoder = decoder
    self.group = group
  }

  /// A partial sum: of 2^level slots.
  private struct Node {
    var level: Int
    var buffer: GradientBuffer
    var sums: LossSums
  }

  /// Computes the gradients of a batch, this rank's slots of it itself.
  ///
  /// - Parameters:
  ///   - batch: The rows, those of all ranks.
  ///   - slotCount: Into how many slots of neighboring rows it is cut; a power of two that the number
  ///     of ranks divides.
  ///   - passRowCount: How many rows one pass takes; no bit depends on it.
  ///   - weights: What the terms of the loss are multiplied with.
  /// - Returns: The gradients, valid until the next call, and what the rows came to.
  /// - Throws: `ModelError` or `ComputeError` where a row cannot be computed, `TrainingError` where
  ///   another rank does not come.
  public func gradients(
    of batch: [TrainingRow],
    slotCount: Int,
    passRowCount: Int,
    weights: LossWeights
  ) throws -> (buffer: GradientBuffer, sums: LossSums) {
    precondition(slotCount >= 1 && slotCount & (slotCount - 1) == 0)
    precondition(slotCount % group.rankCount == 0)
    var waiting: [Node] = []
    for slot in group.slots(of: slotCount) {
      let rows = slot * batch.count / slotCount..<(slot + 1) * batch.count / slotCount
      var node = Node(level: 0, buffer: try takeBuffer(), sums: LossSums())
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: max(passRowCount, 1)) {
        try decoder.differentiate(
          Array(batch[start..<min(start + max(passRowCount, 1), rows.upperBound)]),
          into: node.buffer.decoderGradients,
          weights: weights,
          sums: &node.sums
        )
      }
      node.buffer.decoderGradients.joinUses()
      while let left = waiting.last, left.level == node.level {
        waiting.removeLast()
        left.buffer.add(node.buffer, device: decoder.device)
        free.append(node.buffer)
        node = Node(level: left.level + 1, buffer: left.buffer, sums: left.sums + node.sums)
      }
      waiting.append(node)
    }
    let own = waiting[0]
    free.append(own.buffer)
    guard group.rankCount > 1 else { return (own.buffer, own.sums) }
    try group.sum(own.buffer.blocks, device: decoder.device)
    let all = try group.gather(own.sums.numbers).map { LossSums(numbers: $0) }
    return (own.buffer, LossSums.tree(all))
  }

  private func takeBuffer() throws -> GradientBuffer {
    guard let buffer = free.popLast() else {
      return try GradientBuffer(parameters, decoder: decoder)
    }
    buffer.clear(device: decoder.device)
    return buffer
  }
}

extension LossSums {
  /// What two neighboring runs of rows came to.
  static func + (left: LossSums, right: LossSums) -> LossSums {
    var sums = left
    sums.crossEntropy += right.crossEntropy
    sums.prediction += right.prediction
    for (layer, loss) in right.balance { sums.balance[layer, default: 0] += loss }
    for (layer, counts) in right.loads {
      sums.loads[layer] = sums.loads[layer].map { zip($0, counts).map(+) } ?? counts
    }
    return sums
  }
}
