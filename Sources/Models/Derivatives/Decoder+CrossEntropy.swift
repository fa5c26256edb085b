// SPDX-License-Identifier: Apache-2.0

import Compute

extension Decoder {
  /// The loss of a row without its derivative.
  ///
  /// - Parameter row: The row.
  /// - Returns: Σ −log p over the targets that count, and how many count.
  /// - Throws: `ModelError` for an id out of range, a sequence that passes the context, or memory
  ///   that cannot be had.
  public func crossEntropy(of row: TrainingRow) throws(ModelError) -> (sum: Double, count: Int) {
    var sum = 0.0
    for sequence in row.sequences {
      let input = SequenceInput(ids: sequence.ids, cache: makeCache(), logitRows: .all)
      let logits = try forward([input]).logits
      for (index, logSum) in logSumExp(logits).enumerated()
      where sequence.counts?[index] ?? true {
        sum -= Double(logSum.logProbability(of: logits[index, Int(sequence.targets[index])]))
      }
    }
    return (sum, row.targetCount)
  }
}
