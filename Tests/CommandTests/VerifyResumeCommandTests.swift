// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `hadal train verify-resume` from outside, and runs that die before their first checkpoint.
@Suite struct VerifyResumeCommandTests {
  private func object(_ line: String?) throws -> JSONValue {
    try JSONDocument(Array((try #require(line)).utf8)).root
  }

  private static let points: Set = [
    "begin", "writing-weights", "between-files", "writing-state", "before-rename", "after-rename",
    "between-steps",
  ]

  @Test func `a run that is killed everywhere ends with the bytes of one without a break`() throws {
    let folder = try TrainingFolder()
    let run = try HadalProcess.run(
      ["train", "verify-resume", folder.recipe, "--kills", "8", "--seed", "1", "--json"],
      environment: folder.environment.merging(["TMPDIR": folder.path + "/temporary"]) { $1 }
    )
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.output)\(run.errors)")
    let lines = try run.lines.map { try object($0) }
    let points = lines.dropLast().compactMap { $0["point"]?.string }
    #expect(points.count == 8 && Set(points) == Self.points)
    // With this seed the last kill leaves a run that is done but for what it has to remove.
    #expect(points.last == "after-rename" && lines.dropLast().last?["step"]?.integer == 12)
    let schedules = lines.dropLast().map { [$0["threads"]?.integer, $0["micro_batch"]?.integer] }
    #expect(zip(schedules, schedules.dropFirst()).allSatisfy { $0 != $1 })
    let result = try #require(lines.last)
    #expect(result["kills"]?.integer == 8)
    #expect(result["differences"]?.array?.count == 0)
    // Three checkpoints, the newest two and the best: weights, three of the state, cursor, hashes,
    // configuration and two of the tokenizer each.
    #expect(result["files"]?.integer == 3 * 9 + 1)
    #expect(result["bytes"]?.integer ?? 0 > 100_000)
    #expect(try SystemFolder.names(in: folder.path + "/temporary").isEmpty)
  }

  @Test func `a long recipe is cut, the runs are kept, and what happens is told`() throws {
    let folder = try TrainingFolder("steps: 1000")
    let out = folder.path + "/trial"
    let command = [
      "train", "verify-resume", folder.recipe, "--steps", "6", "--kills", "3", "--out", out,
    ]
    let run = try HadalProcess.run(command, environment: folder.environment)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.output)\(run.errors)")
    #expect(run.lines.first == "6 steps, a checkpoint every 1; the recipe has 1000 and 100")
    #expect(run.lines.count == 6)
    for line in run.lines.dropFirst(2).dropLast() {
      #expect(line.hasPrefix("killed ") && line.contains(", resumed with "), "\(line)")
    }
    #expect(run.lines.last?.hasSuffix(" bytes compared: 0 differences") == true)
    let kept = try ["whole", "killed"].map {
      try SystemFolder.names(in: "\(out)/\($0)/checkpoints").sorted()
    }
    #expect(kept[0] == kept[1] && kept[0].last == "step-00000006")
    let again = try HadalProcess.run(command, environment: folder.environment)
    #expect(again.exitCode == 73 && again.errors.contains("try: another --out"))
  }

  @Test func `what keeps the run from starting is said, with its code`() throws {
    let folder = try TrainingFolder("steps: 2\nmicro_batch: 0")
    let run = try HadalProcess.run(
      ["train", "verify-resume", folder.recipe],
      environment: folder.environment
    )
    #expect(run.exitCode == 78 && run.errors.contains("'micro_batch'"), "\(run.errors)")
    let other = try TrainingFolder("steps: 2")
    SystemFolder.remove(other.path + "/config.json")
    let late = try HadalProcess.run(
      ["train", "verify-resume", other.recipe, "--json"],
      environment: other.environment
    )
    #expect(late.exitCode == 66, "\(late.errors)")
    #expect(late.errors.contains("the run ended with exit code 66"))
    #expect(try object(late.lines.last)["error"]?["code"]?.integer == 66)
    for arguments in [["--kills", "-1"], ["--steps", "0"]] {
      let wrong = try HadalProcess.run(["train", "verify-resume", other.recipe] + arguments)
      #expect(wrong.exitCode == 64)
    }
  }

  @Test func `a run that died before its first checkpoint begins again with --resume alone`() throws
  {
    let folder = try TrainingFolder("steps: 4\ncheckpoints: {every: 4}")
    let out = folder.path + "/run"
    let command = ["train", folder.recipe, "--out", out]
    let environment = folder.environment
    let order = { (text: String) in environment.merging(["HADAL_TRAIN_TRIAL": text]) { $1 } }
    let steps = { (run: HadalProcess.Outcome) in run.lines.filter { $0.hasPrefix("step ") }.count }
    let killed = try HadalProcess.run(command, environment: order("crash=between-steps:3"))
    #expect(killed.exitCode == -9 && steps(killed) == 2, "\(killed.errors)")
    let alone = try HadalProcess.run(command, environment: environment)
    #expect(alone.exitCode == 73)
    #expect(alone.errors.contains("holds a run already"))
    #expect(alone.errors.contains("try: --resume to go on, or another --out"))
    // Killed while the only checkpoint is written: there is still none.
    let again = try HadalProcess.run(
      command + ["--resume"],
      environment: order("crash=before-rename:1")
    )
    #expect(again.exitCode == -9 && steps(again) == 4, "\(again.errors)")
    let done = try HadalProcess.run(command + ["--resume"], environment: environment)
    #expect(done.exitCode == 0 && steps(done) == 4, "\(done.errors)")
    let names = try SystemFolder.names(in: out + "/checkpoints")
    #expect(names == ["step-00000004"], "nothing half-written is left: \(names)")
    let rows = String(decoding: try Oracles.bytes(at: out + "/metrics.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    #expect(try rows.map { try object(String($0))["step"]?.integer } == [1, 2, 3, 4])
    let wrong = try HadalProcess.run(command, environment: order("crash=lunch:1"))
    #expect(wrong.exitCode == 78 && wrong.errors.contains("HADAL_TRAIN_TRIAL"))
  }
}
