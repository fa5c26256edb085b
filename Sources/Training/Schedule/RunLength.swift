// SPDX-License-Identifier: Apache-2.0

/// How many rows each step takes and when the run ends.
///
/// The batch grows linearly in tokens from its first to its last size over the first share of the
/// budget; DeepSeek-V3 (arXiv 2412.19437, section 4.2) does so over 469 B of 14.8 T tokens, and does not
/// publish the shape.
public struct RunLength: Sendable, Hashable {
  /// Tokens of a row.
  public var sequenceLength: Int
  /// Rows of the first step.
  public var firstRowCount: Int
  /// Rows of a step after the ramp.
  public var rowCount: Int
  /// The share of the budget over which the batch grows, 0…1.
  public var rampShare: Double
  /// How many tokens the run takes; its last step may pass them.
  public var tokenBudget: Int

  /// Creates a length.
  public init(
    sequenceLength: Int,
    firstRowCount: Int,
    rowCount: Int,
    rampShare: Double,
    tokenBudget: Int
  ) {
    self.sequenceLength = sequenceLength
    self.firstRowCount = firstRowCount
    self.rowCount = rowCount
    self.rampShare = rampShare
    self.tokenBudget = tokenBudget
  }

  /// The share of the budget that some tokens are, 0…1.
  public func share(_ tokenCount: Int) -> Double {
    min(1, Double(tokenCount) / Double(max(tokenBudget, 1)))
  }

  /// Rows of the step that begins after some tokens; at least one.
  public func rowCount(after tokenCount: Int) -> Int {
    guard rampShare > 0 else { return max(rowCount, 1) }
    let place = min(1, share(tokenCount) / rampShare)
    let rows = Double(firstRowCount) + Double(rowCount - firstRowCount) * place
    return max(1, Int(rows))
  }

  /// Whether a run that has seen some tokens is done.
  public func isDone(_ tokenCount: Int) -> Bool { tokenCount >= tokenBudget }

  /// How many steps the whole run takes.
  ///
  /// - Complexity: O(steps of the ramp).
  public var stepCount: Int {
    var (steps, tokens) = (0, 0)
    while !isDone(tokens), share(tokens) < rampShare {
      tokens += rowCount(after: tokens) * sequenceLength
      steps += 1
    }
    let perStep = max(rowCount, 1) * max(sequenceLength, 1)
    return steps + (max(tokenBudget - tokens, 0) + perStep - 1) / perStep
  }
}
