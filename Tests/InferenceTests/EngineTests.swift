// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Inference
import Models
import Synchronization
import TestSupport
import Testing

/// The engine under load, against each request alone.
///
/// Method: a thousand requests of mixed lengths are answered alone by a generator. Then they come to an
/// engine at random moments, many at a time, with little memory, some cancelled and some passes failing;
/// a third of them begin like others. Every answer must be the same: ids, text, log-probabilities.
@Suite struct EngineTests {
  // Without optimization the same takes ten times as long, and shows the same.
  #if DEBUG
  private static let count = 150
  #else
  private static let count = 1000
  #endif

  private static let stories = CheckpointOracle.all.first { $0.name == "real-stories260K" }

  private static func model(_ oracle: CheckpointOracle) throws -> LoadedModel {
    try LoadedModel(path: oracle.path, device: TestDevices.cpu())
  }

  private static func requests(
    _ count: Int,
    vocabulary: Int32,
    seed: UInt64
  ) -> [GenerationRequest] {
    var generator = SplitMix64(seed: seed)
    var prompts: [[Int32]] = []
    return (0..<count).map { index in
      let length = index % 50 == 0 ? 300 : Int.random(in: 1...40, using: &generator)
      var ids = (0..<length).map { _ in Int32.random(in: 3..<vocabulary, using: &generator) }
      // The owner's prompt of a moment ago, as it was or with an end of its own.
      if index % 3 == 0, index >= 20 {
        let earlier = prompts[index - 20]
        ids = earlier + (index % 2 == 0 ? [] : ids.prefix(20))
      }
      prompts.append(ids)
      var request = GenerationRequest(
        promptIDs: [1] + ids,
        maxTokens: Int.random(in: 1...24, using: &generator)
      )
      request.topLogProbabilities = index % 3 == 0 ? 2 : nil
      request.promptLogProbabilities = index % 7 == 0 ? 1 : nil
      if index % 2 == 0 {
        request.sampling.temperature = 1
        request.sampling.seed = UInt64(index)
      }
      return request
    }
  }

  /// What a caller heard.
  private struct Heard: Hashable {
    var text = ""
    var ids: [Int32] = []
    var completion: Completion?
    var error: String?
  }

  private static func hear(_ events: AsyncStream<EngineEvent>) async -> Heard {
    var heard = Heard()
    for await event in events {
      switch event {
      case .waiting, .began, .scored: break
      case .token(let token):
        heard.text += token.text
        heard.ids.append(token.id)
      case .ended(.success(let completion)): heard.completion = completion
      case .ended(.failure(let error)): heard.error = error.what
      }
    }
    return heard
  }

  private static func same(_ heard: Heard, _ alone: Completion) -> Bool {
    guard let completion = heard.completion else { return false }
    return completion.ids == alone.ids && completion.text == alone.text
      && completion.logProbabilities == alone.logProbabilities
      && completion.promptLogProbabilities == alone.promptLogProbabilities
      && completion.finish == alone.finish && heard.ids == alone.ids && heard.text == alone.text
  }

  /// Lets passes fail as a seed says.
  private final class Faults: Sendable {
    private let generator: Mutex<SplitMix64>
    private let share: Int

    init(seed: UInt64, oneIn share: Int) {
      generator = Mutex(SplitMix64(seed: seed))
      self.share = share
    }

    func next() -> ModelError? {
      guard generator.withLock({ Int.random(in: 0..<share, using: &$0) }) == 0 else { return nil }
      return ModelError(.machine("no memory", .unavailable))
    }
  }

  @Test func `a thousand requests under random load are answered as each alone`() async throws {
    guard let oracle = Self.stories else { return }
    let model = try Self.model(oracle)
    let vocabulary = Int32(model.decoder.architecture.vocabularySize)
    let requests = Self.requests(Self.count, vocabulary: vocabulary, seed: 7)
    let alone = try model.makeGenerator(prefillChunk: 512).complete(requests, maxBatch: 1)
      .map { try $0.get() }
    let blockByteCount = model.decoder.makeCache().blockByteCount
    let faults = Faults(seed: 3, oneIn: 60)
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let engine = try Engine(
      try Self.model(oracle),
      limits: EngineLimits(
        sequenceCount: 24,
        cacheByteCount: 26 * blockByteCount,
        waitingCount: 1000,
        prefillChunk: 96
      ),
      // With room for a third of all: what memory gave up is read again, or gone.
      prefixFolder: PrefixFolder(
        path: folder,
        byteCount: Self.count / 3 * blockByteCount,
        weights: "stories"
      ),
      fault: faults.next
    )
    var generator = SplitMix64(seed: 11)
    let cancelled = Set(
      (0..<Self.count / 16).map { _ in Int.random(in: 0..<Self.count, using: &generator) }
    )
    let pauses = (0..<Self.count).map { _ in Int.random(in: 0..<8, using: &generator) }
    let answers = try await withThrowingTaskGroup(of: (Int, Heard).self) { group in
      for (index, request) in requests.enumerated() {
        let events = try await engine.submit(request, owner: "owner \(index % 5)")
        let isCancelled = cancelled.contains(index)
        group.addTask {
          guard isCancelled else { return (index, await Self.hear(events)) }
          // Stops listening after a token or before one.
          for await event in events { if case .token = event { break } }
          return (index, Heard())
        }
        if pauses[index] == 0 { try await Task.sleep(for: .milliseconds(2)) }
      }
      var answers = [Heard](repeating: Heard(), count: requests.count)
      for try await (index, heard) in group { answers[index] = heard }
      return answers
    }
    await engine.stop()
    for index in requests.indices where !cancelled.contains(index) {
      #expect(Self.same(answers[index], alone[index]), "request \(index): \(answers[index])")
    }
    let statistics = await engine.statistics
    #expect(statistics.meanBatch > 4, "\(statistics)")
    #expect(statistics.endedCount == Self.count && statistics.failedCount == 0, "\(statistics)")
    #expect(statistics.preemptionCount > 0 && statistics.cancelledCount > 0, "\(statistics)")
    #expect(statistics.waitingCount == 0 && statistics.runningCount == 0)
    #expect(statistics.cachedCount > Self.count, "\(statistics)")
    #expect(statistics.prefixByteCount <= 26 * blockByteCount / 4)
  }

