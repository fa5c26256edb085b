// SPDX-License-Identifier: Apache-2.0

import Compute

/// DeepSeek-V3, R1 and V3.1: latent attention; sigmoid routing with a selection bias, the group's
/// two best experts count; multi-token prediction.
enum DeepseekV3: Family {
  static let modelType = "deepseek_v3"
  static let className = "DeepseekV3ForCausalLM"

  static func architecture(_ reader: ConfigurationReader) throws(ModelError) -> Architecture {
    // The field exists in transformers alone; DeepSeek's own files mean interleaved pairs.
    let isInterleaved = try reader.flag("rope_interleave", default: true)
    let (attention, rotary) = try LatentFields(reader).plans(
      layout: isInterleaved ? .interleaved : .halfSplit
    )
    let mixture = try mixture(reader)
    // LIMIT: published models predict one further token.
    let predictionCount = try reader.count("num_nextn_predict_layers", default: 0, in: 0...16)
    let predictionLayer = LayerPlan(
      attention: .latent(attention),
      feedForward: .mixture(mixture)
    )
    return try assemble(
      reader,
      rotary: rotary,
      layers: try DeepseekLayers.layers(
        reader,
        attention: .latent(attention),
        mixture: mixture,
        defaultDenseCount: 3
      ),
      predictionLayers: Array(repeating: predictionLayer, count: predictionCount)
    )
  }

  private static func mixture(_ reader: ConfigurationReader) throws(ModelError) -> MixturePlan {
    let scoring = try reader.string("scoring_func") ?? "sigmoid"
    guard scoring == "sigmoid" else {
      throw reader.error(.unsupportedRouting(scoring), "scoring_func")
    }
    let method = try reader.string("topk_method") ?? "noaux_tc"
    guard method == "noaux_tc" else {
      throw reader.error(.unsupportedRouting(method), "topk_method")
    }
    var routing = try RoutingFields(reader)
    try routing.readGroups(reader, minimum: 2)
    // Normalized and scaled, unlike V2.
    routing.normalizes = try reader.flag("norm_topk_prob", default: true)
    routing.scale = Float(
      try reader.number("routed_scaling_factor", default: 2.5, in: 1e-6...1e6)
    )
    return try DeepseekLayers.mixture(
      reader,
      rule: routing.rule(scoring: .sigmoid, groupScore: .bestTwo),
      hasSelectionBias: true,
      defaultSharedCount: 1
    )
  }
}
