// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import Evaluation
import FoundationEssentials
import Inference
import Ledger
import Models
import Storage

/// The rows that answers and evaluations leave in the ledger.
///
/// Where it cannot be written, one warning says so, and the answers come all the same.
final class AnswerLedger {
  private enum State {
    case unopened
    case open(LedgerWriter, LedgerKey?)
    case closed
  }

  private let name: String
  private let threadCount: Int
  private var state: State
  private var meter: CostMeter
  private var start = ContinuousClock.now
  // A conversation that goes on with another model gives the memory of this one back.
  private weak var known: LoadedModel?
  private var knownFacts: Facts?

  /// What rows say of a model.
  struct Facts: Sendable {
    /// What its answers cost, none counted yet.
    let cost: AnswerCost
    let device: String
    let weights: String?

    /// Finds them.
    ///
    /// - Parameters:
    ///   - loaded: The model.
    ///   - threadCount: The threads that compute.
    ///   - quickly: Whether to leave out what takes long to find.
    init(_ loaded: LoadedModel, threadCount: Int, quickly: Bool) {
      cost = AnswerCost(loaded)
      device = MachineFacts.device(threadCount: threadCount, loaded.decoder.deviceName)
      // A hash that cannot be had is one that is not known: the row says so.
      weights = try? WeightsDigest.text(ofFolder: loaded.checkpoint.path, quickly: quickly)
    }
  }

  /// Prepares rows; nothing is opened before there is one.
  ///
  /// - Parameters:
  ///   - name: The writer's name, the command's.
  ///   - options: Whether rows are wanted, and what is reckoned by.
  ///   - threads: The threads that were asked for.
  init(_ name: String, _ options: LedgerOptions, threads: Int?) {
    self.name = name
    threadCount = threads ?? ThreadPool.coreCount
    state = options.isWanted ? .unopened : .closed
    meter = CostMeter(
      options.isWanted ? options.basis(threadCount: threadCount) : CostBasis(),
      counters: options.isWanted ? EnergyCounters() : nil
    )
  }

  /// From here on time and energy are those of the next row.
  func begin() {
    start = .now
    meter.begin()
  }

  /// Reads the meters where it is time to; called as often as one likes while work goes on.
  func tick() { meter.tick() }

  /// Leaves the row of an answer, also of one that was canceled or that the machine failed at.
  ///
  /// Time and energy are those since the row before or since `begin`: of answers that are computed
  /// together each has a part, and the rows' sum is what all of them took.
  ///
  /// - Parameters:
  ///   - request: What was asked.
  ///   - outcome: What came of it.
  ///   - loaded: The model.
  ///   - conversation: The conversation that it belongs to.
  func append(
    _ request: GenerationRequest,
    _ outcome: Result<Inference.Completion, ModelError>,
    _ loaded: LoadedModel,
    conversation: String? = nil
  ) {
    append(request, outcome, facts(of: loaded, quickly: true), conversation: conversation)
  }

  /// Leaves the row of an answer of a model whose facts are known.
  ///
  /// - Parameters:
  ///   - request: What was asked.
  ///   - outcome: What came of it.
  ///   - facts: What rows say of the model.
  ///   - seconds: How long the machine worked for it; nil for the time since the row before.
  ///   - conversation: The conversation that it belongs to.
  func append(
    _ request: GenerationRequest,
    _ outcome: Result<Inference.Completion, ModelError>,
    _ facts: Facts,
    seconds: Double? = nil,
    conversation: String? = nil
  ) {
    guard case (let completionCount, let cachedCount)? = Self.work(outcome) else { return }
    var cost = facts.cost
    cost.add(
      promptTokenCount: request.promptIDs.count,
      completionTokenCount: completionCount,
      cachedTokenCount: cachedCount
    )
    append(.answer, run: conversation, facts, cost, seconds: seconds)
  }

