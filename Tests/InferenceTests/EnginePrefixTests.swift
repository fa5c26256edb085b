// SPDX-License-Identifier: Apache-2.0

import Inference
import Models
import TestSupport
import Testing

/// The engine's prefix cache: what is computed, who sees it, and that no answer changes.
///
/// Method: requests come to an engine one after the other; each answer must be what a generator without
/// any cache gives, to the bit, and the engine must have computed as many tokens as the cache lacked.
@Suite struct EnginePrefixTests {
  private static let oracles = CheckpointOracle.all.filter { $0.name != "llama-dynamic-f32" }

  private static func engine(
    _ oracle: CheckpointOracle,
    blockCount: Int = 1000,
    prefixBlockCount: Int? = nil
  ) throws -> Engine {
    let model = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let block = model.decoder.makeCache().blockByteCount
    return try Engine(
      model,
      limits: EngineLimits(
        cacheByteCount: blockCount * block,
        prefixByteCount: prefixBlockCount.map { $0 * block },
        prefillChunk: 48
      )
    )
  }

  private static func answer(
    _ engine: Engine,
    _ request: GenerationRequest,
    owner: String = ""
  ) async throws -> Completion {
    for await event in try await engine.submit(request, owner: owner) {
      if case .ended(let outcome) = event { return try outcome.get() }
    }
    throw CancellationError()
  }

  private static func request(_ ids: [Int32], _ maxTokens: Int = 6) -> GenerationRequest {
    GenerationRequest(
      promptIDs: ids,
      maxTokens: maxTokens,
      ignoresEndOfSequence: true,
      topLogProbabilities: 2
    )
  }

  private static func same(_ one: Completion, _ other: Completion) -> Bool {
    one.ids == other.ids && one.text == other.text && one.finish == other.finish
      && one.logProbabilities == other.logProbabilities
  }

  @Test(arguments: oracles)
  func `prompts that share their beginnings are answered as alone`(
    _ oracle: CheckpointOracle
  ) async throws {
    let model = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let generator = model.makeGenerator(prefillChunk: 512)
    let engine = try Self.engine(oracle)
    let limit = Int32(min(model.decoder.architecture.vocabularySize, 200))
    let length = min(150, model.contextLength - 16)
    let start = (0..<length).map { Int32($0 * 7 + 3) % limit }
    let answer = try generator.complete([Self.request(start)], maxBatch: 1)[0].get().ids
    let half = Array(start.prefix(length / 2 + 1))
    // With how many of their tokens some prefix before them has: the same again; its continuation; a
    // branch off its answer, within a block; its beginning; a branch within it; at the very start.
    let prompts: [(ids: [Int32], held: Int)] = [
      (start, 0), (start, length - 1), (start + answer.prefix(5) + [5], length + 5),
      (start + answer.prefix(3) + [(answer[3] + 1) % limit], length + 3), (half, half.count - 1),
      (half + [(start[half.count] + 1) % limit, 1], half.count), ([start[0], 1], 1),
      (start, length - 1),
    ]
    for (ids, held) in prompts {
      let alone = try generator.complete([Self.request(ids)], maxBatch: 1)[0].get()
      let before = await engine.statistics.computedCount
      let completion = try await Self.answer(engine, Self.request(ids))
      #expect(Self.same(completion, alone))
      #expect(completion.cachedPromptCount == held)
      let computed = await engine.statistics.computedCount - before
      // Each token of the answer but the last is computed, to go on from.
      #expect(computed == ids.count - held + completion.ids.count - 1)
    }
  }

  @Test func `a repeated prompt computes one token`() async throws {
    guard let oracle = Self.oracles.first else { return }
    let engine = try Self.engine(oracle)
    for length in [2, 63, 64, 65, 100] {
      let ids = (0..<length).map { Int32($0 % 50 + length) }
      _ = try await Self.answer(engine, Self.request(ids, 1))
      let before = await engine.statistics.computedCount
      let completion = try await Self.answer(engine, Self.request(ids, 1))
      #expect(completion.cachedPromptCount == length - 1)
      #expect(await engine.statistics.computedCount == before + 1)
    }
  }

  @Test func `another owner finds nothing and is told nothing`() async throws {
    guard let oracle = Self.oracles.first else { return }
    let engine = try Self.engine(oracle)
    let ids = (0..<100).map { Int32($0 % 60 + 3) }
    let first = try await Self.answer(engine, Self.request(ids), owner: "key 1")
    let other = try await Self.answer(engine, Self.request(ids), owner: "key 2")
    #expect(other.cachedPromptCount == 0 && Self.same(first, other))
    #expect(await engine.explainPrefix(ids, owner: "key 3").reason == .nothingHeld)
    let own = await engine.explainPrefix(Array(ids.prefix(70)) + [1, 1], owner: "key 1")
    let reason = PrefixExplanation.Reason.differs(index: 70, expected: ids[70], found: 1)
    #expect(own == PrefixExplanation(hitCount: 70, reason: reason))
  }

  @Test func `a request without the cache finds nothing and leaves nothing`() async throws {
    guard let oracle = Self.oracles.first else { return }
    let engine = try Self.engine(oracle)
    var request = Self.request((0..<100).map { Int32($0 % 60 + 3) })
    request.usesPrefixCache = false
    _ = try await Self.answer(engine, request)
    #expect(await engine.statistics.prefixByteCount == 0)
    request.usesPrefixCache = true
    #expect(try await Self.answer(engine, request).cachedPromptCount == 0)
    request.usesPrefixCache = false
    #expect(try await Self.answer(engine, request).cachedPromptCount == 0)
    request.usesPrefixCache = true
    #expect(try await Self.answer(engine, request).cachedPromptCount == 99)
  }

  @Test func `the bytes stay within their bound, and none switches it off`() async throws {
    guard let oracle = Self.oracles.first else { return }
    let model = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let block = model.decoder.makeCache().blockByteCount
    let engine = try Self.engine(oracle, prefixBlockCount: 5)
    for round in 0..<8 {
      let ids = (0..<130).map { Int32($0 % 60 + round) }
      #expect(try await Self.answer(engine, Self.request(ids)).cachedPromptCount == 0)
      let bytes = await engine.statistics.prefixByteCount
      #expect(bytes > 0 && bytes <= 5 * block)
      #expect(try await Self.answer(engine, Self.request(ids)).cachedPromptCount == 129)
    }
    let off = try Self.engine(oracle, prefixBlockCount: 0)
    for _ in 0..<2 {
      let completion = try await Self.answer(off, Self.request([1, 2, 3]))
      #expect(completion.cachedPromptCount == 0)
    }
  }

  @Test func `a cancelled request leaves what it computed`() async throws {
    guard let oracle = Self.oracles.first else { return }
    let engine = try Self.engine(oracle)
    let request = Self.request((0..<70).map { Int32($0 % 60 + 3) }, 400)
    for await event in try await engine.submit(request) {
      if case .token = event { break }
    }
    while await engine.statistics.endedCount == 0 { await Task.yield() }
    #expect(try await Self.answer(engine, Self.request(request.promptIDs)).cachedPromptCount == 69)
  }
}
