// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A checkpoint whose weights are holes in a file.
struct HollowCheckpoint {
  let folder: String
  let weightByteCount: Int

  /// Writes a model whose feed-forwards make up for the bytes that are asked for.
  init(leastByteCount: Int, layerCount: Int = 1) throws {
    let hidden = layerCount == 1 ? 4096 : 512
    let intermediate = leastByteCount / (3 * 2 * hidden * layerCount) + 1
    folder = try SystemFolder.makeTemporary()
    let configuration = """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 16,
       "hidden_size": \(hidden), "intermediate_size": \(intermediate), "num_hidden_layers": \(layerCount),
       "num_attention_heads": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-5,
       "max_position_embeddings": 512, "hidden_act": "silu", "torch_dtype": "bfloat16"}
      """
    var tensors: [(name: String, shape: [Int])] = [
      ("model.embed_tokens.weight", [16, hidden]), ("model.norm.weight", [hidden]),
      ("lm_head.weight", [16, hidden]),
    ]
    for layer in 0..<layerCount {
      tensors += [
        ("input_layernorm", [hidden]), ("post_attention_layernorm", [hidden]),
        ("self_attn.q_proj", [hidden, hidden]), ("self_attn.k_proj", [hidden / 4, hidden]),
        ("self_attn.v_proj", [hidden / 4, hidden]), ("self_attn.o_proj", [hidden, hidden]),
        ("mlp.gate_proj", [intermediate, hidden]), ("mlp.up_proj", [intermediate, hidden]),
        ("mlp.down_proj", [hidden, intermediate]),
      ].map { ("model.layers.\(layer).\($0.0).weight", $0.1) }
    }
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
