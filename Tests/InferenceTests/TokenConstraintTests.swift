// SPDX-License-Identifier: Apache-2.0

import Inference
import Models
import TestSupport
import Testing

/// Answers that must keep to something.
@Suite struct TokenConstraintTests {
  /// Lets a function of the number of tokens so far say what may come.
  private struct Counted: TokenConstraint {
    let says: @Sendable (Int) -> NextToken
    let allows: @Sendable (_ id: Int, _ count: Int) -> Bool
    private(set) var count = 0

    init(
      _ says: @escaping @Sendable (Int) -> NextToken,
      allows: @escaping @Sendable (_ id: Int, _ count: Int) -> Bool
    ) {
      (self.says, self.allows) = (says, allows)
    }

    var next: NextToken { says(count) }

    mutating func restrict(_ logits: inout [Float]) -> Bool {
      var isPossible = false
      for id in logits.indices {
        if allows(id, count) { isPossible = true } else { logits[id] = -.infinity }
      }
      return isPossible
    }

    mutating func accept(_ id: Int32) { count += 1 }
  }

  private static let stories = CheckpointOracle.all.first { $0.name == "real-stories260K" }

  private static func engine(_ oracle: CheckpointOracle) throws -> Engine {
    let model = try LoadedModel(path: oracle.path, device: TestDevices.cpu())
    let bytes = 64 * model.decoder.makeCache().blockByteCount
    return try Engine(model, limits: EngineLimits(sequenceCount: 8, cacheByteCount: bytes))
  }

  private static func request(temperature: Double = 0, seed: UInt64 = 1) -> GenerationRequest {
    var request = GenerationRequest(promptIDs: [1, 403, 407], maxTokens: 24)
    request.sampling.temperature = temperature
    request.sampling.seed = seed
    request.topLogProbabilities = 1
    return request
  }

  private static func outcome(
    _ engine: Engine,
    _ request: GenerationRequest,
    _ constraint: (any TokenConstraint)?
  ) async throws -> Result<Completion, ModelError>? {
    for await event in try await engine.submit(request, constraint: constraint) {
      if case .ended(let outcome) = event { return outcome }
    }
    return nil
  }

  @Test(arguments: [0.0, 1.0])
  func `only allowed tokens come, with the log-probabilities of raw logits`(
    temperature: Double
  ) async throws {
    guard let oracle = Self.stories else { return }
    let engine = try Self.engine(oracle)
    let even = Counted({ _ in .restricted }, allows: { id, _ in id > 2 && id % 2 == 0 })
    let free = try await Self.outcome(engine, Self.request(temperature: temperature), nil)?.get()
    let kept = try await Self.outcome(engine, Self.request(temperature: temperature), even)?.get()
    let ids = try #require(kept).ids
    #expect(ids.count == 24 && ids.allSatisfy { $0 % 2 == 0 })
    // The first place has the same logits whatever may come there.
    #expect(kept?.logProbabilities.first?.top == free?.logProbabilities.first?.top)
  }

  @Test func `an answer ends where nothing more may come`() async throws {
    guard let oracle = Self.stories else { return }
    let engine = try Self.engine(oracle)
    let five = Counted({ $0 < 5 ? .restricted : .ended }, allows: { id, _ in id > 2 })
    let completion = try await Self.outcome(engine, Self.request(), five)?.get()
    #expect(completion?.ids.count == 5 && completion?.finish == .stop)
  }

  @Test func `free tokens are those of an answer without a constraint`() async throws {
    guard let oracle = Self.stories else { return }
    let engine = try Self.engine(oracle)
    let free = Counted({ _ in .free }, allows: { _, _ in false })
    let first = try await Self.outcome(engine, Self.request(temperature: 1), nil)?.get()
    let second = try await Self.outcome(engine, Self.request(temperature: 1), free)?.get()
    #expect(first?.ids == second?.ids && first?.text == second?.text)
  }

  @Test func `where no token is allowed, the answer fails and others go on`() async throws {
    guard let oracle = Self.stories else { return }
    let engine = try Self.engine(oracle)
    let none = Counted({ $0 < 2 ? .free : .restricted }, allows: { _, _ in false })
    async let failing = Self.outcome(engine, Self.request(), none)
    async let other = Self.outcome(engine, Self.request(), nil)
    let outcome = try await failing
    #expect(throws: ModelError(.nothingAllowed(position: 5))) { try outcome?.get() }
    #expect(try await other?.get().ids.count == 24)
  }

  @Test func `constrained answers are the same alone and among others`() async throws {
    guard let oracle = Self.stories else { return }
    let engine = try Self.engine(oracle)
    @Sendable func ids(_ index: Int) async throws -> [Int32] {
      let constraint = Counted(
        { _ in .restricted },
        allows: { id, count in id > 2 && (id + count) % (2 + index) < 2 }
      )
      let request = Self.request(temperature: 1, seed: UInt64(index))
      return try await Self.outcome(engine, request, constraint)?.get().ids ?? []
    }
    var alone: [[Int32]] = []
    for index in 0..<6 { alone.append(try await ids(index)) }
    let together = try await withThrowingTaskGroup(of: (Int, [Int32]).self) { group in
      for index in 0..<6 { group.addTask { (index, try await ids(index)) } }
      var all = [[Int32]](repeating: [], count: 6)
      for try await (index, ids) in group { all[index] = ids }
      return all
    }
    #expect(alone == together)
    #expect(Set(alone).count == 6)
  }
}
