// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import TestSupport
import Testing

/// `hadal label` of a run's checkpoint, of a model of others, and of the one within the program.
@Suite struct LabelCommandTests {
  private func label(
    _ arguments: [String],
    _ environment: [String: String]
  ) throws -> JSONValue {
    let run = try HadalProcess.run(["label", "--json"] + arguments, environment: environment)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    return try #require(try LedgerScene.objects(run.output).first)
  }

  /// The tokens of the steps of a run, up to a row, as the chain itself has them: those of the rows'
  /// documents, without what fills the rows up.
  private func trained(
    _ folder: borrowing TrainingFolder,
    _ run: String = "run",
    upTo n: Int = .max
  ) throws -> Int {
    let bytes = try Oracles.bytes(at: folder.path + "/data/hadal/ledger/train.jsonl")
    return try LedgerScene.objects(String(decoding: bytes, as: UTF8.self))
      .filter { $0["run"]?.string == run && $0["kind"]?.string == "train" }
      .filter { $0["n"]?.integer ?? 0 <= n }
      .reduce(0) { $0 + ($1["tokens"]?["train"]?.integer ?? 0) }
  }

  private func texts(_ value: JSONValue?) -> [String] { value?.array?.compactMap(\.string) ?? [] }

  @Test func `a checkpoint's label has its data, cost and evaluation, and names the rows`() throws {
    let folder = try TrainingFolder()
    let train = try HadalProcess.run(
      ["train", folder.recipe, "--out", folder.path + "/run", "--watts", "50"]
        + ["--usd-per-kwh", "0.3"],
      environment: folder.environment
    )
    #expect(train.exitCode == 0, "\(train.errors)")
    let checkpoint = folder.path + "/run/checkpoints/step-00000012"
    let task = folder.path + "/identity.jsonl"
    try SystemFolder.write(
      Array("{\"prompt\":\"who\",\"verifier\":\"identity\"}\n".utf8),
      to: task
    )
    let eval = try HadalProcess.run(
      ["eval", checkpoint, "--task", task, "--max-tokens", "4"],
      environment: folder.environment
    )
    #expect(eval.exitCode == 0, "\(eval.errors)")
    let label = try label([checkpoint], folder.environment)
    let stages = Array(try #require(label["stages"]?.array))
    #expect(stages.count == 1)
    let stage = stages[0]
    let tokenCount = try trained(folder)
    #expect(stage["tokens"]?.integer == tokenCount && tokenCount > 10 * 4 * 24)
    #expect(stage["head_verdict"]?.string == "in this ledger")
    #expect(stage["rows"]?.elements.first?["writer"]?.string == "train")
    #expect(stage["data"]?.elements.first?["path"]?.string?.hasSuffix("a.txt") == true)
    #expect((label["totals"]?["hours"]?.double ?? 0) > 0)
    #expect((label["totals"]?["energy_kwh"]?.double ?? 0) > 0)
    #expect((label["totals"]?["usd"]?.double ?? 0) > 0)
    let evaluation = try #require(label["evaluation"]?.elements.first)
    #expect(evaluation["task"]?.string == "identity" && evaluation["n"]?.integer == 1)
    #expect(evaluation["low"]?.double != nil)
    #expect(evaluation["rows"]?.elements.first?["writer"]?.string == "eval")
    #expect(label["identity"]?["task"]?.string == "identity")
    #expect(texts(label["unknown"]) == ["the license of some data"])
    let page = try HadalProcess.run(["label", checkpoint], environment: folder.environment)
    for words in ["# Label of ", "## Data", "## Training", "## Evaluation", "(train 2–"] {
      #expect(page.output.contains(words), "\(words): \(page.output)")
    }
  }

  @Test func `an earlier checkpoint has the rows up to its own alone`() throws {
    let folder = try TrainingFolder("steps: 6\ncheckpoints: {every: 3, keep: 2}")
    let train = try HadalProcess.run(
      ["train", folder.recipe, "--out", folder.path + "/run"],
      environment: folder.environment
    )
    #expect(train.exitCode == 0, "\(train.errors)")
    let early = try label([folder.path + "/run/checkpoints/step-00000003"], folder.environment)
    let head = try #require(early["stages"]?.elements.first?["head"]?["n"]?.integer)
    let tokenCount = try trained(folder, upTo: head)
    #expect(early["totals"]?["tokens"]?.integer == tokenCount)
    #expect(try tokenCount < trained(folder) && tokenCount > 2 * 4 * 24)
    // Without the ledger the checkpoint itself says how many tokens it has seen, and nothing of hours.
    let elsewhere = try label(
      [folder.path + "/run/checkpoints/step-00000003"],
      ["XDG_DATA_HOME": folder.path + "/elsewhere"]
    )
    #expect(elsewhere["totals"]?["tokens"]?.integer == 3 * 4 * 24)
    #expect(elsewhere["totals"]?["hours"]?.isNull == true)
    #expect(elsewhere["stages"]?.elements.first?["head_verdict"]?.string == "not in this ledger")
  }

  @Test func `a run that went on from another has both, and a report has plan and error`() throws {
    let folder = try TrainingFolder("steps: 3\ncheckpoints: {every: 3, keep: 1}")
    let first = try HadalProcess.run(
      ["train", folder.recipe, "--out", folder.path + "/first"],
      environment: folder.environment
    )
    #expect(first.exitCode == 0, "\(first.errors)")
    let base = folder.path + "/first/checkpoints/step-00000003"
    let recipe = try String(decoding: Oracles.bytes(at: folder.recipe), as: UTF8.self)
      .replacing("model: {config: config.json, deviation: 0.1}", with: "model: {from: \(base)}")
    let second = folder.path + "/second.yaml"
    try SystemFolder.write(Array("name: second\n\(recipe)".utf8), to: second)
    let other = try HadalProcess.run(
      ["train", second, "--out", folder.path + "/second"],
      environment: folder.environment
    )
    #expect(other.exitCode == 0, "\(other.errors)")
    let label = try label([folder.path + "/second/checkpoints/step-00000003"], folder.environment)
    #expect(label["stages"]?.array?.compactMap { $0["run"]?.string } == ["second", "run"])
    let tokenCount = try trained(folder, "second")
    #expect(try label["totals"]?["tokens"]?.integer == tokenCount + trained(folder))
    #expect(texts(label["lineage"]) == [base])
    let report = try HadalProcess.run(
      ["ledger", "report", "--by", "run", "--kind", "train", "--json"],
      environment: folder.environment
    )
    #expect(report.lines.count == 3, "\(report.output)")
    let runs = try LedgerScene.objects(
      HadalProcess.run(
        ["ledger", "report", "--by", "run", "--json"],
        environment: folder.environment
      ).output
    )
    let plan = try #require(runs.first { $0["key"]?.string == "second" }?["plan"])
    #expect(plan["tokens"]?.integer == 3 * 4 * 24 && plan["spent_tokens"]?.integer == tokenCount)
    #expect(plan["seconds"]?.double != nil && plan["error"]?.double != nil)
  }

  @Test func `a model of others says what is unknown`() throws {
    let scene = try LedgerScene()
    let label = try label([LedgerScene.stories], ["XDG_DATA_HOME": scene.folder])
    #expect(label["weights"]?.string?.count == 64 && label["stages"]?.elements.isEmpty == true)
    #expect((label["parameters"]?["total"]?.integer ?? 0) > 200_000)
    #expect(
      texts(label["unknown"]) == [
        "all of the data", "tokens", "hours", "energy", "money", "evaluation",
        "what it says of itself",
      ]
    )
    #expect(try HadalProcess.run(["label", "/nowhere"]).exitCode == 66)
  }

