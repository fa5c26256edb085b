// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import TestSupport
import Testing

@Suite struct FamilyTests {
  private func mixture(_ architecture: Architecture, _ layer: Int) throws -> MixturePlan {
    guard case .mixture(let plan) = architecture.layers[layer].feedForward else {
      throw TestFailure()
    }
    return plan
  }

  private func latent(_ architecture: Architecture) throws -> LatentPlan {
    guard case .latent(let plan) = architecture.layers[0].attention else { throw TestFailure() }
    return plan
  }

  private func grouped(_ architecture: Architecture) throws -> GroupedQueryPlan {
    guard case .groupedQuery(let plan) = architecture.layers[0].attention else {
      throw TestFailure()
    }
    return plan
  }

  private struct TestFailure: Error {}

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `DeepSeek-V3 is read as published`() throws {
    let v3 = try ModelFixtures.architecture(of: ModelFixtures.configuration("deepseek-v3"))
    #expect(v3.name == "DeepseekV3ForCausalLM")
    #expect(v3.layers.count == 61 && v3.predictionLayers.count == 1)
    #expect(v3.isBlockQuantized && !v3.tiesEmbedding && v3.contextLength == 163_840)
    #expect(v3.endOfSequenceIDs == [1] && v3.beginningOfSequenceID == 0)
    #expect(v3.layers[2].feedForward == .dense(intermediateSize: 18432, hasBias: false))
    let plan = try mixture(v3, 3)
    let rule = RoutingRule(
      scoring: .sigmoid,
      expertCount: 256,
      chosenCount: 8,
      groupCount: 8,
      keptGroupCount: 4,
      groupScore: .bestTwo,
      normalizes: true,
      normalizationEpsilon: 1e-20,
      scale: 2.5
    )
    #expect(plan.rule == rule)
    #expect(plan.hasSelectionBias && plan.sharedIntermediateSize == 2048)
    let attention = try latent(v3)
    #expect(attention.queryRank == 1536 && attention.shape.latentRank == 512)
    // 192^-1/2 · m², from the reference's table.
    #expect(attention.scale == Float(0.1352337788608801))
    #expect(v3.rotary.layout == .interleaved && v3.rotary.factor == 1)
    #expect(v3.predictionLayers[0] == v3.layers[60])
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `V2 and V2-Lite differ in queries, groups and scale`() throws {
    let v2 = try ModelFixtures.architecture(of: ModelFixtures.configuration("deepseek-v2"))
    let lite = try ModelFixtures.architecture(of: ModelFixtures.configuration("deepseek-v2-lite"))
    let rule = try mixture(v2, 1).rule
    #expect(rule.scoring == .softmax && rule.groupScore == .best && !rule.normalizes)
    #expect(rule.groupCount == 8 && rule.keptGroupCount == 3 && rule.scale == 16)
    #expect(try latent(v2).queryRank == 1536)
    #expect(try mixture(lite, 1).rule.groupCount == 1)
    #expect(try latent(lite).queryRank == nil)
    #expect(try latent(lite).scale == Float(0.1147213867929261))
    #expect(v2.layers[0].feedForward == .dense(intermediateSize: 12288, hasBias: false))
  }

  @Test func `V2 normalizes or scales, V3 does both`() throws {
    let both = [
      "norm_topk_prob": "true", "routed_scaling_factor": "16",
    ]
    let v3 = try ModelFixtures.architecture(parsing: ModelFixtures.deepseekV3(both))
    #expect(try mixture(v3, 1).rule.normalizes)
    #expect(try mixture(v3, 1).rule.scale == 16)
    let text = ModelFixtures.deepseekV3(
      both.merging(["model_type": "\"deepseek_v2\""]) { $1 }
    )
    let v2 = try ModelFixtures.architecture(parsing: text)
    #expect(try mixture(v2, 1).rule.normalizes)
    #expect(try mixture(v2, 1).rule.scale == 1)
    #expect(try mixture(v2, 1).rule.groupCount == 1)
  }

  @Test func `latent attention never reads head_dim`() throws {
    let read = try latent(ModelFixtures.architecture(parsing: ModelFixtures.deepseekV3()))
    #expect(read.shape.rotaryDimension == 4 && read.shape.noPositionDimension == 4)
  }

  @Test func `a query rank of 0 means none`() throws {
    for value in ["0", "null"] {
      let text = ModelFixtures.deepseekV3(["q_lora_rank": value])
      #expect(try latent(ModelFixtures.architecture(parsing: text)).queryRank == nil)
    }
  }

  @Test func `rope_interleave false is honored`() throws {
    let text = ModelFixtures.deepseekV3(["rope_interleave": "false"])
    #expect(try ModelFixtures.architecture(parsing: text).rotary.layout == .halfSplit)
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `Qwen's families have their biases, norms and epsilons`() throws {
    let qwen2 = try ModelFixtures.architecture(of: ModelFixtures.configuration("qwen2.5-0.5b"))
    let second = try grouped(qwen2)
    #expect(second.hasQueryKeyValueBias && !second.hasOutputBias && qwen2.tiesEmbedding)
    let qwen3 = try ModelFixtures.architecture(of: ModelFixtures.configuration("qwen3-0.6b"))
    let third = try grouped(qwen3)
    #expect(third.normalizesQueriesAndKeys && !third.hasQueryKeyValueBias)
    #expect(third.headDimension == 128 && third.headCount * 128 != qwen3.hiddenSize)
    let mixed = try ModelFixtures.architecture(of: ModelFixtures.configuration("qwen3-30b-a3b"))
    let rule = try mixture(mixed, 0).rule
    #expect(rule.normalizes && rule.normalizationEpsilon == 0 && rule.scale == 1)
    #expect(try mixture(mixed, 0).sharedIntermediateSize == 0)
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `dense layers of Qwen3-MoE are where the fields say`() throws {
    let listed = try ModelFixtures.architecture(
      of: ModelFixtures.checkpoints + "/qwen3-moe-bf16/config.json"
    )
    #expect(listed.layers[0].feedForward == .dense(intermediateSize: 152, hasBias: false))
    #expect(try mixture(listed, 1).rule.expertCount == 10)
    let stepped = try ModelFixtures.architecture(
      of: ModelFixtures.checkpoints + "/qwen3-moe-nonorm-f32/config.json"
    )
    #expect(stepped.layers[0].feedForward == .dense(intermediateSize: 96, hasBias: false))
    #expect(try !mixture(stepped, 1).rule.normalizes)
  }

  @Test func `a MoE that transformers 5 wrote is read by its new names`() throws {
    let text = ModelFixtures.llama([
      "model_type": "\"qwen3_moe\"", "num_local_experts": "4", "num_experts_per_tok": "2",
      "moe_intermediate_size": "4",
      "rope_parameters": #"{"rope_theta": 500, "rope_type": "default"}"#,
    ])
    let read = try ModelFixtures.architecture(parsing: text)
    #expect(try mixture(read, 0).rule.expertCount == 4)
    #expect(abs(read.rotary.inverseFrequencies[1] - 0.044721359549995794) < 1e-15)
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `V1 takes the softmax as it is, or normalized`() throws {
    let v1 = try ModelFixtures.architecture(of: ModelFixtures.configuration("deepseek-moe-16b"))
    let plan = try mixture(v1, 1)
    #expect(plan.rule.scoring == .softmax && !plan.rule.normalizes && plan.rule.scale == 1)
    #expect(plan.sharedIntermediateSize == 2816 && !plan.hasSelectionBias)
    let normed = try ModelFixtures.architecture(
      of: ModelFixtures.checkpoints + "/deepseek-v1-moe-norm-f32/config.json"
    )
    #expect(try mixture(normed, 0).rule.normalizes)
    #expect(try mixture(normed, 0).rule.normalizationEpsilon == 1e-20)
  }
}