  /// Leaves the row of a request for which nothing was computed.
  ///
  /// It has no energy and no money: those of the time are in the rows of what was computed.
  ///
  /// - Parameters:
  ///   - status: The status of HTTP that its client has.
  ///   - facts: What rows say of the model; nil where none was chosen.
  ///   - run: What it belongs to.
  func appendRefusal(status: Int, _ facts: Facts?, run: String?) {
    open()
    guard case .open(let writer, _) = state else { return }
    let row = LedgerRow(
      time: Date().formatted(.iso8601),
      kind: .answer,
      run: run,
      code: VersionText.version,
      weights: facts?.weights,
      device: facts?.device,
      deviceCount: facts == nil ? nil : 1,
      seconds: 0,
      tokens: [LedgerRow.Count.refused.rawValue: status],
      operations: 0
    )
    attempt { () throws(LedgerError) in try writer.append(row) }
  }

  /// How many tokens of an answer and from a cache there are; nil where a request was at fault before
  /// anything was computed.
  private static func work(
    _ outcome: Result<Inference.Completion, ModelError>
  ) -> (completionCount: Int, cachedCount: Int)? {
    switch outcome {
    case .success(let completion):
      let isWork = completion.prefillSeconds > 0
      return isWork ? (completion.ids.count, completion.cachedPromptCount) : nil
    case .failure(let error):
      switch error.reason {
      case .nonFiniteLogits, .nothingAllowed, .machine: return (0, 0)
      default: return nil
      }
    }
  }

  /// Leaves the row of a task, also of one that was cut short.
  func append(_ outcome: EvaluationOutcome, _ loaded: LoadedModel) {
    let result = outcome.result
    append(
      .evaluate,
      run: outcome.task,
      facts(of: loaded, quickly: false),
      outcome.cost,
      counts: [.answers: result.answerCount, .correct: result.correctCount]
    )
  }

  private func append(
    _ kind: LedgerRow.Kind,
    run: String?,
    _ facts: Facts,
    _ cost: AnswerCost,
    seconds: Double? = nil,
    counts: [LedgerRow.Count: Int] = [:]
  ) {
    let now = ContinuousClock.now
    // What opening costs is no part of the work.
    open()
    guard case .open(let writer, _) = state else { return }
    var row = LedgerRow(
      time: Date().formatted(.iso8601),
      kind: kind,
      run: run,
      code: VersionText.version,
      weights: facts.weights,
      device: facts.device,
      deviceCount: 1,
      seconds: seconds ?? start.duration(to: now) / .seconds(1),
      tokens: cost.tokens,
      operations: cost.operations
    )
    for (count, value) in counts { row.tokens[count.rawValue] = value }
    meter.account(for: &row)
    start = now
    attempt { () throws(LedgerError) in try writer.append(row) }
  }

  /// Opens the ledger, and says so where it had to be repaired; where that was tried, nothing happens.
  func open() {
    guard case .unopened = state else { return }
    state = .closed
    do {
      let folder = try DataFolder(environment: ProcessInfo.processInfo.environment).ledgerPath
      let writer = try LedgerWriter(folder: folder, writer: name)
      if let repair = writer.repair { Output.errorLine("hadal: \(repair.notice)") }
      state = .open(writer, try? LedgerKey(folder: folder))
    } catch { warn(error) }
  }

  /// Brings the rows to the disk and signs the chain's head; nil where there is no row or no key.
  func makeSignedHead() -> SignedHead? {
    flush()
    guard case .open(let writer, let key?) = state, writer.head.n > 0 else { return nil }
    return key.sign(writer.head, of: writer.writer, time: Date().formatted(.iso8601))
  }

  /// Brings the rows to the disk.
  func flush() {
    guard case .open(let writer, _) = state else { return }
    attempt { () throws(LedgerError) in try writer.flush() }
  }

  private func attempt(_ body: () throws(LedgerError) -> Void) {
    do { try body() } catch {
      state = .closed
      warn(error)
    }
  }

  private func warn(_ error: any Error) {
    var parts = ErrorReport.Parts(error)
    parts.what = "the ledger cannot be written, and this work has no row: \(parts.what)"
    parts.remedy = (parts.remedy.map { "\($0); or " } ?? "") + "--no-ledger"
    parts.print()
  }

  private func facts(of loaded: LoadedModel, quickly: Bool) -> Facts {
    if let knownFacts, known === loaded { return knownFacts }
    let facts = Facts(loaded, threadCount: threadCount, quickly: quickly)
    (known, knownFacts) = (loaded, facts)
    return facts
  }
}
