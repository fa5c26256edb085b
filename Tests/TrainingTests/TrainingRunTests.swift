// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Glibc
import JSON
import Ledger
import Models
import Synchronization
import TestSupport
import Testing
import Training

/// A run from its recipe to its last checkpoint, and what it leaves for its readers.
@Suite struct TrainingRunTests {
  @Test func `a run leaves metrics, ledger rows, samples, its recipe and a page`() throws {
    let folder = try RecipeFolder()
    let recipe = try folder.recipe()
    let ledger = folder.path + "/ledger"
    var heard: [RunReport.Sample] = []
    let run = try folder.run(
      recipe,
      out: "run",
      surroundings: RunSurroundings(device: "a machine", peak: 1e9, ledgerFolder: ledger),
      hooks: TrainingRun.Hooks(sampled: { heard.append($0) })
    )
    #expect(try run.run())
    let out = folder.path + "/run"
    let rows = try MetricsLog.rows(of: out + "/metrics.jsonl")
    #expect(rows.map(\.step) == Array(1...6))
    #expect(rows.allSatisfy { $0.shareOfPeak != nil && $0.predictionLoss != nil })
    #expect(rows.map { $0.validationLoss != nil } == [false, false, true, false, false, true])
    #expect(heard.map(\.step) == [3, 6])
    // The plan, then six steps, two measurements, two answers: each a row, and none was changed.
    let verification = try LedgerVerification(path: ledger + "/train.jsonl")
    #expect(verification.isIntact && verification.rowCount == 11)
    let record = try JSONDocument(
      Oracles.bytes(at: out + "/checkpoints/step-00000006/record.json")
    ).root
    let head = try SignedHead(record)
    #expect(head.head == verification.head && head.head.n == 11 && head.isGenuine)
    let origin = try #require(record["origin"])
    #expect(origin["planned_tokens"]?.integer == 6 * 4 * 32 && origin["from"]?.isNull == true)
    let sources = origin["data"]?.array?.compactMap { $0["path"]?.string }
    #expect(sources?.first?.hasSuffix("a.txt") == true)
    let page = try String(decoding: Oracles.bytes(at: out + "/report.html"), as: UTF8.self)
    #expect(page.contains("finished") && page.contains("a machine"))
    #expect(page.contains("step 6") && page.contains("the fox"))
    #expect(try Oracles.bytes(at: out + "/recipe.yaml") == Array(recipe.text.utf8))
  }

  @Test(arguments: [(1, 1), (2, 4)])
  func `a run that was stopped goes on to the same bytes`(
    _ threadCount: Int,
    _ passRowCount: Int
  ) throws {
    let folder = try RecipeFolder()
    let recipe = try folder.recipe()
    try folder.run(recipe, out: "whole").run()
    try stop(folder, recipe, after: 3)
    let page = try Oracles.bytes(at: folder.path + "/parts/report.html")
    #expect(String(decoding: page, as: UTF8.self).contains("stopped at step 3"))
    let run = try folder.run(
      recipe,
      out: "parts",
      resumes: true,
      threadCount: threadCount,
      passRowCount: passRowCount
    )
    #expect(try run.run())
    for step in [4, 6] {
      #expect(try folder.files("whole", step: step) == folder.files("parts", step: step))
    }
    let samples = try ["whole", "parts"].map {
      try Oracles.bytes(at: "\(folder.path)/\($0)/samples.jsonl")
    }
    #expect(samples[0] == samples[1])
  }

  /// The folder is free again when this returns.
  private func stop(_ folder: RecipeFolder, _ recipe: Recipe, after count: Int) throws {
    var steps = 0
    let run = try folder.run(
      recipe,
      out: "parts",
      hooks: TrainingRun.Hooks(isWanted: { steps < count }, stepped: { _ in steps += 1 })
    )
    #expect(try !run.run())
  }

