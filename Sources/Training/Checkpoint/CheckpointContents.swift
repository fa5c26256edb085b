// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// What a checkpoint of a trainer holds.
///
/// The tensors are the trainer's own and share its memory.
struct CheckpointContents: Sendable {
  /// The model's tensors by their published names, sorted.
  let weights: [(name: String, tensor: Tensor)]
  /// The run's own tensors.
  let state: [(name: String, tensor: Tensor)]
  /// How far the run has come.
  let cursor: StoredCursor
  /// What is not compared.
  let record: JSONText

  /// Takes a trainer as it stands.
  init(_ trainer: Trainer, recipeDigest: String, record: JSONText) {
    let parameters = trainer.parameters
    weights = parameters.names.compactMap { name in
      parameters.tensor(name).map { (name, $0) }
    }
    state = trainer.state
    cursor = StoredCursor(trainer.cursor, recipeDigest: recipeDigest)
    self.record = record
  }
}
