// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import FoundationEssentials
import Inference
import Storage
import Training

/// `hadal train RECIPE`.
struct TrainRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train a model by a recipe.",
    discussion: """
      Everything that the recipe names is read and checked before anything is written; then the plan
      is printed and the run begins. report.html in the run's folder shows it while it goes on. Each
      step leaves a row in the ledger, $XDG_DATA_HOME/hadal/ledger/train.jsonl. SIGINT and
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

  @Option(
    help: """
      Stop after this step of the recipe, with a checkpoint; --resume goes on. Schedules stay those \
      of the whole recipe.
      """
  )
  var until: Int?

  @Option(help: "Threads to compute with (default: the machine's cores). Changes no result.")
  var threads: Int?

  @Option(help: "Rows computed in one pass (default: some 1,024 tokens). Changes no result.")
  var microBatch: Int?

  @OptionGroup var accounting: LedgerOptions

  @Flag(help: "Print one JSON object a step.")
  var json = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), but must be 1…1024")
    }
    if let until, until < 1 {
      throw ValidationError("--until is \(until), but must be 1 or more")
    }
    if let microBatch, microBatch < 1 {
      throw ValidationError("--micro-batch is \(microBatch), but must be 1 or more")
    }
  }

  func run() throws {
    let trial = try TrialSwitch.fromEnvironment()
    let recipe = trial.order.shortened(try Recipe(path: recipe))
    let device = try CPUDevice(
      threadCount: threads ?? ThreadPool.coreCount,
      path: KernelPath.chosen()
    )
    // LIMIT: a pass of this many tokens keeps the processors busy and the activations small.
    let rows = max(1, 1024 / recipe.settings.length.sequenceLength)
    let output = TrainOutput(json: json, stepCount: recipe.settings.length.stepCount)
    var step = 0
    let run = try TrainingRun(
      recipe,
      folder: out,
      resumes: resume,
      device: device,
      passRowCount: microBatch ?? recipe.passRowCount ?? rows,
      surroundings: try surroundings(device, recipe.computeType),
      planned: output.show,
      hooks: trial.armed(
        TrainingRun.Hooks(
          isWanted: { [until] in !Interruption.isRequested && step < until ?? .max },
          stepped: { metrics in
            step = metrics.step
            output.show(metrics)
          },
          saved: output.saved,
          sampled: output.show,
          noticed: Output.errorLine
        )
      )
    )
    step = run.trainer.cursor.step
    defer { output.end() }
    let isDone = try run.run()
    try output.check()
    if !isDone { try Interruption.check() }
  }

  /// The folder of the ledger, nil where no row is wanted.
  private func ledgerFolder() throws -> String? {
    guard accounting.isWanted else { return nil }
    return try DataFolder(environment: ProcessInfo.processInfo.environment).ledgerPath
  }

  private func surroundings(
    _ device: CPUDevice,
    _ computeType: ComputeType
  ) throws -> RunSurroundings {
    RunSurroundings(
      device: MachineFacts.device(threadCount: device.pool.threadCount, device.name),
      threadCount: device.pool.threadCount,
      peak: try MachineMeasurement.peak(of: device, computeType),
      availableByteCount: SystemMemory.availableByteCount,
      ledgerFolder: try ledgerFolder(),
      costBasis: accounting.basis(threadCount: device.pool.threadCount),
      code: VersionText.version
    )
  }
}
