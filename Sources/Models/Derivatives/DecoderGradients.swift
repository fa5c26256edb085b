// SPDX-License-Identifier: Apache-2.0

public import Checkpoints
public import Compute

/// The gradients of a decoder's weights, added up over the rows of a slot.
///
/// A gradient has the shape of what it is the gradient of: the same types hold both. A table that is
/// used in several places has a gradient for each use, so that passes of other sizes change no bit; the
/// uses are added when the slot ends.
public final class DecoderGradients {
  let decoder: Decoder
  /// Uses of the embedding table and the head by multi-token prediction.
  let predictionLookUp: Tensor?
  let predictionHead: Tensor?
  private let tiesHead: Bool
  /// Gradients of activations, kept between passes.
  let workspace = Workspace()

  /// Takes gradients out of a source.
  ///
  /// - Parameters:
  ///   - decoder: Whose weights they belong to.
  ///   - source: F32 tensors under the names of the weights, and a head of its own where the decoder
  ///     has none.
  ///   - predictionLookUp: Of the embedding table's shape, where the decoder predicts ahead.
  ///   - predictionHead: The same for the head.
  ///   - tiesHead: Whether the head is the embedding table.
  /// - Throws: `ModelError` where a tensor is missing.
  public init(
    of decoder: Decoder,
    source: any TensorSource,
    predictionLookUp: Tensor?,
    predictionHead: Tensor?,
    tiesHead: Bool
  ) throws(ModelError) {
    self.decoder = try Decoder(
      decoder.architecture,
      source: source,
      device: decoder.device,
      computeType: .f32
    )
    self.predictionLookUp = predictionLookUp
    self.predictionHead = predictionHead
    self.tiesHead = tiesHead
  }

  /// Adds up the uses of the embedding table and of the head: look-up, head, the same of prediction.
  public func joinUses() {
    let device = decoder.device
    let lookUp = decoder.embedding
    let head = decoder.head.values
    if tiesHead { device.add(head.activations(), to: lookUp.activations()) }
    if let predictionLookUp { device.add(predictionLookUp.activations(), to: lookUp.activations()) }
    if let predictionHead {
      device.add(predictionHead.activations(), to: (tiesHead ? lookUp : head).activations())
    }
  }
}
