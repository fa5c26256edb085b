// SPDX-License-Identifier: Apache-2.0

import Compute

/// DeepSeek-V2 and V2-Lite: latent attention; softmax routing, the group's best expert counts.
enum DeepseekV2: Family {
  static let modelType = "deepseek_v2"
  static let className = "DeepseekV2ForCausalLM"

  static func architecture(_ reader: ConfigurationReader) throws(ModelError) -> Architecture {
    let (attention, rotary) = try LatentFields(reader).plans(layout: .interleaved)
    return try assemble(
      reader,
      rotary: rotary,
      layers: try DeepseekLayers.layers(
        reader,
        attention: .latent(attention),
        mixture: try mixture(reader),
        defaultDenseCount: 0
      )
    )
  }

  private static func mixture(_ reader: ConfigurationReader) throws(ModelError) -> MixturePlan? {
    guard reader.has("n_routed_experts") else { return nil }
    let scoring = try reader.string("scoring_func") ?? "softmax"
    guard scoring == "softmax" else {
      throw reader.error(.unsupportedRouting(scoring), "scoring_func")
    }
    var routing = try RoutingFields(reader)
    let method = try reader.string("topk_method") ?? "greedy"
    switch method {
    case "greedy": break
    case "group_limited_greedy": try routing.readGroups(reader, minimum: 1)
    default: throw reader.error(.unsupportedRouting(method), "topk_method")
    }
    // Either normalized or scaled, never both: DeepSeek's published code.
    let scale = try reader.number("routed_scaling_factor", default: 1, in: 1e-6...1e6)
    routing.normalizes =
      try reader.flag("norm_topk_prob", default: false) && routing.chosenCount > 1
    routing.scale = routing.normalizes ? 1 : Float(scale)
    return try DeepseekLayers.mixture(
      reader,
      rule: routing.rule(scoring: .softmax, groupScore: .best),
      defaultSharedCount: 0
    )
  }
}
