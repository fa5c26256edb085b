// SPDX-License-Identifier: Apache-2.0

/// The published names of tensors, as data: what a layout calls each part of a decoder.
package enum TensorNames {
  static let embedding = "model.embed_tokens.weight"
  static let finalNorm = "model.norm.weight"
  /// The output head.
  package static let head = "lm_head.weight"

  /// What the tensors of a layer begin with.
  package static func layer(_ index: Int) -> String { "model.layers.\(index)." }

  static let inputNorm = "input_layernorm.weight"
  static let postAttentionNorm = "post_attention_layernorm.weight"
  static let attention = "self_attn."
  static let feedForward = "mlp."
  static let sharedExperts = "mlp.shared_experts."
  static let router = "mlp.gate.weight"
  /// The bias by which a layer's router chooses.
  package static let selectionBias = "mlp.gate.e_score_correction_bias"
  /// The gate and up projections of all routed experts of a layer, where they are one tensor.
  package static let fusedGateUp = "mlp.experts.gate_up_proj"
  static let fusedDown = "mlp.experts.down_proj"

  static func expert(_ index: Int) -> String { "mlp.experts.\(index)." }

  /// What a multi-token-prediction layer has beside a layer's own tensors.
  package enum Prediction {
    static let embeddingCopy = "embed_tokens.weight"
    static let headCopy = "shared_head.head.weight"
    static let embeddingNorm = "enorm.weight"
    static let hiddenNorm = "hnorm.weight"
    /// The projection that joins embedding and state.
    package static let projection = "eh_proj.weight"
    static let finalNorm = "shared_head.norm.weight"
  }
}
