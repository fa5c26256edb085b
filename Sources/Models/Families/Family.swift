// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// A family of models: reads its configurations.
protocol Family {
  /// The `model_type` of its configurations.
  static var modelType: String { get }
  /// The name in `architectures`.
  static var className: String { get }
  /// Derives the architecture.
  static func architecture(_ reader: ConfigurationReader) throws(ModelError) -> Architecture
}

extension Family {
  /// What all families read in the same way, around the parts that differ.
  static func assemble(
    _ reader: ConfigurationReader,
    rotary: RotaryRule,
    layers: [LayerPlan],
    predictionLayers: [LayerPlan] = []
  ) throws(ModelError) -> Architecture {
    let activation = try reader.string("hidden_act") ?? "silu"
    guard activation == "silu" else {
      throw reader.error(.unsupportedActivation(activation), "hidden_act")
    }
    return Architecture(
      name: className,
      modelType: modelType,
      vocabularySize: try reader.count("vocab_size"),
      hiddenSize: try reader.count("hidden_size"),
      layers: layers,
      predictionLayers: predictionLayers,
      normEpsilon: Float(try reader.number("rms_norm_eps", default: 1e-6, in: 1e-30...1)),
      rotary: rotary,
      contextLength: try contextLength(reader),
      tiesEmbedding: try reader.flag("tie_word_embeddings", default: false),
      isBlockQuantized: try QuantizationField.isBlockQuantized(reader),
      endOfSequenceIDs: try reader.tokenIDs("eos_token_id"),
      beginningOfSequenceID: try reader.tokenIDs("bos_token_id").first
    )
  }

  static func contextLength(_ reader: ConfigurationReader) throws(ModelError) -> Int {
    // LIMIT: positions are formed in Int32 and in exact doubles.
    try reader.count("max_position_embeddings", in: 1...1 << 30)
  }

  static func layerCount(_ reader: ConfigurationReader) throws(ModelError) -> Int {
    try reader.count("num_hidden_layers", in: 1...ConfigurationReader.layerLimit)
  }

  /// Reads grouped-query attention.
  static func groupedQuery(
    _ reader: ConfigurationReader,
    hasQueryKeyValueBias: Bool,
    hasOutputBias: Bool,
    normalizesQueriesAndKeys: Bool = false
  ) throws(ModelError) -> GroupedQueryPlan {
    let limit = 1...ConfigurationReader.headLimit
    let hiddenSize = try reader.count("hidden_size")
    let headCount = try reader.count("num_attention_heads", in: limit)
    let sharedCount = try reader.count("num_key_value_heads", default: headCount, in: limit)
    let dimension: Int
    if let given = try reader.optionalCount("head_dim", in: limit) {
      dimension = given
    } else {
      guard hiddenSize % headCount == 0 else {
        throw reader.error(
          .headsNotDividing(hiddenSize: hiddenSize, headCount: headCount),
          "num_attention_heads"
        )
      }
      dimension = hiddenSize / headCount
    }
    guard headCount % sharedCount == 0 else {
      throw reader.error(
        .kvHeadsNotDividing(headCount: headCount, keyValueHeadCount: sharedCount),
        "num_key_value_heads"
      )
    }
    guard dimension % 2 == 0 else {
      throw reader.error(.oddRotaryDimension(dimension), "head_dim")
    }
    guard dimension <= ConfigurationReader.headLimit,
      headCount * dimension <= ConfigurationReader.extentLimit
    else {
      throw reader.error(.tooLarge, "num_attention_heads")
    }
    return GroupedQueryPlan(
      headCount: headCount,
      keyValueHeadCount: sharedCount,
      headDimension: dimension,
      hasQueryKeyValueBias: hasQueryKeyValueBias,
      hasOutputBias: hasOutputBias,
      normalizesQueriesAndKeys: normalizesQueriesAndKeys,
      scale: Float(1 / ElementaryFunctions.squareRoot(Double(dimension)))
    )
  }

  /// Refuses windows: with them a position sees fewer keys than these decoders let it see.
  static func refuseSlidingWindow(_ reader: ConfigurationReader) throws(ModelError) {
    guard try !reader.flag("use_sliding_window", default: false) else {
      throw reader.error(.unsupportedOption("true"), "use_sliding_window")
    }
    let kinds = reader.value(["layer_types"])?.value.array?.compactMap(\.string) ?? []
    if let other = kinds.first(where: { $0 != "full_attention" }) {
      throw reader.error(.unsupportedOption("with '\(other)'"), "layer_types")
    }
  }

  /// Refuses a rotation of part of each head, which these families do not publish.
  static func refusePartialRotation(_ reader: ConfigurationReader) throws(ModelError) {
    let part = try reader.number("partial_rotary_factor", default: 1, in: 0...1)
    guard part == 1 else {
      throw reader.error(.unsupportedOption("\(part)"), "partial_rotary_factor")
    }
  }
}
