// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Foundation
import JSON
import Models
import TestSupport
import Testing

@Suite struct ConfigurationFuzzTests {
  private static let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] == "1"

  // Method: values of valid configurations are exchanged for others that matter, and bytes are
  // overwritten; whatever comes out must be read or refused, and what is read must have a plan and
  // countable parameters. A crash ends the test run.
  @Test func `no configuration crashes the reader`() throws {
    var random = SplitMix64(seed: 0xC0F16)
    let values = [
      "0", "1", "2", "3", "-1", "5", "7", "128", "65536", "16777216", "4096", "4097", "1e308",
      "1e-308", "2.5", "9223372036854775807", "null", "true", "false", "\"\"", "\"yarn\"",
      "\"llama3\"", "\"dynamic\"", "[]", "[0]", "{}", "\"softmax\"", "\"greedy\"",
      "\"group_limited_greedy\"", "\"qwen3_moe\"", "\"deepseek_v2\"", "\"deepseek\"",
      #"{"type": "yarn", "factor": 2}"#, #"{"rope_type": "linear", "factor": 1}"#,
    ]
    var readCount = 0
    for _ in 0..<(Self.isLong ? 100_000 : 5_000) {
      var fields = Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &random)]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        guard let key = fields.keys.sorted().randomElement(using: &random) else { continue }
        fields[key] =
          Int.random(in: 0..<8, using: &random) == 0
          ? nil : values.randomElement(using: &random)
      }
      var bytes = Array(
        ("{"
          + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
          .joined(separator: ",") + "}").utf8
      )
      if Int.random(in: 0..<4, using: &random) == 0 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 32...126,
          using: &random
        )
      }
      if read(bytes) { readCount += 1 }
    }
    #expect(readCount > 100)
    if Self.isLong { #expect(try #require(PeakMemory.byteCount) <= PeakMemory.fuzzingLimit) }
  }

  private func read(_ bytes: [UInt8]) -> Bool {
    guard let document = try? JSONDocument(bytes) else { return false }
    do {
      let architecture = try Architecture(configuration: document.root)
      #expect(!architecture.layers.isEmpty)
      // Plans of up to a million tensors are allowed; the fuzz has other things to try.
      if architecture.layers.count <= 64 {
        #expect(ModelSummary(architecture).parameters.total > 0)
      }
      return true
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
  }

  private static let seeds: [[String: String]] = {
    let common = [
      "vocab_size": "11", "hidden_size": "8", "intermediate_size": "12", "num_hidden_layers": "2",
      "num_attention_heads": "4", "num_key_value_heads": "2", "head_dim": "4",
      "max_position_embeddings": "32", "rms_norm_eps": "1e-6", "rope_theta": "10000",
      "hidden_act": "\"silu\"", "tie_word_embeddings": "false", "eos_token_id": "2",
      "rope_scaling":
        #"{"type":"yarn","factor":40,"original_max_position_embeddings":16,"mscale_all_dim":1}"#,
    ]
    let mixture = [
      "n_routed_experts": "4", "num_experts": "4", "num_experts_per_tok": "2",
      "moe_intermediate_size": "4", "n_shared_experts": "1", "n_group": "2", "topk_group": "1",
      "first_k_dense_replace": "1", "moe_layer_freq": "1", "norm_topk_prob": "true",
      "q_lora_rank": "4", "kv_lora_rank": "4", "qk_nope_head_dim": "4", "qk_rope_head_dim": "4",
      "v_head_dim": "4", "routed_scaling_factor": "2.5", "num_nextn_predict_layers": "1",
      "decoder_sparse_step": "1", "mlp_only_layers": "[0]",
    ]
    return ["llama", "qwen2", "qwen3", "qwen3_moe", "deepseek", "deepseek_v2", "deepseek_v3"].map {
      var fields = common
      if $0 == "qwen3_moe" || $0.hasPrefix("deepseek") { fields.merge(mixture) { $1 } }
      fields["model_type"] = "\"\($0)\""
      return fields
    }
  }()
}
