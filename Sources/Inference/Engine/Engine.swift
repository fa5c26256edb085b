// SPDX-License-Identifier: Apache-2.0

public import Compute
public import Models

/// Answers many requests with one model, together, each as if it were alone.
///
/// Requests begin when there is room, share passes, give way where memory ends, and end when they are
/// done, cancelled or failed. None of it changes a token (promise 2).
public actor Engine {
  /// What has been done so far.
  public struct Statistics: Sendable, Hashable {
    /// Passes over the weights.
    public var passCount = 0
    /// Sequences in them, added up.
    public var sequenceCount = 0
    /// Tokens that were computed: of prompts, and of answers to go on from.
    public var computedCount = 0
    /// Tokens of the prompts that were begun.
    public var promptCount = 0
    /// Tokens of prompts that the prefix cache held.
    public var cachedCount = 0
    /// Tokens that were generated.
    public var generatedCount = 0
    /// How often a sequence gave its blocks back.
    public var preemptionCount = 0
    /// How many requests ended, for whatever reason.
    public var endedCount = 0
    /// How many failed.
    public var failedCount = 0
    /// How requests ended that did not fail.
    public var finishCounts: [Completion.Finish: Int] = [:]
    /// Requests that wait now.
    public var waitingCount = 0
    /// Requests that are worked on now.
    public var runningCount = 0
    /// Bytes of the caches of all that are worked on now.
    public var sequenceByteCount = 0
    /// Bytes of the prefix cache now.
    public var prefixByteCount = 0

    /// How many of them were cancelled.
    public var cancelledCount: Int { finishCounts[.cancelled, default: 0] }

    /// Sequences of a pass in the mean.
    public var meanBatch: Double {
      passCount > 0 ? Double(sequenceCount) / Double(passCount) : 0
    }
  }

  /// Hears of each request that ended, also of one that was cancelled, and of its owner, before its
  /// caller does.
  public typealias Ended =
    @Sendable (GenerationRequest, Result<Completion, ModelError>, _ owner: String) -> Void

  private struct Work {
    let sequence: ActiveSequence
    let ownerName: String
    let owner: PrefixOwner
    let heard: AsyncStream<EngineEvent>.Continuation
    var position: Int?
    var began: ContinuousClock.Instant?
    /// How many passes with it alone have failed, one after the other.
    var failureCount = 0
  }

  // LIMIT: what fails as often by itself has no other request to blame.
  private static let mostFailures = 3

  // LIMIT: logits of so many positions, 33 MB with a vocabulary of 129,280.
  private static let mostScored = 64

  private let executor: ThreadExecutor
  private let pass: GenerationPass
  private let makeCache: () -> PromptCache
  private let ended: Ended
  private let limits: EngineLimits
  private let prefixes: PrefixCache
  private var scheduler: Scheduler
  private var work: [Int: Work] = [:]
  private var lastID = 0
  private var isRunning = false
  private var isStopping = false
  private var queueHasChanged = false
  private var done = Statistics()
  /// Seconds that a request was worked on, in the mean of the last ones.
  private var meanSeconds: Double?
  private var stopped: [CheckedContinuation<Void, Never>] = []

  /// The thread of its own on which it works.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe executor.asUnownedSerialExecutor()
  }

  /// Creates an engine, which uses the model alone from now on.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - limits: What it may take.
  ///   - prefixFolder: Where its prefix cache lies from run to run; without one it is in memory alone.
  ///   - ended: Hears of each request that ended; it is called between two passes.
  /// - Throws: `ComputeError` where no thread can be had.
  public init(
    _ model: sending LoadedModel,
    limits: EngineLimits,
    prefixFolder: PrefixFolder? = nil,
    ended: @escaping Ended = { _, _, _ in }
  ) throws(ComputeError) {
    try self.init(
      model,
      limits: limits,
      prefixFolder: prefixFolder,
      ended: ended,
      fault: { nil }
    )
  }

  /// Creates an engine some of whose passes fail.
  package init(
    _ model: sending LoadedModel,
    limits: EngineLimits,
    prefixFolder: PrefixFolder? = nil,
    ended: @escaping Ended = { _, _, _ in },
    fault: @escaping @Sendable () -> ModelError?
  ) throws(ComputeError) {
    executor = try ThreadExecutor()
    self.ended = ended
    self.limits = limits
    let cache = model.decoder.makeCache()
    let folder = limits.prefixByteCount > 0 ? prefixFolder : nil
    prefixes = PrefixCache(
      blockExtent: SequenceCache.blockExtent,
      store: folder.map { PrefixStore($0, model.decoder, layout: cache.blockLayout) }
    )
    let scheduler = Scheduler(
      limits,
      blockByteCount: cache.blockByteCount,
      blockExtent: SequenceCache.blockExtent
    )
    self.scheduler = scheduler
    pass = GenerationPass(
      decoder: model.decoder,
      tokenizer: model.tokenizer,
      endIDs: model.endIDs,
      contextLength: min(model.contextLength, scheduler.mostPositions),
      fault: fault
    )
    makeCache = { [decoder = model.decoder] in PromptCache(decoder.makeCache()) }
  }

  // MARK: Requests

  /// Takes a request, unless too many wait.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - constraint: What its answer must keep to; nil for none.
  ///   - owner: Whose it is: owners get equal shares of the machine, and none finds in the prefix cache
  ///     what another left.
  /// - Throws: `EngineRefusal`.
  /// - Returns: What becomes of it. Who stops listening cancels it.
  public func submit(
    _ request: GenerationRequest,
    constraint: (any TokenConstraint)? = nil,
    owner: String = ""
  ) throws(EngineRefusal) -> AsyncStream<EngineEvent> {
    guard !isStopping else { throw .stopping }
    guard scheduler.hasRoom else {
      throw .full(waiting: scheduler.waitingCount, retryAfter: estimate(position: 0))
    }
    try check(request)
    lastID += 1
    let id = lastID
    let (events, heard) = AsyncStream.makeStream(of: EngineEvent.self)
    let sequence = pass.makeSequence(id, request, makeCache(), constraint: constraint)
    work[id] = Work(
      sequence: sequence,
      ownerName: owner,
      owner: PrefixOwner(owner),
      heard: heard
    )
    guard sequence.outcome == nil else {
      end(id)
      return events
    }
    heard.onTermination = { [weak self] reason in
      guard case .cancelled = reason else { return }
      Task { [weak self] in await self?.cancel(id) }
    }
    scheduler.submit(
      id,
      owner: owner,
      tokenCount: request.promptIDs.count,
      mostPerPass: request.promptLogProbabilities == nil ? nil : Self.mostScored
    )
    queueHasChanged = true
    start()
    return events
  }

  private func check(_ request: GenerationRequest) throws(EngineRefusal) {
    guard !request.promptIDs.isEmpty else {
      throw .invalid(reason: LoadError(.emptyPrompt).what)
    }
    do throws(ModelError) {
      try pass.validate(request)
    } catch {
      if case .contextExceeded(let count, let limit) = error.reason {
        throw .tooLong(tokenCount: count, limit: limit)
      }
      throw .invalid(reason: error.what)
    }
  }

  /// What has been done so far.
  public var statistics: Statistics {
    var statistics = done
    statistics.waitingCount = scheduler.waitingCount
    statistics.runningCount = scheduler.runningCount
    statistics.sequenceByteCount = scheduler.byteCount
    statistics.prefixByteCount = prefixes.byteCount
    return statistics
  }

  /// Says what of a prompt the prefix cache holds for an owner, and why not more.
  public func explainPrefix(_ promptIDs: [Int32], owner: String = "") -> PrefixExplanation {
    prefixes.explain(promptIDs, owner: PrefixOwner(owner))
  }

  /// Takes no more requests, and returns when those that are here have ended, and what they leave to the
  /// prefix cache is on the disk.
  public func stop() async {
    isStopping = true
    if !work.isEmpty { await withCheckedContinuation { stopped.append($0) } }
    prefixes.flush()
  }

  /// Ends all requests as they are; each hears that it was cancelled.
  public func cancelAll() { for id in Array(work.keys) { cancel(id) } }

  private func cancel(_ id: Int) {
    guard let sequence = work[id]?.sequence, sequence.outcome == nil else { return }
    sequence.finish(.cancelled)
    end(id)
  }

  // MARK: Work

  private func start() {
    guard !isRunning else { return }
    isRunning = true
    Task { await run() }
  }

  /// Passes, one after the other, until nothing is left; between two of them others are heard.
  private func run() async {
    while !work.isEmpty {
      let changes = scheduler.change()
      preempt(changes.preempted)
      for id in changes.admitted { begin(id) }
      shrinkPrefixes()
      tellWaiting()
      step(scheduler.rows())
      await Task.yield()
    }
    isRunning = false
  }

  private func preempt(_ ids: [Int]) {
    for id in ids {
      keepPrefix(of: id)
      work[id]?.sequence.giveBack()
    }
    done.preemptionCount += ids.count
    queueHasChanged = queueHasChanged || !ids.isEmpty
  }

  private func begin(_ id: Int) {
    queueHasChanged = true
    guard let item = work[id] else { return }
    let isFirst = item.began == nil
    if isFirst {
      work[id]?.began = .now
      done.promptCount += item.sequence.request.promptIDs.count
      item.sequence.begin()
    }
    restorePrefix(of: item, isFirst: isFirst)
    scheduler.hold(id, item.sequence.heldCount)
    if isFirst { item.heard.yield(.began(cachedPromptCount: item.sequence.heldCount)) }
  }

  /// Lets a sequence go on from what others of its owner, or it itself, have left.
  private func restorePrefix(of item: Work, isFirst: Bool) {
    // What the cache holds has no logits any more.
    guard item.sequence.request.usesPrefixCache,
      item.sequence.request.promptLogProbabilities == nil,
      let hit = prefixes.find(item.sequence.ids, owner: item.owner)
    else { return }
    item.sequence.restore(hit, isFirst: isFirst)
    if isFirst { done.cachedCount += hit.count }
  }

  /// Keeps what a sequence has computed.
  private func keepPrefix(of id: Int, isEnd: Bool = false) {
    guard limits.prefixByteCount > 0, let item = work[id], item.sequence.heldCount > 0,
      item.sequence.request.usesPrefixCache
    else { return }
    let held = item.sequence.held
    prefixes.keep(held.ids, held.blocks, owner: item.owner, isEnd: isEnd)
  }

  /// Leaves the prefix cache what the sequences do not need.
  private func shrinkPrefixes() {
    prefixes.shrink(
      to: min(limits.prefixByteCount, limits.cacheByteCount - scheduler.byteCount)
    )
  }

  /// Tells those that wait when their places have changed.
  private func tellWaiting() {
    guard queueHasChanged, scheduler.waitingCount > 0 else { return }
    queueHasChanged = false
    for (position, id) in scheduler.queue().enumerated() {
      guard let item = work[id], item.began == nil, item.position != position else { continue }
      work[id]?.position = position
      item.heard.yield(.waiting(position: position, seconds: estimate(position: position)))
    }
  }

  private func estimate(position: Int) -> Double? {
    meanSeconds.map { $0 * Double(position + 1) / Double(max(scheduler.runningCount, 1)) }
  }

  private func step(_ rows: [Scheduler.Row]) {
    let chosen = rows.compactMap { row -> GenerationPass.Row? in
      work[row.id].map { ($0.sequence, row.count) }
    }
    guard !chosen.isEmpty else { return }
    let start = ContinuousClock.now
    do throws(ModelError) {
      try pass.run(chosen) { sequence, event in
        work[sequence.index]?.heard.yield(event)
      }
    } catch {
      recover(rows.map(\.id), error)
      return
    }
    scheduler.note(rows, seconds: start.seconds(to: .now))
    done.passCount += 1
    done.sequenceCount += rows.count
    for row in rows {
      work[row.id]?.failureCount = 0
      scheduler.advance(row)
      done.computedCount += row.count
    }
    for (sequence, _) in chosen {
      if sequence.choosesToken {
        scheduler.append(sequence.index)
        done.generatedCount += 1
      }
      if sequence.outcome != nil {
        end(sequence.index)
      } else if sequence.heldCount == sequence.request.promptIDs.count {
        keepPrefix(of: sequence.index)
      }
    }
    shrinkPrefixes()
  }

  /// Has the sequences of a pass that failed begin again, the first alone.
  ///
  /// One that goes on to fail alone ends with the error.
  private func recover(_ ids: [Int], _ error: ModelError) {
    for id in ids { work[id]?.sequence.giveBack() }
    done.preemptionCount += scheduler.fallBack(ids).count
    guard ids.count == 1, let id = ids.first, let item = work[id] else { return }
    // What fails alone may lack the memory that others have left behind.
    prefixes.shrink(to: 0)
    work[id]?.failureCount += 1
    guard item.failureCount + 1 >= Self.mostFailures else { return }
    item.sequence.fail(error)
    end(id)
  }

  private func end(_ id: Int) {
    // One that failed has given its blocks back.
    keepPrefix(of: id, isEnd: true)
    guard let item = work.removeValue(forKey: id), let outcome = item.sequence.outcome else {
      return
    }
    scheduler.remove(id)
    shrinkPrefixes()
    queueHasChanged = true
    done.endedCount += 1
    switch outcome {
    case .failure: done.failedCount += 1
    case .success(let completion):
      done.finishCounts[completion.finish, default: 0] += 1
      if completion.finish != .cancelled { note(item) }
    }
    ended(item.sequence.request, outcome, item.ownerName)
    item.heard.yield(.ended(outcome))
    item.heard.finish()
    if work.isEmpty {
      for continuation in stopped { continuation.resume() }
      stopped = []
    }
  }

  private func note(_ item: Work) {
    guard let seconds = item.began?.seconds(to: .now) else { return }
    meanSeconds = meanSeconds.map { $0 + 0.1 * (seconds - $0) } ?? seconds
  }
}