  @Test func `a full queue refuses, and says how many wait`() async throws {
    guard let oracle = Self.stories else { return }
    let engine = try Engine(
      try Self.model(oracle),
      limits: EngineLimits(sequenceCount: 1, cacheByteCount: 1 << 30, waitingCount: 2)
    )
    let request = GenerationRequest(promptIDs: [1, 2, 3], maxTokens: 300)
    var taken: [AsyncStream<EngineEvent>] = []
    var refusals: [EngineRefusal] = []
    for _ in 0..<6 {
      do throws(EngineRefusal) { taken.append(try await engine.submit(request)) } catch {
        refusals.append(error)
      }
    }
    #expect((2...3).contains(taken.count) && refusals.count == 6 - taken.count)
    for refusal in refusals {
      guard case .full(waiting: 2, retryAfter: _) = refusal else {
        Issue.record("\(refusal)")
        continue
      }
    }
    await engine.cancelAll()
    for events in taken {
      let heard = await Self.hear(events)
      #expect(heard.completion?.finish == .cancelled)
    }
    await engine.stop()
    await #expect(throws: EngineRefusal.stopping) { try await engine.submit(request) }
  }

  @Test func `what does not fit is refused before it waits`() async throws {
    guard let oracle = Self.stories else { return }
    let model = try Self.model(oracle)
    let size = Int32(model.decoder.architecture.vocabularySize)
    let blockByteCount = model.decoder.makeCache().blockByteCount
    let engine = try Engine(model, limits: EngineLimits(cacheByteCount: 2 * blockByteCount))
    let long = GenerationRequest(promptIDs: [Int32](repeating: 5, count: 128), maxTokens: 4)
    await #expect(throws: EngineRefusal.tooLong(tokenCount: 129, limit: 128)) {
      try await engine.submit(long)
    }
    for ids in [[], [size], [-1]] as [[Int32]] {
      let error = await #expect(throws: EngineRefusal.self) {
        try await engine.submit(GenerationRequest(promptIDs: ids, maxTokens: 4))
      }
      guard case .invalid = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    let none = GenerationRequest(promptIDs: [1], maxTokens: 0)
    #expect(await Self.hear(try engine.submit(none)).completion?.finish == .length)
  }

  @Test func `a machine that always fails ends each request with its error`() async throws {
    guard let oracle = Self.stories else { return }
    let engine = try Engine(
      try Self.model(oracle),
      limits: EngineLimits(cacheByteCount: 1 << 30),
      fault: { ModelError(.machine("no memory", .unavailable)) }
    )
    var streams: [AsyncStream<EngineEvent>] = []
    for _ in 0..<5 {
      let request = GenerationRequest(promptIDs: [1, 2], maxTokens: 4)
      streams.append(try await engine.submit(request))
    }
    for events in streams {
      let heard = await Self.hear(events)
      #expect(heard.error != nil && heard.ids.isEmpty)
    }
    #expect(await engine.statistics.failedCount == 5)
  }

  @Test func `who waits hears the place in the queue`() async throws {
    guard let oracle = Self.stories else { return }
    let engine = try Engine(
      try Self.model(oracle),
      limits: EngineLimits(sequenceCount: 1, cacheByteCount: 1 << 30)
    )
    let request = GenerationRequest(promptIDs: [1, 2, 3], maxTokens: 20)
    var streams: [AsyncStream<EngineEvent>] = []
    for _ in 0..<4 { streams.append(try await engine.submit(request)) }
    var places: [Int] = []
    for await event in streams[3] {
      if case .waiting(let position, _) = event { places.append(position) }
    }
    #expect(!places.isEmpty && places == places.sorted(by: >) && places.allSatisfy { $0 < 4 })
  }
}
