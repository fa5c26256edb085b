// SPDX-License-Identifier: Apache-2.0

import JSON

/// GPT-2, BLOOM and nanochat: multi-head attention of whole width and a feed-forward of two matrices.
struct PlainTransformer {
  private let layerCount: Int
  private let hiddenSize: Int
  private let headCount: Int
  private let intermediateSize: Int
  private let vocabularySize: Int
  private let contextLength: Int
  /// Whether positions are learned (GPT-2), rather than rotated or given by distances.
  private let learnsPositions: Bool
  /// Whether the embedding is normed (BLOOM).
  private let normsEmbedding: Bool
  /// Whether matrices have biases, and norms have weights and biases; nanochat has none of these.
  private let hasVectors: Bool
  /// Whether the head is the embedding table.
  private let tiesEmbedding: Bool

  init(_ configuration: JSONValue, file: String) throws(PlanError) {
    let fields = PlanFields(configuration, file: file)
    let type = configuration["model_type"]?.string
    layerCount = try fields.count("n_layer")
    hiddenSize = try fields.count(type == "bloom" ? "n_embed" : "n_embd")
    headCount = try fields.count("n_head")
    intermediateSize = try fields.count("n_inner", default: 4 * hiddenSize)
    vocabularySize = try fields.count("vocab_size")
    contextLength =
      switch type {
      case "bloom": try fields.count("seq_length")
      case "nanochat": try fields.count("sequence_len")
      default: try fields.count("n_positions")
      }
    learnsPositions = type == "gpt2"
    normsEmbedding = type == "bloom"
    hasVectors = type != "nanochat"
    tiesEmbedding = type != "nanochat"
    guard hiddenSize % headCount == 0 else {
      let found = "\(hiddenSize) numbers for \(headCount) heads"
      throw PlanError(.badValue(found: found, expected: "a multiple"), place: file)
    }
  }

  func model(name: String) -> PlannedModel {
    var layer = PlannedLayer()
    layer.attentionCount = 4 * hiddenSize * hiddenSize
    layer.denseCount = 2 * hiddenSize * intermediateSize
    // Biases of q, k, v, o and of both matrices, and two norms of two vectors each.
    layer.vectorCount = hasVectors ? (4 + 1 + 4) * hiddenSize + intermediateSize : 0
    layer.scoredElementCount = 2 * hiddenSize
    layer.cacheElementCount = 2 * hiddenSize
    layer.intermediateSize = intermediateSize
    layer.headCount = headCount
    layer.keyValueHeadCount = headCount
    let positionCount = learnsPositions ? contextLength * hiddenSize : 0
    let normCount = hasVectors ? (normsEmbedding ? 4 : 2) * hiddenSize : 0
    return PlannedModel(
      name: name,
      groups: [PlannedModel.Group(count: layerCount, layer: layer)],
      predictionGroups: [],
      vocabularySize: vocabularySize,
      hiddenSize: hiddenSize,
      tiesEmbedding: tiesEmbedding,
      outerCount: positionCount + normCount,
      positionCount: positionCount,
      contextLength: contextLength
    )
  }
}
