// SPDX-License-Identifier: Apache-2.0

/// What a tensor is for.
public enum TensorRole: String, Sendable, Hashable, CaseIterable {
  /// The embedding table.
  case embedding
  /// The output head.
  case head
  /// A weight of an RMS norm.
  case norm
  /// A projection of attention, or its bias.
  case attention
  /// A projection of a dense MLP, or its bias.
  case dense
  /// The matrix of a router.
  case router
  /// The bias by which a router chooses.
  case selectionBias
  /// A projection of the fused shared experts.
  case sharedExpert
  /// A projection of a routed expert, or of all of a layer at once.
  case routedExpert
  /// The projection that joins embedding and state in a multi-token-prediction layer.
  case predictionProjection
  /// A copy of the embedding table or the head in a multi-token-prediction layer.
  case duplicate
}

/// A tensor that a checkpoint must or may have.
public struct PlannedTensor: Sendable, Hashable {
  /// The published name.
  public let name: String
  /// The extents, slowest first.
  public let shape: [Int]
  /// What it is for.
  public let role: TensorRole
  /// Whether it may be stored as FP8 blocks with scales beside it.
  public let mayBeBlockQuantized: Bool
  /// Whether a checkpoint may do without it.
  public let isOptional: Bool
  /// Whether it belongs to a multi-token-prediction layer.
  public let isPrediction: Bool

  /// How many numbers it holds.
  public var count: Int { shape.reduce(1, *) }

  /// The name of its block scales; despite the name they are multiplied with.
  public var scaleName: String { name + "_scale_inv" }
}
