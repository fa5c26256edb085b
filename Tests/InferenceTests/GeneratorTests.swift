// SPDX-License-Identifier: Apache-2.0

import Compute
import Inference
import Models
import TestSupport
import Testing

/// The generator against the reference's greedy tokens and against itself under other schedules.
@Suite struct GeneratorTests {
  private func model(_ name: String, _ computeType: ComputeType? = nil) throws -> LoadedModel {
    let oracle = try #require(CheckpointOracle.all.first { $0.name == name })
    return try LoadedModel(path: oracle.path, device: TestDevices.cpu(), computeType: computeType)
  }

  private func completions(
    _ model: LoadedModel,
    _ requests: [GenerationRequest],
    maxBatch: Int,
    chunk: Int
  ) throws -> [Completion] {
    try model.makeGenerator(prefillChunk: chunk).complete(requests, maxBatch: maxBatch)
      .map { try $0.get() }
  }

  private func requests(
    _ oracle: CheckpointOracle,
    _ sampling: SamplingParameters = SamplingParameters()
  ) throws -> [GenerationRequest] {
    try oracle.prompts().map {
      GenerationRequest(
        promptIDs: $0.ids,
        maxTokens: $0.greedy.count,
        sampling: sampling,
        ignoresEndOfSequence: true,
        topLogProbabilities: 3
      )
    }
  }

  @Test(arguments: CheckpointOracle.all.filter { $0.name != "llama-dynamic-f32" })
  func `a batch of all prompts gives the reference's tokens`(_ oracle: CheckpointOracle) throws {
    let model = try model(oracle.name, .f32)
    let got = try completions(model, requests(oracle), maxBatch: 8, chunk: 50)
    #expect(got.map(\.ids) == (try oracle.prompts().map(\.greedy)))
  }

  @Test(arguments: ["llama-gqa-tied-bf16", "deepseek-v3-fp8", "qwen3-moe-bf16"])
  func `batch and chunk sizes change no token and no log-probability`(_ name: String) throws {
    guard let oracle = CheckpointOracle.all.first(where: { $0.name == name }) else { return }
    let model = try model(name)
    let sampling = SamplingParameters(temperature: 1, topP: 0.95, seed: 11)
    let requests = try requests(oracle, sampling)
    let alone = try completions(model, requests, maxBatch: 1, chunk: 512)
    for (maxBatch, chunk) in [(2, 7), (5, 64), (8, 1)] {
      let got = try completions(model, requests, maxBatch: maxBatch, chunk: chunk)
      #expect(got.map(\.ids) == alone.map(\.ids), "batch \(maxBatch), chunk \(chunk)")
      #expect(got.map(\.logProbabilities) == alone.map(\.logProbabilities))
    }
  }

  @Test func `the scorer gives the sampler's log-probabilities to the bit`() throws {
    for name in ["llama-mqa-f16", "deepseek-v3-mtp-bf16"] {
      guard let oracle = CheckpointOracle.all.first(where: { $0.name == name }) else { continue }
      let model = try model(name)
      for request in try requests(oracle, SamplingParameters(temperature: 0.8, seed: 3)) {
        let completion = try completions(model, [request], maxBatch: 1, chunk: 20)[0]
        let score = try Scorer(decoder: model.decoder, chunk: 33)
          .score(request.promptIDs + completion.ids)
        let sampled = completion.logProbabilities.map(\.chosen.logProbability)
        #expect(score.logProbabilities.suffix(sampled.count) == sampled[...])
      }
    }
  }

  @Test func `an end-of-sequence token ends a completion unless it is ignored`() throws {
    guard let oracle = CheckpointOracle.all.first(where: { $0.name == "llama-mha-f32" }) else {
      return
    }
    let model = try model(oracle.name)
    let prompt = try #require(try oracle.prompts().first)
    let end = prompt.greedy[3]
    let place = try #require(prompt.greedy.firstIndex(of: end))
    let generator = Generator(
      decoder: model.decoder,
      tokenizer: nil,
      endIDs: [end],
      contextLength: model.contextLength,
      prefillChunk: 64
    )
    var request = GenerationRequest(promptIDs: prompt.ids, maxTokens: 20)
    let stopped = try generator.complete([request], maxBatch: 1)[0].get()
    #expect(stopped.finish == .stop)
    #expect(stopped.ids == Array(prompt.greedy.prefix(place + 1)))
    request.ignoresEndOfSequence = true
    let whole = try generator.complete([request], maxBatch: 1)[0].get()
    #expect(whole.finish == .length)
    #expect(whole.ids == Array(prompt.greedy.prefix(20)))
  }

  @Test func `a bad request fails alone`() throws {
    guard let oracle = CheckpointOracle.all.first(where: { $0.name == "llama-mha-f32" }) else {
      return
    }
    let model = try model(oracle.name)
    let size = Int32(model.decoder.architecture.vocabularySize)
    let long = [Int32](repeating: 1, count: model.contextLength + 1)
    let outcomes = model.makeGenerator(prefillChunk: 64).complete(
      [
        GenerationRequest(promptIDs: [size], maxTokens: 2),
        GenerationRequest(promptIDs: [1, 2], maxTokens: 2),
        GenerationRequest(promptIDs: long, maxTokens: 2),
        GenerationRequest(promptIDs: [-1], maxTokens: 2),
      ],
      maxBatch: 4
    )
    #expect(throws: ModelError.self) { try outcomes[0].get() }
    #expect(try outcomes[1].get().ids.count == 2)
    #expect(throws: ModelError.self) { try outcomes[2].get() }
    #expect(throws: ModelError.self) { try outcomes[3].get() }
  }

  @Test func `a completion ends where the context ends`() throws {
    guard let oracle = CheckpointOracle.all.first(where: { $0.name == "llama-dynamic-f32" }) else {
      return
    }
    let model = try model(oracle.name)
    let prompt = [Int32](repeating: 3, count: model.contextLength - 4)
    let completion = try completions(
      model,
      [GenerationRequest(promptIDs: prompt, maxTokens: 100, ignoresEndOfSequence: true)],
      maxBatch: 1,
      chunk: 16
    )[0]
    #expect(completion.ids.count == 4)
    #expect(completion.finish == .length)
  }
}