  // Reading the weights begins long after the next step has all its gradients.
  @Test func `no weight changes before the checkpoint of the step before is written`() throws {
    let folder = try RecipeFolder()
    let recipe = try folder.recipe()
    try folder.run(recipe, out: "whole").run()
    var heard: [String] = []
    let run = try folder.run(
      recipe,
      out: "slow",
      hooks: TrainingRun.Hooks(
        stepped: { heard.append("step \($0.step)") },
        saved: { path, _ in heard.append(String(path.suffix(1))) },
        crash: { if $0 == .begin { usleep(200_000) } }
      )
    )
    #expect(try run.run())
    #expect(
      heard == ["step 1", "step 2", "2", "step 3", "step 4", "4", "step 5", "step 6", "6"]
    )
    for step in [4, 6] {
      #expect(try folder.files("whole", step: step) == folder.files("slow", step: step))
    }
  }

  @Test func `one folder holds one run, and one process trains in it`() throws {
    let folder = try RecipeFolder()
    let recipe = try folder.recipe()
    let first = try folder.run(recipe, out: "run")
    let held = #expect(throws: TrainingError.self) {
      _ = try folder.run(recipe, out: "run", resumes: true)
    }
    #expect(held?.reason == .runIsHeld && held?.exitCode == .tryAgain)
    let there = #expect(throws: TrainingError.self) { _ = try folder.run(recipe, out: "run") }
    #expect(there?.reason == .runExists && there?.exitCode == .cannotCreate)
    _ = first
  }

  @Test func `another recipe does not go on with a run`() throws {
    let folder = try RecipeFolder()
    try folder.run(folder.recipe(), out: "run").run()
    let other = try folder.recipe(learningRate: 2e-3)
    let error = #expect(throws: TrainingError.self) {
      _ = try folder.run(other, out: "run", resumes: true)
    }
    #expect(error?.exitCode == .configuration)
  }

  @Test func `too little memory is said before anything is written`() throws {
    let folder = try RecipeFolder()
    let recipe = try folder.recipe()
    let error = #expect(throws: TrainingError.self) {
      _ = try folder.run(
        recipe,
        out: "run",
        surroundings: RunSurroundings(availableByteCount: 100_000)
      )
    }
    #expect(error?.exitCode == .unavailable)
    #expect(try FileKind.of(folder.path + "/run") == nil)
  }

  @Test func `a loss far above the mean ends the run and names the batch`() throws {
    let folder = try RecipeFolder()
    // Any loss above the mean is one, and this rate has some.
    let recipe = try folder.recipe("spike: {factor: 1}", learningRate: 0.5)
    let run = try folder.run(recipe, out: "run")
    let error = #expect(throws: TrainingError.self) { try run.run() }
    guard case .stopped(.spike, let step, _, let batch) = error?.reason else {
      Issue.record("it ended with \(error.map { $0.what } ?? "nothing")")
      return
    }
    #expect(step > 1 && batch.contains("a.txt:"))
    let last = step > 2 ? "\(folder.path)/run/checkpoints/step-0000000\((step - 1) / 2 * 2)" : nil
    #expect(error?.lastGood == last)
    let page = try Oracles.bytes(at: folder.path + "/run/report.html")
    #expect(String(decoding: page, as: UTF8.self).contains("far above those before"))
  }

  // A limit of the process's files, set when the weights of the second checkpoint are half written, is
  // a disk that is full from then on.
  @Test func `a disk that is full during a checkpoint leaves the one before, and names it`()
    async throws
  {
    let folder = try RecipeFolder()
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      let folder = RecipeFolder(at: path)
      let saved = Mutex(0)
      let run = try folder.run(
        folder.recipe(),
        out: "run",
        hooks: TrainingRun.Hooks(
          saved: { _, _ in saved.withLock { $0 += 1 } },
          crash: { point in
            guard point == .writingWeights, saved.withLock({ $0 }) == 1 else { return }
            #expect(FileLimit.set(1000))
          }
        )
      )
      let error = #expect(throws: TrainingError.self) { try run.run() }
      #expect(error?.exitCode == .inputOutput)
      #expect(error?.lastGood == path + "/run/checkpoints/step-00000002")
      #expect(error?.what.hasPrefix("the checkpoint of step 4 cannot be written") == true)
    }
    let names = try SystemFolder.names(in: folder.path + "/run/checkpoints")
    #expect(names == ["step-00000002"], "nothing half-written is left")
    #expect(try folder.run(folder.recipe(), out: "run", resumes: true).run())
  }

  // Buffers are as long as the largest pass asked for; the count leaves out what is shared between
  // layers, which is why it may be some percent off.
  @Test func `the plan's activations are what a step keeps`() throws {
    var tiny = TinyRun()
    tiny.passRowCount = 6
    let trainer = try tiny.trainer()
    for _ in 0..<4 { try TinyRun.step(trainer) }
    let rows = 6 / tiny.slotCount + 1
    let planned = ActivationCount(try TinyRun.architecture(), trainsPrediction: true)
      .keptByteCount(tokenCount: rows * 21)
    let held = trainer.decoder.workspaceByteCount
    #expect((0.9...1.1).contains(Double(planned) / Double(held)), "\(planned) for \(held)")
  }
}
