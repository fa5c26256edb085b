// SPDX-License-Identifier: Apache-2.0

import Compute
public import Models
public import Tokenization

/// Continues prompts, many in one forward pass.
///
/// Which prompts share a pass changes no token: every row is computed by itself.
public final class Generator {
  /// What a caller hears while completions grow.
  public struct Events {
    /// More text of a request.
    public var text: (_ request: Int, _ text: String) -> Void
    /// A request ended.
    public var finished: (_ request: Int, _ outcome: Result<Completion, ModelError>) -> Void
    /// Whether to stop now; asked once a step.
    public var isCancelled: () -> Bool

    /// Creates handlers.
    public init(
      text: @escaping (_ request: Int, _ text: String) -> Void = { _, _ in },
      finished: @escaping (_ request: Int, _ outcome: Result<Completion, ModelError>) -> Void = {
        _,
        _ in
      },
      isCancelled: @escaping () -> Bool = { false }
    ) {
      self.text = text
      self.finished = finished
      self.isCancelled = isCancelled
    }
  }

  private let pass: GenerationPass
  private let prefillChunk: Int
  // Those of one pass; the memory serves the next one too.
  private var rows: [GenerationPass.Row] = []

  /// Creates a generator.
  ///
  /// - Parameters:
  ///   - decoder: The model.
  ///   - tokenizer: Makes text of tokens; without one completions have no text.
  ///   - endIDs: The end-of-sequence tokens.
  ///   - contextLength: The most positions a sequence may have.
  ///   - prefillChunk: The most prompt tokens in one pass.
  public init(
    decoder: Decoder,
    tokenizer: Tokenizer?,
    endIDs: Set<Int32>,
    contextLength: Int,
    prefillChunk: Int
  ) {
    pass = GenerationPass(
      decoder: decoder,
      tokenizer: tokenizer,
      endIDs: endIDs,
      contextLength: contextLength
    )
    self.prefillChunk = max(prefillChunk, 1)
  }

  /// Makes the cache of a conversation.
  public func makePromptCache() -> PromptCache { PromptCache(pass.decoder.makeCache()) }

  /// Completes one request.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - cache: What earlier prompts of the same conversation left, and takes up what this one leaves.
  ///   - events: What the caller hears.
  /// - Returns: Its outcome.
  public func complete(
    _ request: GenerationRequest,
    cache: PromptCache,
    events: Events = Events()
  ) -> Result<Completion, ModelError> {
    complete([request], maxBatch: 1, events: events) { cache }[0]
  }

  /// Completes requests, in any order, at most `maxBatch` at a time.
  ///
  /// - Returns: One outcome a request, in their order.
  public func complete(
    _ requests: [GenerationRequest],
    maxBatch: Int,
    events: Events = Events()
  ) -> [Result<Completion, ModelError>] {
    complete(requests, maxBatch: maxBatch, events: events, cache: makePromptCache)
  }

  private func complete(
    _ requests: [GenerationRequest],
    maxBatch: Int,
    events: Events,
    cache: () -> PromptCache
  ) -> [Result<Completion, ModelError>] {
    var outcomes = [Result<Completion, ModelError>?](repeating: nil, count: requests.count)
    var waiting = Array(requests.indices)[...]
    var active: [ActiveSequence] = []
    while !waiting.isEmpty || !active.isEmpty {
      while active.count < max(maxBatch, 1), let index = waiting.popFirst() {
        active.append(pass.makeSequence(index, requests[index], cache()))
      }
      if events.isCancelled() {
        for sequence in active { sequence.finish(.cancelled) }
        waiting = []
      } else {
        step(active, events)
      }
      for sequence in active {
        guard let outcome = sequence.outcome else { continue }
        outcomes[sequence.index] = outcome
        events.finished(sequence.index, outcome)
      }
      active.removeAll { $0.outcome != nil }
    }
    return outcomes.map { $0 ?? .success(Self.cancelledCompletion) }
  }

  private static var cancelledCompletion: Completion {
    var completion = Completion()
    completion.finish = .cancelled
    return completion
  }

  /// Checks a request before it is worked on.
  ///
  /// - Throws: `ModelError` where its prompt does not fit the model or the context, or a token that it
  ///   names is none of the model's.
  public func validate(_ request: GenerationRequest) throws(ModelError) {
    try pass.validate(request)
  }

  /// One forward pass: a token of every sequence that decodes, and prompt tokens up to the chunk.
  private func step(_ active: [ActiveSequence], _ events: Events) {
    var budget = prefillChunk
    rows.removeAll(keepingCapacity: true)
    // A kept row would keep its sequence's memory.
    defer { rows.removeAll(keepingCapacity: true) }
    for sequence in active where sequence.outcome == nil {
      let pending = sequence.pendingCount
      let count = pending == 1 ? 1 : min(pending, budget)
      guard count > 0 else { continue }
      if pending > 1 { budget -= count }
      rows.append((sequence, count))
    }
    do throws(ModelError) {
      try pass.run(rows) { sequence, event in
        guard case .token(let token) = event, !token.text.isEmpty else { return }
        events.text(sequence.index, token.text)
      }
    } catch {
      // Prompts were checked when they were admitted: what fails now is the machine, and the caches
      // of the pass may hold half of it.
      for (sequence, _) in rows where sequence.outcome == nil { sequence.fail(error) }
    }
  }
}
