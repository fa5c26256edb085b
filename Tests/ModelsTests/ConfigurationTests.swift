// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import Models
import TestSupport
import Testing

@Suite struct ConfigurationTests {
  // Method: each configuration of the oracles has one fault, made by hand; the kind of error must
  // be the one that its maker names. Files that are no JSON are tested with the folders.
  @Test(
    arguments: HostileCase.all("g").filter {
      !$0.code.hasPrefix("config") && $0.code != "missingTensor"
    }
  )
  func `a broken configuration is refused for the right reason`(_ hostile: HostileCase) throws {
    let error = try #require(
      #expect(throws: ModelError.self) {
        try ModelFixtures.architecture(of: hostile.folder + "/config.json")
      }
    )
    #expect(HostileCase.code(of: error.reason) == hostile.code)
    #expect(error.exitCode == .badData)
    #expect(error.description.contains("config.json, field \(error.field ?? "?")"))
    #expect(!error.what.isEmpty && error.remedy != nil)
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `all broken configurations of the oracles are tested`() {
    #expect(HostileCase.all("g").count == 28)
  }

  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: zip(
      ["deepseek-v3.2", "deepseek-v4-flash", "deepseek-v4-pro", "gpt2"],
      [
        "DeepseekV32ForCausalLM", "DeepseekV4ForCausalLM", "DeepseekV4ForCausalLM",
        "GPT2LMHeadModel",
      ]
    )
  )
  func `an architecture that is not supported is named`(_ name: String, _ kind: String) throws {
    let error = try #require(
      #expect(throws: ModelError.self) {
        try ModelFixtures.architecture(of: ModelFixtures.configuration(name))
      }
    )
    #expect(
      error.description
        == "architecture '\(kind)' is not supported (config.json, field architectures)"
    )
    #expect(error.remedy?.contains("DeepseekV3") == true)
    #expect(error.exitCode.rawValue == 65)
  }

  @Test func `another head on a known body is not supported`() throws {
    let text = ModelFixtures.llama(["architectures": #"["LlamaForSequenceClassification"]"#])
    let error = try #require(
      #expect(throws: ModelError.self) { try ModelFixtures.architecture(parsing: text) }
    )
    #expect(error.reason == .unknownModelType("LlamaForSequenceClassification"))
  }

  @Test func `a file without a model type is read by its architecture`() throws {
    let text = ModelFixtures.llama([
      "model_type": "null", "architectures": #"["LlamaForCausalLM"]"#,
    ])
    #expect(try ModelFixtures.architecture(parsing: text).modelType == "llama")
  }

  @Test(
    arguments: zip(
      [
        ["use_sliding_window": "true"], ["hidden_act": "\"gelu\""], ["rope_theta": "1"],
        ["rope_scaling": #"{"type": "linear", "factor": 0.5}"#],
        ["rope_scaling": #"{"factor": 2.0}"#], ["rope_scaling": "7"],
        ["quantization_config": #"{"quant_method": "fp8"}"#],
        ["tie_word_embeddings": "1"], ["hidden_size": "16777216", "num_attention_heads": "1"],
        ["vocab_size": "16777217"], ["num_hidden_layers": "4097"],
        [
          "num_hidden_layers": "4096", "intermediate_size": "16777216", "hidden_size": "16777216",
          "head_dim": "2",
        ],
        ["eos_token_id": "\"x\""], ["partial_rotary_factor": "0.5"], ["rms_norm_eps": "0"],
      ],
      [
        "unsupportedOption", "unsupportedActivation", "badNumber", "badNumber", "unsupportedRope",
        "badValue", "unsupportedQuantization", "badValue", "tooLarge", "badNumber", "badNumber",
        "tooLarge", "badValue", "unsupportedOption", "badNumber",
      ]
    )
  )
  func `what no oracle asks for is refused too`(
    _ changes: [String: String],
    _ code: String
  ) throws {
    let error = try #require(
      #expect(throws: ModelError.self) {
        try ModelFixtures.architecture(parsing: ModelFixtures.llama(changes))
      }
    )
    #expect(HostileCase.code(of: error.reason) == code)
  }

  @Test func `a field that comes twice is refused`() throws {
    let error = try #require(
      #expect(throws: ModelError.self) {
        try ModelFixtures.architecture(parsing: #"{"hidden_size": 8, "hidden_size": 16}"#)
      }
    )
    #expect(error.field == "hidden_size")
  }

  @Test(arguments: HostileCase.all("v"))
  func `odd but valid configurations are read`(_ hostile: HostileCase) throws {
    let architecture = try ModelFixtures.architecture(of: hostile.folder + "/config.json")
    #expect(architecture.hiddenSize == 8)
  }

  @Test func `the rows of an error's table are said as the house style says`() throws {
    let text = ModelFixtures.deepseekV3(["topk_group": "9"])
    let error = try #require(
      #expect(throws: ModelError.self) { try ModelFixtures.architecture(parsing: text) }
    )
    #expect(
      error.description
        == "'topk_group' is 9, but must be 1…2, the value of 'n_group' (config.json, field topk_group)"
    )
    let shape = ModelError(
      .shapeMismatch(found: [64, 2048], expected: [256, 7168]),
      file: "model-00002.safetensors",
      tensor: "model.layers.3.mlp.gate.weight"
    )
    #expect(
      shape.what
        == "tensor 'model.layers.3.mlp.gate.weight' has shape [64, 2048], "
        + "the configuration implies [256, 7168]"
    )
  }
}
