// SPDX-License-Identifier: Apache-2.0

import Compute

/// The buffers and lists of a forward pass, kept between passes and grown when a pass needs more: a
/// pass as large as an earlier one allocates nothing.
///
/// A pass belongs to one caller at a time, so nothing here is shared while it is in use.
final class Workspace {
  /// What a buffer holds; each is used for one thing at a time.
  enum Slot: Int, CaseIterable {
    case residual
    case normed
    case queries
    case queryLatents
    case keys
    case values
    case absorbed
    case latentResults
    case attended
    case projected
    case gate
    case up
    case expertOutputs
    case mixed
    case routerLogits
    case hidden
    case logits
    case predictionInput
    case embedded
  }

  /// The ids of a pass.
  var ids: [Int32] = []
  /// The sequences of a pass.
  var parts: [ForwardPass.Part] = []
  /// The sequences of a layer, with the caches of its attention.
  var keyValueRows: [AttentionRows<KeyValueCache>] = []
  /// The same of latent attention.
  var latentRows: [AttentionRows<LatentCache>] = []
  /// The experts that a layer chose.
  var choice = ExpertChoice(chosenCount: 1)
  /// The same, sorted by expert.
  var groups = ExpertGroups()

  private var buffers = [Activations?](repeating: nil, count: Slot.allCases.count)

  /// Bytes held now.
  var byteCount: Int { buffers.reduce(0) { $0 + ($1?.byteCount ?? 0) } }

  /// A rectangle in a slot; its old contents are lost.
  func view(_ slot: Slot, rows: Int, columns: Int) throws(ModelError) -> ActivationView {
    let needed = max(rows * columns, 1)
    if let buffer = buffers[slot.rawValue], buffer.rowCapacity * buffer.columnCount >= needed {
      return buffer.view(rowCount: rows, columnCount: columns)
    }
    do {
      let buffer = try Activations(rowCapacity: 1, columnCount: needed)
      buffers[slot.rawValue] = buffer
      return buffer.view(rowCount: rows, columnCount: columns)
    } catch { throw ModelError(error) }
  }
}
