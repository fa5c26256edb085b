// SPDX-License-Identifier: Apache-2.0

import Compute

/// Llama 2 and 3, DeepSeek-LLM, DeepSeek-Coder, and R1's distillations into Llama.
enum Llama: Family {
  static let modelType = "llama"
  static let className = "LlamaForCausalLM"

  static func architecture(_ reader: ConfigurationReader) throws(ModelError) -> Architecture {
    try refuseSlidingWindow(reader)
    try refusePartialRotation(reader)
    let hasBias = try reader.flag("attention_bias", default: false)
    let attention = try groupedQuery(
      reader,
      hasQueryKeyValueBias: hasBias,
      hasOutputBias: hasBias
    )
    let layer = LayerPlan(
      attention: .groupedQuery(attention),
      feedForward: .dense(
        intermediateSize: try reader.count("intermediate_size"),
        hasBias: try reader.flag("mlp_bias", default: false)
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
