// SPDX-License-Identifier: Apache-2.0

import Compute
import Glibc
import Inference
import Models
import TestSupport
import Testing

/// The engine's prefix cache on the disk, from one engine to the next.
///
/// Method: an engine answers and ends, or its process is killed at a random moment; another one on the
/// same folder must give what a generator without any cache gives, to the bit.
@Suite struct EnginePrefixDiskTests {
  private static let oracles = CheckpointOracle.all.filter { $0.name != "llama-dynamic-f32" }

  private static let stories = oracles.first { $0.name == "real-stories260K" }

  private static func engine(
    _ oracle: CheckpointOracle,
    _ folder: String,
    weights: String = "abc",
    computeType: ComputeType? = nil
  ) throws -> Engine {
    let model = try LoadedModel(
      path: oracle.path,
      device: TestDevices.cpu(),
      computeType: computeType
    )
    return try Engine(
      model,
      limits: EngineLimits(cacheByteCount: 1 << 28),
      prefixFolder: PrefixFolder(path: folder, byteCount: 1 << 28, weights: weights)
    )
  }

  private static func request(_ ids: [Int32], _ maxTokens: Int = 6) -> GenerationRequest {
    GenerationRequest(
      promptIDs: ids,
      maxTokens: maxTokens,
      ignoresEndOfSequence: true,
      topLogProbabilities: 2
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

  private static func same(_ one: Completion, _ other: Completion) -> Bool {
    one.ids == other.ids && one.text == other.text
      && one.logProbabilities == other.logProbabilities
  }

  @Test(arguments: oracles)
  func `after a restart a repeated prompt computes one token`(
    _ oracle: CheckpointOracle
  ) async throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let first = try Self.engine(oracle, folder)
    let cold = try await Self.answer(first, Self.request(Self.hundred))
    await first.stop()
    let second = try Self.engine(oracle, folder)
    let warm = try await Self.answer(second, Self.request(Self.hundred))
    #expect(Self.same(cold, warm) && warm.cachedPromptCount == 99)
    // One of the prompt, and all of the answer but the last.
    #expect(await second.statistics.computedCount == cold.ids.count)
    let other = try await Self.answer(second, Self.request(Self.hundred), owner: "other")
    #expect(other.cachedPromptCount == 0)
    await second.stop()
  }

  @Test(arguments: oracles)
  func `what computes a shorter prompt anew does not stand for a longer one on the disk`(
    _ oracle: CheckpointOracle
  ) async throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let first = try Self.engine(oracle, folder)
    let cold = try await Self.answer(first, Self.request(Self.hundred))
    await first.stop()
    let second = try Self.engine(oracle, folder)
    // Its own blocks, the second one filled by a quarter, begin as those on the disk do.
    var scored = Self.request(Array(Self.hundred.prefix(80)), 1)
    scored.promptLogProbabilities = 1
    #expect(try await Self.answer(second, scored).cachedPromptCount == 0)
    let warm = try await Self.answer(second, Self.request(Self.hundred))
    #expect(Self.same(cold, warm) && warm.cachedPromptCount == 99)
    await second.stop()
  }

  private static let hundred = (0..<100).map { Int32($0 % 60 + 3) }

  @Test(arguments: oracles.prefix(3))
  func `another process finds what one has left`(_ oracle: CheckpointOracle) async throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    await #expect(processExitsWith: .success) {
      [folder = folder as String, name = oracle.name as String, path = oracle.path as String] in
      let engine = try Self.engine(CheckpointOracle(name: name, path: path), folder)
      _ = try await Self.answer(engine, Self.request(Self.hundred))
      await engine.stop()
    }
    let engine = try Self.engine(oracle, folder)
    let completion = try await Self.answer(engine, Self.request(Self.hundred))
    #expect(completion.cachedPromptCount == 99)
    await engine.stop()
  }

  @Test func `other weights and another compute type find nothing`() async throws {
    guard let oracle = Self.oracles.first else { return }
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let places = [("abc", ComputeType.f32), ("abd", .f32), ("abc", .bf16)]
    for held in [0, 99] {
      for (weights, type) in places {
        let engine = try Self.engine(oracle, folder, weights: weights, computeType: type)
        let completion = try await Self.answer(engine, Self.request(Self.hundred))
        #expect(completion.cachedPromptCount == held, "\(weights), \(type)")
        await engine.stop()
      }
    }
  }

  /// Seconds to the first token.
  private static func firstSeconds(_ engine: Engine, _ ids: [Int32]) async throws -> Double {
    try await answer(engine, request(ids, 1)).prefillSeconds
  }

  // Without optimization the arithmetic takes as long as ever, and lists take longer.
  #if !DEBUG
  /// The least of some times: others use the machine too.
  @Test func `a repeated prompt of 4,000 tokens begins at once, also after a restart`() async throws
  {
    let path = try #require(EmbeddedFile.path(ofFolder: "nano"))
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let oracle = CheckpointOracle(name: "nano", path: path)
    let ids = (0..<4000).map { (place: Int) in Int32(place * 31 % 2000 + 3) }
    var engine = try Self.engine(oracle, folder)
    let cold = try await Self.firstSeconds(engine, ids)
    var (memory, disk) = (cold, cold)
    for _ in 0..<8 where memory > 0.01 * cold {
      memory = min(memory, try await Self.firstSeconds(engine, ids))
    }
    await engine.stop()
    for _ in 0..<8 where disk > 0.03 * cold {
      engine = try Self.engine(oracle, folder)
      disk = min(disk, try await Self.firstSeconds(engine, ids))
      await engine.stop()
    }
    #expect(memory <= 0.01 * cold && disk <= 0.03 * cold, "\(cold), \(memory), \(disk)")
  }
  #endif

  /// Some prompts that begin alike.
  private static func prompts() -> [[Int32]] {
    (0..<24).map { (index: Int) -> [Int32] in
      let step = index % 3 + 1
      let ids = (0..<(90 + index * 5)).map { (place: Int) in Int32(place / step % 60 + 3) }
      return ids + [Int32(index + 3)]
    }
  }

  /// Answers all prompts at once; one whose answer has ended has the process killed, in the midst of
  /// what is written of it and of others.
  private static func answerUntilKilled(_ folder: String, _ seed: Int) async throws {
    guard let oracle = stories else { return }
    let engine = try engine(oracle, folder)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, ids) in prompts().enumerated() {
        group.addTask {
          _ = try await answer(engine, request(ids, index % 12 + 1))
          if index == seed * 4 + 1 { kill(getpid(), SIGKILL) }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test(arguments: 0..<6)
  func `a process that is killed under load leaves nothing wrong`(_ seed: Int) async throws {
    guard let oracle = Self.stories else { return }
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [folder = folder as String, seed = seed as Int] in
      try await Self.answerUntilKilled(folder, seed)
    }
    let model = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let generator = model.makeGenerator(prefillChunk: 512)
    let engine = try Self.engine(oracle, folder)
    for ids in Self.prompts() {
      let alone = try generator.complete([Self.request(ids)], maxBatch: 1)[0].get()
      let completion = try await Self.answer(engine, Self.request(ids))
      #expect(Self.same(completion, alone))
    }
    await engine.stop()
  }
}
