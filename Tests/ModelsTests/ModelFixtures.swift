// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import JSON
import Models
import TestSupport

/// Published and small models by their place beside the oracles.
enum ModelFixtures {
  static var checkpoints: String { (Oracles.folder ?? "") + "/checkpoints" }
  static var configurations: String { (Oracles.folder ?? "") + "/../reference/configs" }

  /// The good checkpoints whose weights can be read; empty where the oracles are absent.
  static var goodNames: [String] {
    guard Oracles.folder != nil, let names = try? FileKind.names(inFolder: checkpoints) else {
      return []
    }
    return names.filter {
      $0.contains("-f") || $0.contains("-bf") || $0.hasPrefix("grad-") || $0.hasPrefix("real-")
    }
  }

  static func architecture(of path: String) throws -> Architecture {
    try Architecture(configuration: ConfigurationFile.read(path, label: "config.json").root)
  }

  static func architecture(parsing text: String) throws -> Architecture {
    try Architecture(configuration: JSONDocument(Array(text.utf8)).root)
  }

  /// The path of a configuration by its name, published or rebuilt.
  static func configuration(_ name: String) throws -> String {
    let path = "\(configurations)/\(name).json"
    return try FileKind.of(path) == nil ? "\(configurations)/rebuilt/\(name).json" : path
  }

  /// A small Llama's configuration, with fields changed or added.
  static func llama(_ changes: [String: String] = [:]) -> String {
    text(
      [
        "model_type": "\"llama\"", "vocab_size": "11", "hidden_size": "8",
        "intermediate_size": "12", "num_hidden_layers": "1", "num_attention_heads": "2",
        "max_position_embeddings": "32",
      ].merging(changes) { $1 }
    )
  }

  /// A small DeepSeek-V3's configuration as its class writes it, with fields changed or added.
  static func deepseekV3(_ changes: [String: String] = [:]) -> String {
    text(
      [
        "model_type": "\"deepseek_v3\"", "vocab_size": "11", "hidden_size": "8",
        "intermediate_size": "12", "moe_intermediate_size": "4", "num_hidden_layers": "2",
        "num_attention_heads": "2", "q_lora_rank": "4", "kv_lora_rank": "4",
        "qk_nope_head_dim": "4", "qk_rope_head_dim": "4", "v_head_dim": "4", "head_dim": "64",
        "n_routed_experts": "4", "num_experts_per_tok": "2", "n_group": "2", "topk_group": "1",
        "first_k_dense_replace": "1", "max_position_embeddings": "32",
      ].merging(changes) { $1 }
    )
  }

  private static func text(_ fields: [String: String]) -> String {
    "{"
      + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
      .joined(separator: ", ") + "}"
  }
}
