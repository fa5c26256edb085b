// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import JSON
import Models
import TestSupport
import Testing

@Suite struct TensorPlanTests {
  // Method: the fixture was counted by another program, in another language, from the same files;
  // all numbers must be equal.
  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: ParameterFixture.all
  )
  func `counts equal those of the reference script`(_ fixture: ParameterFixture) throws {
    let path = try ModelFixtures.configuration(fixture.name)
    let architecture = try ModelFixtures.architecture(of: path)
    let summary = ModelSummary(architecture)
    #expect(summary.parameters.total == fixture["total"])
    #expect(summary.parameters.active == fixture["active"])
    #expect(summary.parameters.activeWithEmbedding == fixture["active_emb"])
    #expect(summary.parameters.embedding == fixture["embed"])
    #expect(summary.parameters.prediction == fixture["mtp"])
    #expect(summary.cacheByteCountPerToken == fixture["kv_bytes"])
    #expect(summary.linearOperationsPerToken == fixture["linear_flops"])
    #expect(summary.attentionOperationsPerKey == fixture["attn_flops_per_pair"])
    let plan = TensorPlan(architecture)
    let quantized =
      architecture.isBlockQuantized
      ? plan.tensors.filter(\.mayBeBlockQuantized) : []
    let scaleCount = quantized.reduce(0) { sum, tensor in
      sum + tensor.shape.map(WeightMatrix.blockCount).reduce(1, *)
    }
    let stored = plan.tensors.filter { $0.role != .head || !architecture.tiesEmbedding }
    #expect(stored.count + quantized.count == fixture["tensor_count"])
    #expect(stored.reduce(0) { $0 + $1.count } + scaleCount == fixture["stored"])
  }

  @Test func `the fixture holds every supported configuration`() {
    #expect(ParameterFixture.all.count == 23)
  }

  @Test(arguments: ModelFixtures.goodNames)
  func `counts equal what good checkpoints store`(_ name: String) throws {
    let folder = "\(ModelFixtures.checkpoints)/\(name)"
    let architecture = try ModelFixtures.architecture(of: folder + "/config.json")
    let expected = try ConfigurationFile.read(folder + "/expected/expected.json")
      .root["parameters"]
    guard let main = expected?["main_model"]?.integer else { return }
    let source = try CheckpointFolder(path: folder)
    let check = CheckpointCheck(source, architecture)
    let summary = ModelSummary(architecture, isTied: check.isTied)
    #expect(summary.parameters.total == main)
    let copies = check.plan.tensors.filter { $0.role == .duplicate }.reduce(0) { $0 + $1.count }
    #expect(summary.parameters.prediction + copies == expected?["mtp_layer"]?.integer)
  }

  @Test func `names of published V3 are planned with their shapes`() throws {
    let text = ModelFixtures.deepseekV3(["num_nextn_predict_layers": "1"])
    let tensors = try TensorPlan(ModelFixtures.architecture(parsing: text)).tensors
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    let eh = try #require(byName["model.layers.2.eh_proj.weight"])
    #expect(eh.shape == [8, 16] && !eh.mayBeBlockQuantized && eh.isPrediction)
    #expect(byName["model.layers.2.shared_head.head.weight"]?.isOptional == true)
    #expect(byName["model.layers.1.mlp.gate.e_score_correction_bias"]?.role == .selectionBias)
    let projection = try #require(byName["model.layers.0.self_attn.kv_a_proj_with_mqa.weight"])
    #expect(projection.shape == [8, 8] && projection.mayBeBlockQuantized)
    #expect(
      projection.scaleName == "model.layers.0.self_attn.kv_a_proj_with_mqa.weight_scale_inv"
    )
    #expect(byName["model.layers.0.mlp.gate.weight"] == nil)
  }
}

/// One line of `Fixtures/parameter-counts.json`.
struct ParameterFixture: Sendable, CustomTestStringConvertible {
  let name: String
  private let value: JSONValue

  var testDescription: String { name }

  subscript(_ key: String) -> Int? { value[key]?.integer }

  static let all: [ParameterFixture] = {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let path = "/\(folder)/Fixtures/parameter-counts.json"
    guard let members = try? ConfigurationFile.read(path).root.object else { return [] }
    return members.map { ParameterFixture(name: $0.key, value: $0.value) }
  }()
}
