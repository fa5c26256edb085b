// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A checkpoint whose weights are holes in a file.
struct HollowCheckpoint {
  let folder: String
  let weightByteCount: Int

  /// Writes a model of one layer whose feed-forward makes up for the bytes that are asked for.
  init(leastByteCount: Int) throws {
    let hidden = 4096
    let intermediate = leastByteCount / (3 * 2 * hidden) + 1
    folder = try SystemFolder.makeTemporary()
    let configuration = """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 16,
       "hidden_size": \(hidden), "intermediate_size": \(intermediate), "num_hidden_layers": 1,
       "num_attention_heads": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-5,
       "max_position_embeddings": 512, "hidden_act": "silu", "torch_dtype": "bfloat16"}
      """
    let layer = "model.layers.0."
    let tensors: [(name: String, shape: [Int])] = [
      ("model.embed_tokens.weight", [16, hidden]),
      (layer + "input_layernorm.weight", [hidden]),
      (layer + "self_attn.q_proj.weight", [hidden, hidden]),
      (layer + "self_attn.k_proj.weight", [1024, hidden]),
      (layer + "self_attn.v_proj.weight", [1024, hidden]),
      (layer + "self_attn.o_proj.weight", [hidden, hidden]),
      (layer + "post_attention_layernorm.weight", [hidden]),
      (layer + "mlp.gate_proj.weight", [intermediate, hidden]),
      (layer + "mlp.up_proj.weight", [intermediate, hidden]),
      (layer + "mlp.down_proj.weight", [hidden, intermediate]),
      ("model.norm.weight", [hidden]),
      ("lm_head.weight", [16, hidden]),
    ]
    var offset = 0
    let entries = tensors.map { name, shape in
      let end = offset + 2 * shape.reduce(1, *)
      defer { offset = end }
      return #""\#(name)":{"dtype":"BF16","shape":\#(shape),"data_offsets":[\#(offset),\#(end)]}"#
    }
    weightByteCount = offset
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    let weights = URL(fileURLWithPath: folder + "/model.safetensors")
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
    try Data(length + header).write(to: weights)
    let file = try FileHandle(forWritingTo: weights)
    try file.truncate(atOffset: UInt64(8 + header.count + weightByteCount))
    try file.close()
  }
}
