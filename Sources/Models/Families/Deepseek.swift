// SPDX-License-Identifier: Apache-2.0

import Compute

/// DeepSeekMoE (V1): multi-head attention, mixtures with shared experts.
enum Deepseek: Family {
  static let modelType = "deepseek"
  static let className = "DeepseekForCausalLM"

  static func architecture(_ reader: ConfigurationReader) throws(ModelError) -> Architecture {
    let hasBias = try reader.flag("attention_bias", default: false)
    let attention = try groupedQuery(
      reader,
      hasQueryKeyValueBias: hasBias,
      hasOutputBias: hasBias
    )
    return try assemble(
      reader,
      rotary: try RotaryScaling(reader).rule(
        dimension: attention.headDimension,
        layout: .halfSplit,
        contextLength: try contextLength(reader)
      ),
      layers: try DeepseekLayers.layers(
        reader,
        attention: .groupedQuery(attention),
        mixture: try mixture(reader),
        defaultDenseCount: 0
      )
    )
  }

  /// The mixture, nil for the dense models of the same type.
  private static func mixture(_ reader: ConfigurationReader) throws(ModelError) -> MixturePlan? {
    guard reader.has("n_routed_experts") else { return nil }
    let scoring = try reader.string("scoring_func") ?? "softmax"
    guard scoring == "softmax" else {
      throw reader.error(.unsupportedRouting(scoring), "scoring_func")
    }
    var routing = try RoutingFields(reader)
    // The published code leaves the weight of a single expert alone.
    routing.normalizes =
      try reader.flag("norm_topk_prob", default: false) && routing.chosenCount > 1
    return try DeepseekLayers.mixture(
      reader,
      rule: routing.rule(scoring: .softmax),
      defaultSharedCount: 0
    )
  }
}

/// What the three generations of DeepSeek's mixtures have in common.
enum DeepseekLayers {
  /// Lays dense layers first and mixtures after them.
  static func layers(
    _ reader: ConfigurationReader,
    attention: AttentionPlan,
    mixture: MixturePlan?,
    defaultDenseCount: Int
  ) throws(ModelError) -> [LayerPlan] {
    let count = try reader.count(
      "num_hidden_layers",
      in: 1...ConfigurationReader.layerLimit
    )
    let denseCount = try reader.count(
      "first_k_dense_replace",
      default: defaultDenseCount,
      in: 0...ConfigurationReader.layerLimit
    )
    let period = try reader.count("moe_layer_freq", default: 1)
    var layers: [LayerPlan] = []
    for index in 0..<count {
      if let mixture, index >= denseCount, index % period == 0 {
        layers.append(LayerPlan(attention: attention, feedForward: .mixture(mixture)))
      } else {
        let dense = FeedForwardPlan.dense(
          intermediateSize: try reader.count("intermediate_size"),
          hasBias: false
        )
        layers.append(LayerPlan(attention: attention, feedForward: dense))
      }
    }
    return layers
  }

  /// Reads the experts of a mixture; shared experts are one MLP of their joint width.
  static func mixture(
    _ reader: ConfigurationReader,
    rule: RoutingRule,
    hasSelectionBias: Bool = false,
    defaultSharedCount: Int
  ) throws(ModelError) -> MixturePlan {
    let width = try reader.count("moe_intermediate_size")
    let sharedCount = try reader.count(
      "n_shared_experts",
      default: defaultSharedCount,
      in: 0...ConfigurationReader.expertLimit
    )
    guard width * sharedCount <= ConfigurationReader.extentLimit else {
      throw reader.error(.tooLarge, "n_shared_experts")
    }
    return MixturePlan(
      rule: rule,
      expertIntermediateSize: width,
      sharedIntermediateSize: width * sharedCount,
      hasSelectionBias: hasSelectionBias
    )
  }
}
