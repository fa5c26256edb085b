// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import Tokenization

/// A request while it is worked on.
final class ActiveSequence {
  let index: Int
  let request: GenerationRequest
  /// The tokens of the present pass, and the sequence's past.
  private(set) var input: SequenceInput
  /// Whether the present pass has all that is pending, so that a token is chosen behind it.
  private(set) var choosesToken = false
  /// Whether the logits of the present pass are not finite.
  var isBroken = false
  private(set) var outcome: Result<Completion, ModelError>?
  private var completion = Completion()
  private var detokenizer: StreamingDetokenizer?
  private var stopMatcher: StopMatcher
  private var loopWatch = LoopWatch()
  private var sampler: Sampler
  private var constraint: (any TokenConstraint)?
  private let idLimit: Int
  private let cache: PromptCache
  private var start = ContinuousClock.now
  private var firstToken: ContinuousClock.Instant?

  init(
    index: Int,
    request: GenerationRequest,
    constraint: (any TokenConstraint)? = nil,
    cache: PromptCache,
    detokenizer: StreamingDetokenizer?,
    idLimit: Int
  ) {
    self.index = index
    self.request = request
    self.constraint = constraint
    self.cache = cache
    input = SequenceInput(ids: [], cache: cache.sequence)
    if !request.promptIDs.isEmpty {
      completion.cachedPromptCount = cache.rollBack(to: request.promptIDs)
    }
    // What the cache holds has no logits any more.
    if request.promptLogProbabilities != nil {
      cache.clear()
      completion.cachedPromptCount = 0
    }
    self.detokenizer = detokenizer
    self.idLimit = idLimit
    sampler = Sampler(request.sampling, choiceIndex: request.choiceIndex)
    sampler.begin(after: request.promptIDs)
    stopMatcher = StopMatcher(request.stops)
    // The prompt's text is released and dropped, so that the completion keeps its leading space.
    for id in request.promptIDs { _ = self.detokenizer?.append(id) }
  }

  /// How many tokens the cache holds.
  var heldCount: Int { cache.ids.count }

  /// The tokens that the cache holds, and its blocks.
  var held: (ids: [Int32], blocks: [SequenceBlock]) { (cache.ids, cache.blocks) }

  /// The tokens so far, of the prompt and of the answer.
  var ids: [Int32] { request.promptIDs + completion.ids }

  /// Continues from what the prefix cache holds of its tokens.
  ///
  /// - Parameters:
  ///   - hit: What it holds.
  ///   - isFirst: Whether it begins; one that begins again reports what the first time gave.
  func restore(_ hit: PrefixCache.Hit, isFirst: Bool) {
    cache.restore(hit.blocks, ids: Array(ids.prefix(hit.count)))
    if isFirst { completion.cachedPromptCount = hit.count }
  }

  /// How many tokens, of the prompt and of the answer so far, the cache does not hold yet.
  var pendingCount: Int { request.promptIDs.count + completion.ids.count - heldCount }

  /// Whether it has ended by a failure.
  var hasFailed: Bool {
    if case .failure = outcome { true } else { false }
  }

  /// Says that work begins now, where a request has waited.
  func begin() { start = .now }

  /// Makes the next input.
  ///
  /// - Parameter count: How many tokens, of those that the cache does not hold yet.
  func prepareInput(_ count: Int) {
    let (held, promptCount) = (heldCount, request.promptIDs.count)
    // The array's memory serves every pass.
    input.ids.removeAll(keepingCapacity: true)
    if held < promptCount {
      input.ids += request.promptIDs[held..<min(held + count, promptCount)]
    }
    let first = max(held - promptCount, 0)
    input.ids += completion.ids[first..<first + count - input.ids.count]
    let isScored = request.promptLogProbabilities != nil && held < promptCount
    input.logitRows = isScored ? .all : count == pendingCount ? .last : .none
    choosesToken = count == pendingCount
  }

  /// Notes the log-probabilities of the prompt's tokens behind those of the present pass.
  ///
  /// - Parameters:
  ///   - logits: The pass's logits.
  ///   - start: The sequence's first row of them.
  ///   - normalizers: One a row of the pass.
  func score(_ logits: ActivationView, from start: Int, normalizers: [LogSumExp]) {
    guard let count = request.promptLogProbabilities else { return }
    let first = heldCount - input.ids.count
    for row in input.ids.indices {
      let position = first + row + 1
      // After a preemption the prompt is computed again, with the same numbers.
      guard position < request.promptIDs.count,
        position == completion.promptLogProbabilities.count + 1
      else { continue }
      completion.promptLogProbabilities.append(
        Completion.LogProbabilities(
          request.promptIDs[position],
          top: count,
          of: logits.span(row: start + row),
          normalizers[start + row]
        )
      )
    }
  }

