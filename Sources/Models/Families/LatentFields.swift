// SPDX-License-Identifier: Apache-2.0

import Compute

/// The fields of multi-head latent attention (DeepSeek-V2, section 2.1).
///
/// `head_dim` and `num_key_value_heads` are never read: files written by transformers give the
/// rotary dimension as the one, and the other has no meaning where all heads share one latent.
struct LatentFields {
  let reader: ConfigurationReader
  let shape: LatentShape
  let queryRank: Int?

  init(_ reader: ConfigurationReader) throws(ModelError) {
    self.reader = reader
    let limit = 1...ConfigurationReader.headLimit
    shape = LatentShape(
      headCount: try reader.count("num_attention_heads", in: limit),
      noPositionDimension: try reader.count("qk_nope_head_dim", in: limit),
      rotaryDimension: try reader.count("qk_rope_head_dim", in: limit),
      valueDimension: try reader.count("v_head_dim", in: limit),
      latentRank: try reader.count("kv_lora_rank", in: limit)
    )
    // Null and 0 both mean one projection for queries.
    let rank = try reader.optionalCount("q_lora_rank", in: 0...ConfigurationReader.extentLimit)
    queryRank = rank == 0 ? nil : rank
    guard shape.rotaryDimension % 2 == 0 else {
      throw reader.error(.oddRotaryDimension(shape.rotaryDimension), "qk_rope_head_dim")
    }
    let widest =
      shape.noPositionDimension + max(shape.rotaryDimension, shape.valueDimension)
    guard shape.headCount * widest <= ConfigurationReader.extentLimit else {
      throw reader.error(.tooLarge, "num_attention_heads")
    }
  }

  /// Makes the attention plan with YaRN's correction of the scale, and the rotation.
  func plans(layout: RotaryLayout) throws(ModelError) -> (LatentPlan, RotaryRule) {
    let scaling = try RotaryScaling(reader)
    let rule = try scaling.rule(
      dimension: shape.rotaryDimension,
      layout: layout,
      // LIMIT: as in `Family.contextLength`.
      contextLength: try reader.count("max_position_embeddings", in: 1...1 << 30)
    )
    let dimension = Double(shape.noPositionDimension + shape.rotaryDimension)
    let correction = scaling.latentScaleCorrection
    let plan = LatentPlan(
      shape: shape,
      queryRank: queryRank,
      scale: Float(correction * correction / ElementaryFunctions.squareRoot(dimension)),
      hasBias: try reader.flag("attention_bias", default: false)
    )
    return (plan, rule)
  }
}
