// SPDX-License-Identifier: Apache-2.0

import Compute

/// The buffers and lists of a forward pass, kept between passes and grown when a pass needs more: a
/// pass as large as an earlier one allocates nothing.
///
/// A pass belongs to one caller at a time, so nothing here is shared while it is in use. Where a
/// derivative follows, each layer has buffers of its own, which the derivative reads; the gradient of
/// what a slot holds then lies in the same slot of another workspace.
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
    // Kept for derivatives alone: what was overwritten by the value that is computed from it, and
    // what attention says of its sums.
    case layerInput
    case middle
    case postNormed
    case rawQueries
    case rawQueryLatents
    case rawKeys
    case rawGate
    case sharedRawGate
    case sharedGate
    case sharedUp
    case statistics
    case predictionHidden
    case predictionResidual
    case rawPrediction
  }

  /// The experts that a layer chose, and the same sorted by expert.
  struct Routing {
    var choice = ExpertChoice(chosenCount: 1)
    var groups = ExpertGroups()
  }

  /// Whether each layer keeps what it computed.
  let keepsLayers: Bool
  /// Whose buffers are in use; 0 is what lies outside of layers.
  private var layer = 0

  /// The ids of a pass.
  var ids: [Int32] = []
  /// The sequences of a pass.
  var parts: [ForwardPass.Part] = []
  /// The sequences of a layer, with the caches of its attention.
  var keyValueRows: [AttentionRows<KeyValueCache>] = []
  /// The same of latent attention.
  var latentRows: [AttentionRows<LatentCache>] = []
  private var routings = [Routing()]

  private var buffers = [Activations?](repeating: nil, count: Slot.allCases.count)

  init(keepsLayers: Bool = false) { self.keepsLayers = keepsLayers }

  /// Goes on with the buffers of a layer, counted from 1; 0 leaves the layers.
  func enter(layer: Int) {
    guard keepsLayers else { return }
    self.layer = layer
    let count = (layer + 1) * Slot.allCases.count
    if buffers.count < count {
      buffers += repeatElement(nil, count: count - buffers.count)
      routings += repeatElement(Routing(), count: layer + 1 - routings.count)
    }
  }

  /// The experts of the layer.
  var routing: Routing {
    _read { yield routings[layer] }
    _modify { yield &routings[layer] }
  }

  /// Bytes held now.
  var byteCount: Int { buffers.reduce(0) { $0 + ($1?.byteCount ?? 0) } }

  /// A rectangle in a slot; its old contents are lost.
  func view(_ slot: Slot, rows: Int, columns: Int) throws(ModelError) -> ActivationView {
    let needed = max(rows * columns, 1)
    let index = layer * Slot.allCases.count + slot.rawValue
    if let buffer = buffers[index], buffer.rowCapacity * buffer.columnCount >= needed {
      return buffer.view(rowCount: rows, columnCount: columns)
    }
    do {
      let buffer = try Activations(rowCapacity: 1, columnCount: needed)
      buffers[index] = buffer
      return buffer.view(rowCount: rows, columnCount: columns)
    } catch { throw ModelError(error) }
  }

  /// A rectangle of the shape of another.
  func view(_ slot: Slot, like other: ActivationView) throws(ModelError) -> ActivationView {
    try view(slot, rows: other.rowCount, columns: other.columnCount)
  }
}
