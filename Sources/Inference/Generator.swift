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

  private let decoder: Decoder
  private let tokenizer: Tokenizer?
  private let endIDs: Set<Int32>
  private let contextLength: Int
  private let prefillChunk: Int
  // Those of one pass; their memory serves the next one too.
  private var chosen: [ActiveSequence] = []
  private var inputs: [SequenceInput] = []

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
    self.decoder = decoder
    self.tokenizer = tokenizer
    self.endIDs = endIDs
    self.contextLength = contextLength
    self.prefillChunk = max(prefillChunk, 1)
  }

  /// Makes the cache of a conversation.
  public func makePromptCache() -> PromptCache { PromptCache(decoder.makeCache()) }

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
        active.append(makeSequence(index, requests[index], cache()))
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

  private func makeSequence(
    _ index: Int,
    _ request: GenerationRequest,
    _ cache: PromptCache
  ) -> ActiveSequence {
    let sequence = ActiveSequence(
      index: index,
      request: request,
      cache: cache,
      detokenizer: tokenizer.map { StreamingDetokenizer($0, skipsSpecialTokens: true) },
      idLimit: min(
        decoder.architecture.vocabularySize,
        tokenizer?.vocabularyCount ?? .max
      )
    )
    do throws(ModelError) {
      try validate(request)
      if request.maxTokens == 0 { sequence.finish(.length) }
    } catch { sequence.fail(error) }
    return sequence
  }

  /// Checks a request before it is worked on.
  ///
  /// - Throws: `ModelError` where its prompt does not fit the model or the context, or a token that it
  ///   names is none of the model's.
  public func validate(_ request: GenerationRequest) throws(ModelError) {
    try decoder.validate(request.promptIDs)
    let needed = request.promptIDs.count + (request.maxTokens > 0 ? 1 : 0)
    guard needed <= contextLength else {
      throw ModelError(.contextExceeded(positions: needed, limit: contextLength), file: "prompt")
    }
    let vocabularySize = decoder.architecture.vocabularySize
    if let id = request.sampling.penalties.bias.keys.max(), id >= vocabularySize {
      throw ModelError(
        .idOutOfRange(id: id, vocabularySize: vocabularySize),
        file: "logit_bias"
      )
    }
  }

  /// One forward pass: a token of every sequence that decodes, and prompt tokens up to the chunk.
  private func step(_ active: [ActiveSequence], _ events: Events) {
    var budget = prefillChunk
    for sequence in active where sequence.outcome == nil {
      guard sequence.prepareInput(budget: &budget) else { continue }
      chosen.append(sequence)
      inputs.append(sequence.input)
    }
    // Emptied after every pass: a sequence then owns its input's memory alone and reuses it.
    defer {
      chosen.removeAll(keepingCapacity: true)
      inputs.removeAll(keepingCapacity: true)
    }
    guard !chosen.isEmpty else { return }
    do throws(ModelError) {
      let logits = try decoder.forward(inputs).logits
      for sequence in chosen { sequence.consumeInput() }
      accept(logits, events)
      try failBroken()
    } catch {
      // Prompts were checked when they were admitted: what fails now is the machine, and the caches
      // of the pass may hold half of it.
      for sequence in chosen where sequence.outcome == nil { sequence.fail(error) }
    }
  }

  /// Chooses a token of every sequence that wants one and whose logits are finite.
  private func accept(_ logits: ActivationView, _ events: Events) {
    let wanted = chosen.lazy.filter { $0.input.logitRows == .last }
    let normalizers =
      wanted.contains { $0.request.topLogProbabilities != nil }
      ? decoder.logSumExp(logits) : []
    for (row, sequence) in wanted.enumerated() {
      let values = logits.span(row: row)
      guard values.indices.allSatisfy({ values[$0].isFinite }) else {
        sequence.isBroken = true
        continue
      }
      let text = sequence.accept(
        values,
        normalizer: normalizers.isEmpty ? nil : normalizers[row],
        endIDs: endIDs,
        contextLength: contextLength
      )
      if !text.isEmpty { events.text(sequence.index, text) }
    }
  }

  /// Ends the sequences whose logits are not finite, with the layer at fault.
  ///
  /// Only after all others have chosen: finding the layer computes again and reuses the logits'
  /// memory.
  private func failBroken() throws(ModelError) {
    for sequence in chosen where sequence.isBroken {
      let layer = try decoder.firstNonFiniteLayer(sequence.input)
      let position = sequence.input.cache.positionCount - 1
      sequence.fail(ModelError(.nonFiniteLogits(layer: layer, position: position)))
    }
  }
}