  /// The prompt's log-probabilities, when they are complete and nothing is generated yet.
  var scoredPrompt: [Completion.LogProbabilities]? {
    request.promptLogProbabilities != nil && completion.ids.isEmpty
      ? completion.promptLogProbabilities : nil
  }

  /// Notes how long the machine worked for it.
  func note(machineSeconds seconds: Double) { completion.machineSeconds += seconds }

  /// Notes that the cache holds the present input.
  func consumeInput() { cache.append(input.ids) }

  /// Forgets what the cache holds; the tokens stay, and are computed again.
  func giveBack() { cache.clear() }

  func fail(_ error: ModelError) {
    cache.clear()
    outcome = .failure(error)
  }

  func finish(_ finish: Completion.Finish) {
    completion.finish = finish
    completion.stop = stopMatcher.found
    let end = ContinuousClock.now
    completion.prefillSeconds = start.seconds(to: firstToken ?? end)
    completion.decodeSeconds = firstToken?.seconds(to: end) ?? 0
    outcome = .success(completion)
  }

  /// Takes the logits of the last position: chooses a token and finishes where it ends the text.
  ///
  /// - Returns: The text that is released.
  func accept(
    _ logits: Span<Float>,
    normalizer: LogSumExp?,
    endIDs: Set<Int32>,
    contextLength: Int
  ) -> String {
    let position = request.promptIDs.count + completion.ids.count
    guard let id = chooseToken(logits.extracting(first: idLimit), position: position) else {
      fail(ModelError(.nothingAllowed(position: position)))
      return ""
    }
    if firstToken == nil { firstToken = ContinuousClock.now }
    completion.ids.append(id)
    if request.endsLoops, let loop = loopWatch.append(id) {
      completion.loop = loop
    }
    if let count = request.topLogProbabilities, let normalizer {
      completion.logProbabilities.append(
        Completion.LogProbabilities(id, top: count, of: logits, normalizer)
      )
    }
    if !request.ignoresEndOfSequence, endIDs.contains(id) {
      return end(.stop)
    }
    let released = stopMatcher.append(detokenizer?.append(id) ?? "")
    completion.text += released.text
    if released.found {
      finish(.stop)
      return released.text
    }
    if constraint?.next == .ended { return released.text + end(.stop) }
    if completion.loop != nil { return released.text + end(.loop) }
    if completion.ids.count >= request.maxTokens || position + 1 >= contextLength {
      return released.text + end(.length)
    }
    return released.text
  }

  private func chooseToken(_ logits: Span<Float>, position: Int) -> Int32? {
    guard var held = constraint.take() else { return sampler.choose(logits, position: position) }
    defer { constraint = held }
    return sampler.choose(logits, position: position, within: &held)
  }

  /// The last token, with the text that it released.
  func token(_ text: String) -> EngineEvent.Token? {
    completion.ids.last.map { id in
      EngineEvent.Token(id: id, text: text, logProbabilities: completion.logProbabilities.last)
    }
  }

  /// Ends the text: releases what was held back, unless that completes a stop text.
  private func end(_ reason: Completion.Finish) -> String {
    let last = stopMatcher.append(detokenizer?.finish() ?? "")
    let text = last.found ? last.text : last.text + stopMatcher.finish()
    completion.text += text
    finish(last.found ? .stop : reason)
    return text
  }
}

extension Completion.LogProbabilities {
  /// A token and the likeliest ones of a row of raw logits.
  init(_ id: Int32, top count: Int, of logits: Span<Float>, _ normalizer: LogSumExp) {
    chosen = TokenLogProbability(
      id: id,
      logProbability: normalizer.logProbability(of: logits[Int(id)])
    )
    top = TokenLogProbability.top(count, of: logits, normalizer: normalizer)
  }
}

extension ContinuousClock.Instant {
  /// Seconds from this instant to a later one.
  func seconds(to later: ContinuousClock.Instant) -> Double {
    let (seconds, attoseconds) = duration(to: later).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
