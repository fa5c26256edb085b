// SPDX-License-Identifier: Apache-2.0

/// Configurations of models of a few thousand weights.
public enum TinyConfiguration {
  /// How many experts each mixture of `deepseekV3` has.
  public static let expertCount = 8

  /// A `config.json` with all that DeepSeek-V3 has: a dense layer, a mixture with groups, and a layer
  /// that predicts ahead; no two widths are equal, and few are whole vectors.
  ///
  /// - Parameter vocabularySize: The rows of the embedding table.
  /// - Returns: The file's text.
  public static func deepseekV3(vocabularySize: Int) -> String {
    """
    {"model_type":"deepseek_v3","architectures":["DeepseekV3ForCausalLM"],
    "vocab_size":\(vocabularySize),"hidden_size":40,"intermediate_size":56,
    "moe_intermediate_size":20,"num_hidden_layers":2,"num_attention_heads":2,
    "num_key_value_heads":2,"q_lora_rank":24,"kv_lora_rank":16,"qk_nope_head_dim":12,
    "qk_rope_head_dim":8,"v_head_dim":10,"n_routed_experts":\(expertCount),
    "num_experts_per_tok":3,"n_shared_experts":1,"n_group":4,"topk_group":2,
    "first_k_dense_replace":1,"moe_layer_freq":1,"topk_method":"noaux_tc",
    "scoring_func":"sigmoid","norm_topk_prob":true,"routed_scaling_factor":2.5,
    "num_nextn_predict_layers":1,"hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":10000,
    "rope_scaling":null,"max_position_embeddings":64,"tie_word_embeddings":false,
    "attention_bias":false,"bos_token_id":0,"eos_token_id":1}
    """
  }
}
