// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import JSON
import Models
import Planning
import Testing

/// Counts by kinds of layers.
///
/// Method: they are held to those of `ModelSummary`, which adds up every tensor of a checkpoint, for
/// all models that Hadal runs; for the others to counts that were published or written out by
/// reference/count_parameters.py.
@Suite struct PlannedModelTests {
  @Test(arguments: KnownModels.catalog.names)
  func `counts equal those of all tensors`(_ name: String) throws {
    let configuration = try KnownModels.catalog.configuration(name)
    guard let architecture = try? Architecture(configuration: configuration) else { return }
    let model = try KnownModels.catalog.model(name)
    let summary = ModelSummary(architecture)
    #expect(model.parameterCount == summary.parameters.total)
    #expect(model.activeCount == summary.parameters.active)
    #expect(model.predictionCount == summary.parameters.prediction)
    #expect(model.embeddingCount == summary.parameters.embedding)
    #expect(2 * model.metCount == summary.linearOperationsPerToken)
    #expect(model.cacheByteCount() == Double(summary.cacheByteCountPerToken))
    // Keys that a query meets in the mean are half of the sequence.
    let attention = model.attentionOperations(sequenceLength: 4096, isCausal: true)
    #expect(attention == Double(summary.attentionOperationsPerKey) * 2048)
  }

  @Test func `most known models are read as Hadal runs them`() throws {
    let read = KnownModels.catalog.names.filter { name in
      (try? Architecture(configuration: KnownModels.catalog.configuration(name))) != nil
    }
    #expect(read.count >= 25)
  }

  // The hub's counts of safetensors; V3.2's of count_parameters.py (architectures.md, section 12).
  @Test(arguments: [
    ("gpt2", 124_439_808), ("llama-3.1-8b", 8_030_261_248), ("llama-3.1-70b", 70_553_706_496),
    ("llama-2-7b", 6_738_415_616), ("qwen2.5-0.5b", 494_032_768),
    ("deepseek-r1-distill-qwen-32b", 32_763_876_352), ("deepseek-v3.2", 671_877_944_064),
  ])
  func `parameters are the published ones, to the last`(_ name: String, _ count: Int) throws {
    #expect(try KnownModels.catalog.model(name).parameterCount == count)
  }

  @Test func `an indexer's choice and a window bound the keys of a query`() throws {
    let v3 = try KnownModels.catalog.model("deepseek-v3")
    let indexed = try KnownModels.catalog.model("deepseek-v3.2")
    // Up to 2,048 positions every key is chosen; only the indexer's own scores come on top.
    let scores = 61.0 * 2 * 64 * 128 * 512
    let near = indexed.attentionOperations(sequenceLength: 1024, isCausal: true)
    #expect(near == v3.attentionOperations(sequenceLength: 1024, isCausal: true) + scores)
    let far = indexed.attentionOperations(sequenceLength: 131_072, isCausal: true)
    #expect(far < v3.attentionOperations(sequenceLength: 131_072, isCausal: true) / 3)
    let olmo = try KnownModels.catalog.model("olmo-3-7b")
    let windows = olmo.groups.map { ($0.count, $0.layer.keyLimit) }
    #expect(windows.map(\.0) == [24, 8] && windows.map(\.1) == [4096, nil])
    let layer = try #require(olmo.groups.first).layer
    // 4,096 of 8,192 positions see all before them, 2,048 in the mean, the others 4,096.
    #expect(layer.meanKeyCount(sequenceLength: 8192, isCausal: true) == 3072)
    #expect(layer.meanKeyCount(sequenceLength: 8192, isCausal: false) == 4096)
  }

  @Test(arguments: ["deepseek-v4-flash", "deepseek-v4-pro"])
  func `what is not known of a model is named, and nothing is guessed`(_ name: String) throws {
    let error = #expect(throws: PlanError.self) { try KnownModels.catalog.model(name) }
    #expect(error?.exitCode == .badData)
    #expect(error?.what.contains("compress_ratios") == true)
    #expect(error?.place == "configs/\(name).json")
  }

  @Test func `an unknown name suggests the nearest`() {
    let error = #expect(throws: PlanError.self) { try KnownModels.catalog.model("deepsek-v3") }
    #expect(error?.remedy == "'deepseek-v3'")
    #expect(error?.exitCode == .noInput)
  }

  @Test(arguments: [
    (#"{"model_type": "gpt2", "n_layer": 0, "n_embd": 8, "n_head": 2}"#, "n_layer"),
    (#"{"model_type": "bloom", "n_layer": 2}"#, "n_embed"),
    (#"{"model_type": "mamba"}"#, "model_type"),
  ])
  func `a broken configuration names its field`(_ text: String, _ field: String) throws {
    let root = try JSONDocument(Array(text.utf8)).root
    let error = #expect(throws: PlanError.self) {
      try PlannedModel(configuration: root, name: "x", file: "x.json")
    }
    #expect(
      error?.description.contains("x.json, field \(field)") == true,
      "\(String(describing: error))"
    )
    #expect(error?.exitCode == .badData)
  }
}
