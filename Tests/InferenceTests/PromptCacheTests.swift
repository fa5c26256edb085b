// SPDX-License-Identifier: Apache-2.0

import Compute
import Inference
import Models
import TestSupport
import Testing

/// Prompts that share their beginnings, with a kept cache and each alone: equal to the bit.
@Suite struct PromptCacheTests {
  @Test(arguments: CheckpointOracle.all.filter { $0.name != "llama-dynamic-f32" })
  func `a kept cache changes no token and no log-probability`(_ oracle: CheckpointOracle) throws {
    let model = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let generator = model.makeGenerator(prefillChunk: 24)
    let cache = generator.makePromptCache()
    let start = try #require(try oracle.prompts().map(\.ids).max { $0.count < $1.count })
    var request = GenerationRequest(promptIDs: start, maxTokens: 9)
    request.ignoresEndOfSequence = true
    request.topLogProbabilities = 2
    let answer = try generator.complete([request], maxBatch: 1)[0].get().ids
    let half = Array(start.prefix(start.count / 2 + 1))
    // The same again, its continuation, a branch off it, a prefix of it, something else.
    let prompts: [[Int32]] = [
      start, start, start + answer + [5, 6], start + answer.prefix(3) + [7], half, half + [9],
      [3], start,
    ]
    var held: [Int32] = []
    for prompt in prompts where prompt.count + 9 < model.contextLength {
      request.promptIDs = prompt
      let alone = try generator.complete([request], maxBatch: 1)[0].get()
      let kept = try generator.complete(request, cache: cache).get()
      #expect(kept.ids == alone.ids)
      #expect(kept.logProbabilities == alone.logProbabilities)
      let shared = zip(held, prompt.dropLast()).prefix { $0 == $1 }.count
      #expect(kept.cachedPromptCount == shared)
      held = prompt + kept.ids.dropLast()
      #expect(cache.ids == held)
    }
  }

  @Test func `a request that fails leaves nothing wrong behind`() throws {
    guard let oracle = CheckpointOracle.all.first else { return }
    let model = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let generator = model.makeGenerator(prefillChunk: 64)
    let cache = generator.makePromptCache()
    let good = GenerationRequest(promptIDs: [1, 2, 3], maxTokens: 2)
    let before = try generator.complete(good, cache: cache).get().ids
    let size = Int32(model.decoder.architecture.vocabularySize)
    let bad = GenerationRequest(promptIDs: [1, 2, size], maxTokens: 2)
    #expect(throws: ModelError.self) { try generator.complete(bad, cache: cache).get() }
    #expect(try generator.complete(good, cache: cache).get().ids == before)
  }

  @Test func `an answer that is stopped can be gone on from`() throws {
    guard let oracle = CheckpointOracle.all.first else { return }
    let model = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let generator = model.makeGenerator(prefillChunk: 64)
    let cache = generator.makePromptCache()
    var request = GenerationRequest(promptIDs: [1, 2, 3], maxTokens: 8)
    request.ignoresEndOfSequence = true
    let whole = try generator.complete(request, cache: cache).get().ids
    var steps = 0
    let stopped = try generator.complete(
      request,
      cache: cache,
      events: Generator.Events(isCancelled: {
        steps += 1
        return steps > 3
      })
    ).get()
    #expect(stopped.finish == .cancelled)
    #expect(stopped.ids == Array(whole.prefix(3)))
    request.promptIDs += stopped.ids
    request.maxTokens = 5
    #expect(try generator.complete(request, cache: cache).get().ids == Array(whole.dropFirst(3)))
  }
}
