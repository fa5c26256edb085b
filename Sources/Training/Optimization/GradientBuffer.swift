// SPDX-License-Identifier: Apache-2.0

import Checkpoints
public import Compute
public import Models

/// The gradients of all parameters, in the parameters' own layout.
public final class GradientBuffer {
  /// All gradients in FP32, one after the other.
  public let all: Tensor
  /// The same as a decoder's derivatives take them.
  let decoderGradients: DecoderGradients
  private let uses: [Tensor]

  /// Allocates zeros.
  ///
  /// - Throws: `ComputeError` if memory cannot be had, `ModelError` where the decoder has other weights.
  public init(_ parameters: Parameters, decoder: Decoder) throws {
    all = try Tensor(zeros: parameters.masters.shape, elementType: .f32)
    let table = [decoder.architecture.vocabularySize, decoder.architecture.hiddenSize]
    let head = parameters.tiesHead ? try Tensor(zeros: table, elementType: .f32) : nil
    let predictions = try (0..<(decoder.predictsAhead ? 2 : 0)).map { _ in
      try Tensor(zeros: table, elementType: .f32)
    }
    uses = predictions + (head.map { [$0] } ?? [])
    decoderGradients = try DecoderGradients(
      of: decoder,
      source: GradientSource(parameters: parameters, all: all, head: head),
      predictionLookUp: predictions.first,
      predictionHead: predictions.last,
      tiesHead: parameters.tiesHead
    )
  }

  /// Sets every gradient to +0.
  ///
  /// - Parameter device: What writes the zeros.
  public func clear(device: any Device) {
    device.clear(blocks.activations())
    for use in uses { device.clear(use.activations()) }
  }

  /// Adds another buffer's gradients, element by element.
  func add(_ other: GradientBuffer, device: any Device) {
    device.add(other.blocks.activations(), to: blocks.activations())
  }

  /// All gradients as rows, over the same bytes.
  var blocks: Tensor {
    let extent = Parameters.blockExtent
    return Tensor(
      region: all.region,
      byteOffset: all.byteOffset,
      elementType: .f32,
      shape: [all.count / extent, extent]
    )
  }
}

/// Gradients under the names of the weights that they belong to.
private struct GradientSource: TensorSource {
  let parameters: Parameters
  let all: Tensor
  /// A tied head's own use of the embedding table.
  let head: Tensor?
  private let byName: [String: Parameter]

  init(parameters: Parameters, all: Tensor, head: Tensor?) {
    self.parameters = parameters
    self.all = all
    self.head = head
    byName = Dictionary(uniqueKeysWithValues: parameters.list.map { ($0.name, $0) })
  }

  var label: String { "the gradients" }
  var names: [String] { parameters.names }
  func file(of name: String) -> String? { nil }

  func tensor(_ name: String) -> Tensor? {
    if let parameter = byName[name] { return parameter.part(of: all) }
    if name == TensorNames.head { return head }
    // Nothing is ever added to a selection bias; layers just have the same parts.
    return parameters.selectionBiases[name]
  }
}
