// SPDX-License-Identifier: Apache-2.0

import Compute

/// Qwen2, Qwen2.5, and R1's distillations into Qwen.
///
/// Queries, keys and values always have biases, which no field says; outputs never have.
enum Qwen2: Family {
  static let modelType = "qwen2"
  static let className = "Qwen2ForCausalLM"

  static func architecture(_ reader: ConfigurationReader) throws(ModelError) -> Architecture {
    try refuseSlidingWindow(reader)
    let attention = try groupedQuery(reader, hasQueryKeyValueBias: true, hasOutputBias: false)
    let layer = LayerPlan(
      attention: .groupedQuery(attention),
      feedForward: .dense(
        intermediateSize: try reader.count("intermediate_size"),
        hasBias: false
      )
    )
    return try assemble(
      reader,
      rotary: try RotaryScaling(reader).rule(
        dimension: attention.headDimension,
        layout: .halfSplit,
        contextLength: try contextLength(reader)
      ),
      layers: Array(repeating: layer, count: try layerCount(reader))
    )
  }
}

/// Qwen3: queries and keys are normed per head before rotation.
enum Qwen3: Family {
  static let modelType = "qwen3"
  static let className = "Qwen3ForCausalLM"

  static func architecture(_ reader: ConfigurationReader) throws(ModelError) -> Architecture {
    let attention = try attentionPlan(reader)
    let layer = LayerPlan(
      attention: .groupedQuery(attention),
      feedForward: .dense(
        intermediateSize: try reader.count("intermediate_size"),
        hasBias: false
      )
    )
    return try assemble(
      reader,
      rotary: try rotary(reader, attention),
      layers: Array(repeating: layer, count: try layerCount(reader))
    )
  }

  static func attentionPlan(_ reader: ConfigurationReader) throws(ModelError) -> GroupedQueryPlan {
    try refuseSlidingWindow(reader)
    let hasBias = try reader.flag("attention_bias", default: false)
    return try groupedQuery(
      reader,
      hasQueryKeyValueBias: hasBias,
      hasOutputBias: hasBias,
      normalizesQueriesAndKeys: true
    )
  }

  static func rotary(
    _ reader: ConfigurationReader,
    _ attention: GroupedQueryPlan
  ) throws(ModelError) -> RotaryRule {
    try RotaryScaling(reader).rule(
      dimension: attention.headDimension,
      layout: .halfSplit,
      contextLength: try contextLength(reader)
    )
  }
}

/// Qwen3-MoE: Qwen3's attention, and mixtures without shared experts.
enum Qwen3Mixture: Family {
  static let modelType = "qwen3_moe"
  static let className = "Qwen3MoeForCausalLM"

  static func architecture(_ reader: ConfigurationReader) throws(ModelError) -> Architecture {
    let attention = try Qwen3.attentionPlan(reader)
    let count = try layerCount(reader)
    let step = try reader.count("decoder_sparse_step", default: 1)
    let denseLayers = Set(
      try reader.counts("mlp_only_layers", in: 0...ConfigurationReader.layerLimit)
    )
    let mixture = try mixture(reader)
    var layers: [LayerPlan] = []
    for index in 0..<count {
      let isDense = denseLayers.contains(index) || (index + 1) % step != 0
      layers.append(
        LayerPlan(
          attention: .groupedQuery(attention),
          feedForward: isDense
            ? .dense(intermediateSize: try reader.count("intermediate_size"), hasBias: false)
            : .mixture(mixture)
        )
      )
    }
    return try assemble(
      reader,
      rotary: try Qwen3.rotary(reader, attention),
      layers: layers
    )
  }

  private static func mixture(_ reader: ConfigurationReader) throws(ModelError) -> MixturePlan {
    var routing = try RoutingFields(reader)
    routing.normalizes = try reader.flag("norm_topk_prob", default: false)
    // The softmax is positive, so Qwen's code adds nothing to the sum.
    routing.normalizationEpsilon = 0
    return MixturePlan(
      rule: routing.rule(scoring: .softmax),
      expertIntermediateSize: try reader.count("moe_intermediate_size"),
      sharedIntermediateSize: 0,
      hasSelectionBias: false
    )
  }
}
