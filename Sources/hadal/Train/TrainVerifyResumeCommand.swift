// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Compute
import Diagnostics
import JSON
import Training

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `hadal train verify-resume RECIPE`.
struct TrainVerifyResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-resume",
    abstract: "Kill a run again and again, and compare it with one without a break.",
    discussion: """
      The recipe is run twice, in processes of their own: once without a break, and once killed by
      SIGKILL in the middle of checkpoints and between steps, each time resumed with other threads
      and another micro-batch. Then every byte of the checkpoints that are kept is compared, and
      every number of metrics.jsonl that is no time or rate. Exit 1 where something differs.

        hadal train verify-resume recipe.yaml
        hadal train verify-resume recipe.yaml --steps 24 --kills 14 --seed 7
      """
  )

  @Argument(help: ArgumentHelp("The recipe, a YAML file.", valueName: "recipe"))
  var recipe: String

  @Option(
    help: ArgumentHelp(
      "Keep both runs in this folder (default: a temporary one, which is removed).",
      valueName: "dir"
    )
  )
  var out: String?

  @Option(help: "How often the run is killed; from 7 on at every kind of place.")
  var kills = CrashPoint.allCases.count

  @Option(help: "What the places, threads and micro-batches are drawn from.")
  var seed: UInt64 = 1

  @Option(
    help: "Cut the recipe to so many steps, with checkpoints among them (default: all its steps)."
  )
  var steps: Int?

  @Flag(help: "Print one JSON object a kill, then one with the result.")
  var json = false

  func validate() throws {
    // LIMIT: a day of kills, a second each.
    guard (0...100_000).contains(kills) else {
      throw ValidationError("--kills is \(kills), but must be 0…100000")
    }
    if let steps, !(1...1_000_000_000).contains(steps) {
      throw ValidationError("--steps is \(steps), but must be 1…1000000000")
    }
  }

  func run() throws {
    let given = try Recipe(path: recipe)
    let shortened = TrialOrder(stepCount: steps).shortened(given)
    let trial = ResumeTrial(
      recipePath: recipe,
      stepCount: steps,
      folder: out ?? Self.temporaryFolder
    )
    for folder in [trial.wholeFolder, trial.killedFolder] where try FileKind.of(folder) != nil {
      throw TrialFailure(.trialExists, place: folder)
    }
    try FolderCreation.ensure(trial.folder)
    defer { if out == nil { try? FolderWriter.removeFolder(trial.folder) } }
    try showLength(given, shortened)
    try trial.runWhole()
    try say("ran once without a break")
    let length = shortened.settings.length
    var plan = KillPlan(
      stepCount: length.stepCount,
      interval: shortened.checkpointInterval,
      rowCount: length.rowCount,
      killCount: kills,
      seed: seed
    )
    var killCount = 0
    try trial.runKilled(&plan) { kill, next in
      killCount += 1
      try show(kill, next)
    }
    let comparison = try RunComparison(trial.wholeFolder, trial.killedFolder)
    try show(comparison, killCount: killCount)
    if !comparison.differences.isEmpty {
      throw ArgumentParser.ExitCode(Diagnostics.ExitCode.checkFailed.rawValue)
    }
  }

  private static var temporaryFolder: String {
    // SAFETY: getenv returns a terminated string or nothing; it is copied at once.
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    return "\(parent)/hadal-verify-resume-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  }

  private func say(_ line: String) throws {
    if !json { try Output.line(line) }
  }

  private func showLength(_ given: Recipe, _ shortened: Recipe) throws {
    let count = shortened.settings.length.stepCount
    let cut =
      steps == nil
      ? ""
      : "; the recipe has \(given.settings.length.stepCount) and \(given.checkpointInterval)"
    try say("\(count) steps, a checkpoint every \(shortened.checkpointInterval)\(cut)")
  }

  private func show(_ kill: KillPlan.Kill, _ next: KillPlan.Schedule) throws {
    if json {
      return try Output.json(
        .object([
          ("point", .string(kill.point.rawValue)), ("step", .integer(kill.step)),
          ("threads", .integer(next.threadCount)), ("micro_batch", .integer(next.passRowCount)),
        ])
      )
    }
    let threads = next.threadCount == 1 ? "1 thread" : "\(next.threadCount) threads"
    try Output.line(
      "killed \(kill.place), resumed with \(threads), micro-batch \(next.passRowCount)"
    )
  }

  private func show(_ comparison: RunComparison, killCount: Int) throws {
    let differences = comparison.differences
    if json {
      return try Output.json(
        .object([
          ("kills", .integer(killCount)), ("files", .integer(comparison.fileCount)),
          ("bytes", .integer(comparison.byteCount)),
          ("differences", .array(differences.map(\.json))),
        ])
      )
    }
    for difference in differences { try Output.line("\(difference)") }
    let noun = differences.count == 1 ? "difference" : "differences"
    try Output.line(
      "\(comparison.fileCount) files, \(comparison.byteCount) bytes compared: "
        + "\(differences.count) \(noun)"
    )
  }
}

extension RunComparison.Difference {
  fileprivate var json: JSONText {
    switch kind {
    case .byte(let offset): .object([("file", .string(file)), ("offset", .integer(offset))])
    case .step(let step): .object([("file", .string(file)), ("step", .integer(step))])
    case .onlyInFirst, .onlyInSecond:
      .object([
        ("file", .string(file)), ("only_in", .string(kind == .onlyInFirst ? "whole" : "killed")),
      ])
    }
  }
}