  @Test(
    .enabled(if: EmbeddedFile.named("recipe/label.json") != nil, "needs a program with a model")
  )
  func `nano's label is stated until somebody evaluates it here`() throws {
    let scene = try LedgerScene()
    let environment = ["XDG_DATA_HOME": scene.folder + "/data"]
    let stated = try label(["nano"], environment)
    let text = String(decoding: EmbeddedFile.named("recipe/label.json")?.bytes ?? [], as: UTF8.self)
    guard let weights = stated["weights"]?.string, text.contains(weights) else {
      // Of a model that was trained anew since nothing is stated.
      #expect(stated["stages"]?.elements.isEmpty == true)
      return
    }
    #expect(stated["evaluation_stated"]?.boolean == true)
    let stages = stated["stages"]?.elements ?? []
    let tokens = stages.compactMap { $0["tokens"]?.integer }
    #expect(tokens.count == stages.count && stages.count > 1)
    #expect(stated["totals"]?["tokens"]?.integer == tokens.reduce(0, +))
    // No meter was read when it was trained.
    #expect(texts(stated["unknown"]).contains("energy"))
    let eval = try scene.hadal(["eval", "nano", "--task", "identity", "--limit", "2"])
    #expect(eval.exitCode == 0, "\(eval.errors)")
    let own = try label(["nano"], environment)
    #expect(own["evaluation_stated"]?.boolean == false)
    #expect(own["evaluation"]?.elements.first?["n"]?.integer == 2)
    let page = try scene.hadal(["label", "nano"])
    #expect(page.output.contains("(stated)") && page.output.contains("CC BY 4.0"))
  }

  @Test func `a label beside other weights says nothing of these`() throws {
    let scene = try LedgerScene()
    let copy = scene.folder + "/copy"
    try SystemFolder.copy(LedgerScene.stories, to: copy)
    let stage = #"{"run":"theirs","tokens":5,"data":[{"path":"p","license":"MIT"}]}"#
    let environment = ["XDG_DATA_HOME": scene.folder]
    for (weights, count) in [("\"other\"", 0), ("null", 1)] {
      let text = #"{"weights":\#(weights),"stages":[\#(stage)]}"#
      try SystemFolder.write(Array(text.utf8), to: copy + "/label.json")
      let label = try label([copy], environment)
      #expect(label["stages"]?.array?.count == count, "\(weights)")
    }
    try SystemFolder.write(Array("{".utf8), to: copy + "/label.json")
    let broken = try HadalProcess.run(["label", copy], environment: environment)
    #expect(broken.exitCode == 65 && broken.errors.contains("label.json, line 1"))
  }
}
