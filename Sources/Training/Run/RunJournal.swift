// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import Ledger
import Planning

/// What a run leaves for its readers while it goes on: metrics, events, samples, ledger rows, and the
/// page that shows them.
final class RunJournal {
  // LIMIT: a person looks at the page some times a minute; writing it takes milliseconds.
  private static let reportSeconds = 10.0

  private let plan: TrainingPlan
  private let origin: JSONText
  private let reportPath: String
  private let log: MetricsLog
  private let events: EventFileWriter
  private let sampleLog: SampleLog
  private let ledger: RunLedger?
  private var report: RunReport
  private var reported = 0.0

  /// Opens the files of a run's folder, or begins them.
  ///
  /// - Parameters:
  ///   - folder: The run's folder, which is there.
  ///   - recipe: The recipe.
  ///   - materials: What it names.
  ///   - plan: The plan.
  ///   - surroundings: The machine.
  ///   - step: The step that a run goes on from; nil for a new one.
  ///   - warn: Is told what a person should know of the ledger.
  /// - Throws: The error of the file that cannot be had.
  init(
    folder: String,
    recipe: Recipe,
    materials: RunMaterials,
    plan: TrainingPlan,
    surroundings: RunSurroundings,
    resumesAfter step: Int?,
    warn: @escaping (String) -> Void
  ) throws {
    self.plan = plan
    origin = RunOrigin(recipe, materials).json
    reportPath = folder + "/report.html"
    var history = RunHistory()
    let metricsPath = folder + "/metrics.jsonl"
    log =
      if let step {
        try MetricsLog(resuming: metricsPath, after: step) { history.append($0) }
      } else {
        try MetricsLog(creating: metricsPath)
      }
    events = try EventFileWriter(
      folder: folder,
      time: RunClock.seconds,
      host: "hadal",
      resumedAfter: step
    )
    sampleLog = try SampleLog(path: folder + "/samples.jsonl", after: step ?? 0)
    ledger = surroundings.ledgerFolder.map {
      RunLedger(
        folder: $0,
        run: recipe.name,
        recipeDigest: materials.recipeDigest,
        surroundings,
        warn: warn
      )
    }
    let writer = try FileWriter(path: folder + "/recipe.yaml")
    try writer.write(Array(recipe.text.utf8))
    try writer.commit()
    report = RunReport(
      name: recipe.name,
      state: .running,
      time: RunClock.text,
      recipe: recipe.text,
      plan: plan.lines,
      device: surroundings.device,
      stepCount: recipe.settings.length.stepCount,
      history: history,
      samples: sampleLog.samples,
      sources: materials.reportSources(recipe),
      ledgerHead: ledger?.head,
      refreshSeconds: Int(Self.reportSeconds)
    )
    if step == nil { ledger?.append(plan) }
    try writeReport()
  }

  /// Takes the metrics of a step, and its cost.
  ///
  /// - Parameters:
  ///   - metrics: The step.
  ///   - tokenCount: How many tokens it had.
  ///   - attendedLength: The length of a token's sequence in the mean.
  /// - Throws: The error of the file that cannot be written.
  /// - Returns: The metrics with the share of the peak.
  func stepped(
    _ metrics: StepMetrics,
    tokenCount: Int,
    attendedLength: Double
  ) throws -> StepMetrics {
    var metrics = metrics
    let operations = plan.operationsPerToken(attendedLength: attendedLength)
    metrics.shareOfPeak = metrics.tokensPerSecond.flatMap {
      plan.shareOfPeak(tokensPerSecond: $0, operationsPerToken: operations)
    }
    try log.append(metrics)
    try events.write(metrics, time: RunClock.seconds)
    report.history.append(metrics)
    trained(
      seconds: metrics.seconds,
      tokenCount: tokenCount,
      attendedLength: attendedLength
    )
    if RunClock.seconds - reported >= Self.reportSeconds { try writeReport() }
    return metrics
  }

  /// Takes the cost of a step, also of one that ended the run and changed nothing.
  func trained(seconds: Double, tokenCount: Int, attendedLength: Double) {
    account(
      .train,
      seconds: seconds,
      tokens: ["train": tokenCount],
      operations: plan.operationsPerToken(attendedLength: attendedLength) * Double(tokenCount)
    )
  }

  /// Takes the cost of a measurement on held-out rows.
  func validated(seconds: Double, tokenCount: Int) {
    account(
      .evaluate,
      seconds: seconds,
      tokens: ["validation": tokenCount],
      operations: forwardOperations * Double(tokenCount)
    )
  }

  /// Takes samples, and their cost.
  func sampled(_ outcome: RunSampler.Outcome, prompts: [String], step: Int, seconds: Double) throws
  {
    let samples = zip(prompts, outcome.texts).map { prompt, text in
      RunReport.Sample(step: step, prompt: prompt, text: text)
    }
    try sampleLog.append(samples)
    report.samples = sampleLog.samples
    let tokenCount = outcome.promptTokenCount + outcome.tokenCount
    account(
      .answer,
      seconds: seconds,
      tokens: ["completion": outcome.tokenCount, "prompt": outcome.promptTokenCount],
      operations: forwardOperations * Double(tokenCount)
    )
    try writeReport()
  }

  /// Makes what a checkpoint says beside what is compared: time, rate, where the run came from, and
  /// the ledger's head, whose rows are on the disk then.
  func makeRecord() -> [(String, JSONText)] {
    [
      ("time", .string(RunClock.text)),
      ("tokens_per_s", report.history.last?.tokensPerSecond.map(JSONText.double) ?? .null),
      ("run", .string(report.name)),
      ("origin", origin),
      ("ledger", ledger?.makeSignedHead()?.json ?? .null),
    ]
  }

  /// Waits until the metrics are on the disk, as a checkpoint does, and shows what is there.
  func saved() throws {
    try log.flush()
    try writeReport()
  }

  /// Writes the page for the last time; the ledger's rows are on the disk then.
  func end(_ state: RunReport.State) throws {
    report.state = state
    ledger?.flush()
    try writeReport()
  }

  // A forward pass is a third of a step's operations; multi-token prediction has no part in it.
  private var forwardOperations: Double {
    (plan.operationsPerToken.linear + plan.operationsPerToken.attention) / 3
  }

  private func account(
    _ kind: LedgerRow.Kind,
    seconds: Double,
    tokens: [String: Int],
    operations: Double
  ) {
    guard let ledger else { return }
    ledger.append(kind, seconds: seconds, tokens: tokens, operations: operations)
    report.ledgerHead = ledger.head
  }

  private func writeReport() throws {
    report.time = RunClock.text
    reported = RunClock.seconds
    try report.write(to: reportPath)
  }
}

extension RunMaterials {
  /// Where the data came from, as the report shows it.
  func reportSources(_ recipe: Recipe) -> [RunReport.Source] {
    let weights = recipe.sources.map { $0.weight ?? 1 }
    let isWeighted = recipe.sources.contains { $0.weight != nil }
    let sum = weights.reduce(0, +)
    return zip(folders, weights).flatMap { folder, weight in
      folder.index.sources.map { source in
        RunReport.Source(
          name: source.path,
          origin: folder.path,
          license: source.license ?? "not named",
          hash: source.digest,
          documentCount: source.counts.documentCount,
          tokenCount: source.counts.tokenCount,
          share: isWeighted && sum > 0 ? weight / sum : nil
        )
      }
    }
  }
}
