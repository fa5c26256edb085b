// SPDX-License-Identifier: Apache-2.0

import Inference
import Models
import TestSupport
import Testing

/// What an engine says that a prompt's tokens are worth, against the scorer: equal to the bit.
@Suite struct PromptScoreTests {
  @Test(arguments: CheckpointOracle.all.filter { $0.name != "llama-dynamic-f32" })
  func `a prompt's tokens are worth what the scorer says`(_ oracle: CheckpointOracle) async throws {
    let model = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let scorer = Scorer(decoder: model.decoder, chunk: 7)
    let longest = try #require(try oracle.prompts().map(\.ids).max { $0.count < $1.count })
    let prompts = [longest, Array(longest.prefix(2)), Array(longest.prefix(1))]
    let expected = try prompts.map { try scorer.score($0).logProbabilities }
    let bytes = 64 * model.decoder.makeCache().blockByteCount
    let engine = try Engine(
      model,
      limits: EngineLimits(sequenceCount: 4, cacheByteCount: bytes, prefillChunk: 5)
    )
    for (ids, expected) in zip(prompts, expected) {
      var request = GenerationRequest(promptIDs: ids, maxTokens: 1)
      request.promptLogProbabilities = 1
      var heard: [Completion.LogProbabilities]?
      var completion: Completion?
      for await event in try await engine.submit(request) {
        if case .scored(let entries) = event { heard = entries }
        if case .ended(let outcome) = event { completion = try outcome.get() }
      }
      let entries = try #require(completion).promptLogProbabilities
      #expect(heard == entries)
      #expect(entries.map(\.chosen.logProbability) == expected)
      #expect(entries.map(\.chosen.id) == Array(ids.dropFirst()))
      #expect(entries.allSatisfy { $0.top[0].logProbability >= $0.chosen.logProbability })
    }
  }
}
