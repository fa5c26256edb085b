// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A folder with all that a small recipe needs, made by the program itself.
struct TrainingFolder: ~Copyable {
  let path: String
  /// The recipe's file.
  var recipe: String { path + "/recipe.yaml" }

  /// Keeps the ledger of a test's runs out of the user's.
  var environment: [String: String] { ["XDG_DATA_HOME": path + "/data"] }

  /// Makes texts, a tokenizer, shards, a `config.json` and a recipe.
  ///
  /// - Parameter more: Further lines of the recipe.
  /// - Throws: An error where the program does not make them.
  init(_ more: String = "steps: 12\ncheckpoints: {every: 3, keep: 2}") throws {
    path = try Self.make(more)
  }

  deinit { SystemFolder.remove(path) }

  private static func make(_ more: String) throws -> String {
    let path = try SystemFolder.makeTemporary()
    try SystemFolder.write(Array(texts.utf8), to: path + "/texts/a.txt")
    try SystemFolder.write(Array(configuration.utf8), to: path + "/config.json")
    try SystemFolder.write(Array("\(head)\n\(more)\n".utf8), to: path + "/recipe.yaml")
    try require([
      "data", "tokenizer", path + "/texts", "--vocabulary-size", "300", "--out",
      path + "/tokenizer",
    ])
    try require([
      "data", "shards", path + "/texts", "--tokenizer", path + "/tokenizer", "--out",
      path + "/shards", "--documents", "paragraphs", "--near-duplicates", "0", "--validation",
      "0.2",
    ])
    return path
  }

  private struct Failure: Error {
    var errors: String
  }

  private static func require(_ arguments: [String]) throws {
    let run = try HadalProcess.run(arguments)
    if run.exitCode != 0 { throw Failure(errors: run.errors) }
  }

  // Words in another order each time, so that no two paragraphs are one.
  private static let texts: String = {
    var generator = SplitMix64(seed: 5)
    let words = ["the", "fox", "went", "up", "down", "hill", "and", "was", "in", "shade"]
    let paragraphs = (0..<60).map { _ in
      (0..<20).map { _ in words[Int(generator.next() % 10)] }.joined(separator: " ")
    }
    return paragraphs.joined(separator: "\n\n")
  }()

  // A mixture with all that DeepSeek-V3 has, of a few thousand weights.
  private static let configuration = """
    {"model_type":"deepseek_v3","architectures":["DeepseekV3ForCausalLM"],"vocab_size":320,
    "hidden_size":32,"intermediate_size":48,"moe_intermediate_size":16,"num_hidden_layers":2,
    "num_attention_heads":2,"num_key_value_heads":2,"q_lora_rank":24,"kv_lora_rank":16,
    "qk_nope_head_dim":12,"qk_rope_head_dim":8,"v_head_dim":10,"n_routed_experts":4,
    "num_experts_per_tok":2,"n_shared_experts":1,"n_group":2,"topk_group":1,
    "first_k_dense_replace":1,"moe_layer_freq":1,"topk_method":"noaux_tc","scoring_func":"sigmoid",
    "norm_topk_prob":true,"routed_scaling_factor":2.5,"num_nextn_predict_layers":1,
    "hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":10000,"rope_scaling":null,
    "max_position_embeddings":64,"tie_word_embeddings":false,"attention_bias":false,
    "bos_token_id":0,"eos_token_id":1}
    """

  // The rate is far too high, so that the validation loss rises: the best checkpoint is an early one, and
  // is kept beside the newest.
  private static let head = """
    model: {config: config.json, deviation: 0.1}
    tokenizer: tokenizer
    data: [{shards: shards}]
    sequence: 24
    batch: 4
    slots: 2
    learning_rate: {peak: 3, warm_up: 2, schedule: constant}
    validation: {every: 3, rows: 2}
    """
}
