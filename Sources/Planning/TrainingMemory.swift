// SPDX-License-Identifier: Apache-2.0

import Compute
public import JSON
public import Models

/// What a run of training keeps in memory, in bytes.
public struct TrainingMemory: Sendable, Hashable {
  /// The weights that the forward pass reads.
  public let weights: Int
  /// The FP32 copies that the optimizer changes; 0 where the weights are FP32 themselves.
  public let masters: Int
  /// The optimizer's two moments.
  public let moments: Int
  /// The gradients.
  public let gradients: Int
  /// What a step keeps for its derivatives, and its buffers.
  public let activations: Int

  /// All of it.
  public var total: Int { weights + masters + moments + gradients + activations }

  /// Adds up.
  ///
  /// Norms, routers and selection biases are FP32 in either compute type; a selection bias has
  /// neither gradient nor moments.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - shape: The run.
  ///   - activationByteCount: What a step keeps, as the trainer knows it.
  /// - Complexity: O(number of tensors).
  public init(
    _ architecture: Architecture,
    shape: TrainingShape,
    activationByteCount: (Architecture, TrainingShape) -> Int
  ) {
    var (weights, masters, trained) = (0, 0, 0)
    for tensor in TensorPlan(architecture).tensors {
      switch tensor.role {
      case .duplicate: continue
      case .head where architecture.tiesEmbedding: continue
      default: break
      }
      if tensor.isPrediction && !shape.trainsPrediction { continue }
      switch tensor.role {
      case .norm, .router, .selectionBias: weights += 4 * tensor.count
      default:
        weights += shape.computeType.weightByteCount * tensor.count
        if shape.computeType == .bf16 { masters += 4 * tensor.count }
      }
      if tensor.role != .selectionBias { trained += tensor.count }
    }
    self.weights = weights
    self.masters = masters
    moments = 8 * trained
    gradients = 4 * trained
    activations = activationByteCount(architecture, shape)
  }

  /// The figures by name.
  public var json: JSONText {
    .object([
      ("weights", .integer(weights)), ("masters", .integer(masters)),
      ("moments", .integer(moments)), ("gradients", .integer(gradients)),
      ("activations", .integer(activations)), ("total", .integer(total)),
    ])
  }
}

extension ComputeType {
  fileprivate var weightByteCount: Int { self == .f32 ? 4 : 2 }
}
