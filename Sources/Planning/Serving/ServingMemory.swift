// SPDX-License-Identifier: Apache-2.0

/// Bytes that a device holds in serving.
public struct ServingMemory: Sendable, Hashable {
  // LIMIT: the rest is for buffers and what is in flight; vLLM's default of 0.9 is the model.
  /// The share of a device's memory that weights and caches may take.
  public static let usableShare = 0.9

  /// Weights on a device.
  public let weights: Double
  /// Weights among these that every step reads whatever the batch: all but routed experts.
  let resident: Double
  /// Weights of routed experts on a device.
  let routed: Double
  /// The embedding table, of which a token reads one row.
  let embedding: Double

  init(_ scenario: ServingScenario) {
    let model = scenario.model
    let bytes = scenario.precision.weightByteCount
    // Embedding and head stay in 16 bits.
    let wide = max(bytes, 2)
    let count = Double(scenario.deviceCount)
    // Without experts matrices are divided; with experts all devices hold what is no expert.
    let divisor = model.hasMixture ? 1 : count
    let body = model.sum(model.groups, \.residentCount) + model.outerCount
    let head = Double(model.embeddingCount) * wide / divisor
    embedding = model.tiesEmbedding ? 0 : head
    resident = Double(body) * bytes / divisor + head
    routed = Double(model.routedCount(withPrediction: false)) * bytes / count
    weights = resident + routed + embedding
  }
}
