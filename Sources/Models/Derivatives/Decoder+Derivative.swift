// SPDX-License-Identifier: Apache-2.0

extension Decoder {
  /// Computes the loss of some rows and adds its gradients.
  ///
  /// The rows of a slot may be given in one call or in several, in order: no bit depends on it.
  ///
  /// - Parameters:
  ///   - rows: Rows of the batch.
  ///   - gradients: Where gradients are added.
  ///   - weights: What the terms of the loss are multiplied with.
  ///   - sums: What is added to.
  /// - Throws: `ModelError` for an id out of range, a sequence that passes the context, or memory
  ///   that cannot be had.
  /// - Precondition: The decoder keeps its layers.
  public func differentiate(
    _ rows: [TrainingRow],
    into gradients: DecoderGradients,
    weights: LossWeights,
    sums: inout LossSums
  ) throws(ModelError) {
    precondition(workspace.keepsLayers)
    let inputs = rows.flatMap(\.sequences).map {
      SequenceInput(ids: $0.ids, cache: makeCache(), logitRows: .none)
    }
    try check(inputs)
    var differentiation = Differentiation(
      decoder: self,
      gradients: gradients,
      rows: rows,
      weights: weights,
      sums: sums
    )
    try differentiation.run(inputs)
    sums = differentiation.sums
  }
}
