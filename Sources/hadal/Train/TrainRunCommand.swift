// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Diagnostics
import JSON
import Training

/// `hadal train RECIPE`.
struct TrainRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train a model by a recipe.",
    discussion: """
      Everything that the recipe names is read and checked before anything is written. SIGINT and
      SIGTERM finish the step, write a checkpoint and end with 130 or 143. Neither --threads nor
      --micro-batch changes a bit of the result.

        hadal train run recipe.yaml --out DIR
      """
  )

  @Argument(help: ArgumentHelp("The recipe, a YAML file.", valueName: "recipe"))
  var recipe: String

  @Option(help: ArgumentHelp("The run's folder.", valueName: "dir"))
  var out: String

  @Flag(help: "Go on from the newest checkpoint.")
  var resume = false

  @Option(help: "Threads to compute with (default: the machine's cores). Changes no result.")
  var threads: Int?

  @Option(help: "Rows computed in one pass (default: some 1,024 tokens). Changes no result.")
  var microBatch: Int?

  @Flag(help: "Print one JSON object a step.")
  var json = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), but must be 1…1024")
    }
    if let microBatch, microBatch < 1 {
      throw ValidationError("--micro-batch is \(microBatch), but must be 1 or more")
    }
  }

  func run() throws {
    let recipe = try Recipe(path: recipe)
    let device = try CPUDevice(
      threadCount: threads ?? ThreadPool.coreCount,
      path: KernelPath.chosen()
    )
    // LIMIT: a pass of this many tokens keeps the processors busy and the activations small.
    let rows = max(1, 1024 / recipe.settings.length.sequenceLength)
    let output = TrainOutput(json: json, stepCount: recipe.settings.length.stepCount)
    let run = try TrainingRun(
      recipe,
      folder: out,
      resumes: resume,
      device: device,
      passRowCount: microBatch ?? recipe.passRowCount ?? rows,
      hooks: TrainingRun.Hooks(
        isWanted: { !Interruption.isRequested },
        stepped: output.show,
        saved: output.saved
      )
    )
    let isDone = try run.run()
    try output.check()
    if !isDone { try Interruption.check() }
  }
}

/// What a person, or a program, sees of a run.
private final class TrainOutput {
  private let json: Bool
  private let stepCount: Int
  private var failure: (any Error)?

  init(json: Bool, stepCount: Int) {
    self.json = json
    self.stepCount = stepCount
  }

  func show(_ metrics: StepMetrics) {
    if json { return keep { try Output.json(metrics.json) } }
    let validation = metrics.validationLoss.map { ", validation \(Self.text($0))" } ?? ""
    let rate = metrics.tokensPerSecond.map { Int($0.rounded()) } ?? 0
    keep {
      try Output.line(
        "step \(metrics.step) of \(stepCount): loss \(Self.text(metrics.loss))\(validation), "
          + "gradient norm \(Self.text(metrics.gradientNorm)), \(rate) tokens/s"
      )
    }
  }

  func saved(_ path: String) {
    if !json { keep { try Output.line("saved \(path)") } }
  }

  /// Throws what a line could not be written for.
  func check() throws {
    if let failure { throw failure }
  }

  private func keep(_ body: () throws -> Void) {
    guard failure == nil else { return }
    do { try body() } catch { failure = error }
  }

  /// Four places behind the point.
  private static func text(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "\(value)" }
    let scaled = Int((value.magnitude * 10_000).rounded())
    let places = String(scaled % 10_000)
    let zeros = String(repeating: "0", count: 4 - places.count)
    return (value < 0 ? "-" : "") + "\(scaled / 10_000).\(zeros)\(places)"
  }
}
