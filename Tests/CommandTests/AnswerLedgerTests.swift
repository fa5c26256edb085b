// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// The rows that `run`, `chat` and `eval` leave.
@Suite struct AnswerLedgerTests {
  private let stories = LedgerScene.stories

  @Test func `an answer of run is a row with its cost`() throws {
    let scene = try LedgerScene()
    let run = try scene.hadal([
      "run", "-m", stories, "--prompt-ids", "1,403", "--max-tokens", "5", "--threads", "1",
      "--watts", "36", "--usd-per-kwh", "0.5",
    ])
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    let row = try #require(try scene.rows().first)
    #expect(row["kind"]?.string == "answer" && row["writer"]?.string == "run")
    #expect(row["tokens"]?["prompt"]?.integer == 2 && row["tokens"]?["completion"]?.integer == 5)
    let seconds = try #require(row["seconds"]?.double)
    #expect(seconds > 0 && (row["operations"]?.double ?? 0) > 1e6)
    #expect(row["device"]?.string?.contains("1 threads") == true)
    // The hash of the one file, as sha256sum prints it.
    #expect(row["weights"]?.string?.count == 64)
    if row["joules_source"]?.string == "estimated" {
      #expect(row["joules"]?.double == 36 * seconds)
    }
    let joules = try #require(row["joules"]?.double)
    #expect(row["usd"]?.double == joules / 3.6e6 * 0.5 && row["prices"]?.string == "0.5 USD/kWh")
  }

  @Test func `a batch leaves a row an answer, and none for a line that is at fault`() throws {
    let scene = try LedgerScene()
    let lines = """
      {"prompt_ids":[1],"max_tokens":2}
      {"prompt_ids":[99999],"max_tokens":2}
      {"prompt_ids":[1],"max_tokens":3}
      """
    let run = try scene.hadal(["run", "-m", stories, "--batch", "-"], input: lines)
    #expect(run.exitCode == 65)
    let counts = try scene.rows().compactMap { $0["tokens"]?["completion"]?.integer }
    #expect(counts.sorted() == [2, 3])
  }

  @Test func `a conversation's answers are rows that name it, and what the cache held`() throws {
    let scene = try LedgerScene()
    let model = scene.folder + "/model"
    try ScriptedModel([.init("Good day."), .init("A fjord is an inlet.")]).write(to: model)
    let chat = try scene.hadal(["chat", "-m", model], input: "hello\nwhat is a fjord?\n")
    #expect(chat.exitCode == 0 && chat.errors.isEmpty, "\(chat.errors)")
    let rows = try scene.rows("chat.jsonl")
    #expect(rows.count == 2 && rows.allSatisfy { $0["run"]?.string?.count == 8 })
    #expect(Set(rows.compactMap { $0["run"]?.string }).count == 1)
    #expect(rows[0]["tokens"]?["cached"] == nil)
    #expect((rows[1]["tokens"]?["cached"]?.integer ?? 0) > 0)
    let unsaved = try scene.hadal(["chat", "-m", model, "--no-save"], input: "hello\n")
    #expect(unsaved.exitCode == 0)
    #expect(try scene.rows("chat.jsonl").last?["run"]?.isNull == true)
  }

  @Test func `a task's row says how many answers were right`() throws {
    let scene = try LedgerScene()
    let task = scene.folder + "/story.jsonl"
    try SystemFolder.write(
      Array(
        """
        {"prompt":"Once upon a time","any_of":["little girl"]}
        {"prompt":"Once upon a time","answer":"x"}
        """.utf8
      ),
      to: task
    )
    let run = try scene.hadal(["eval", stories, "--task", task, "--max-tokens", "20"])
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    let row = try #require(try scene.rows("eval.jsonl").first)
    #expect(row["tokens"]?["answers"]?.integer == 2 && row["tokens"]?["correct"]?.integer == 1)
    #expect(row["weights"]?.string?.count == 64)
  }

  @Test(arguments: [
    ["run", "-m", LedgerScene.stories, "--prompt-ids", "1", "--max-tokens", "3"],
    ["chat", "-m", "MODEL", "--no-save"],
    ["eval", LedgerScene.stories, "--task", "TASK", "--max-tokens", "3"],
  ])
  func `where no row can be written, one warning says so and the answer comes`(
    _ command: [String]
  ) throws {
    let scene = try LedgerScene()
    let (model, task) = (scene.folder + "/model", scene.folder + "/task.jsonl")
    try ScriptedModel([.init("Good day."), .init("Good evening.")]).write(to: model)
    try SystemFolder.write(Array("{\"prompt\":\"a\",\"answer\":\"b\"}\n".utf8), to: task)
    let arguments = command.map { ["MODEL": model, "TASK": task][$0] ?? $0 }
    try SystemFolder.write([], to: scene.folder + "/file")
    let input = command[0] == "chat" ? "hello\nhello\n" : ""
    let plain = try scene.hadal(arguments, input: input)
    let run = try scene.hadal(
      arguments,
      input: input,
      environment: ["XDG_DATA_HOME": scene.folder + "/file"]
    )
    #expect(run.exitCode == 0 && run.output == plain.output)
    let lines = run.errors.split(separator: "\n")
    #expect(lines.count == 2, "\(run.errors)")
    #expect(lines.first?.hasPrefix("hadal: the ledger cannot be written") == true)
    #expect(lines.last?.hasSuffix("--no-ledger") == true)
    // What was asked not to be written is not missed.
    let silent = try scene.hadal(
      arguments + ["--no-ledger"],
      input: input,
      environment: ["XDG_DATA_HOME": scene.folder + "/file"]
    )
    #expect(silent.exitCode == 0 && silent.errors.isEmpty, "\(silent.errors)")
  }

  @Test func `a run of training goes on without rows where none can be written`() throws {
    let folder = try TrainingFolder("steps: 2\ncheckpoints: {every: 1, keep: 1}")
    try SystemFolder.write([], to: folder.path + "/file")
    let run = try HadalProcess.run(
      ["train", folder.recipe, "--out", folder.path + "/run"],
      environment: ["XDG_DATA_HOME": folder.path + "/file"]
    )
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = run.errors.split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("hadal: the ledger cannot be written") }.count == 1)
    #expect(lines.contains { $0.hasSuffix("--no-ledger") })
    let record = folder.path + "/run/checkpoints/step-00000002/record.json"
    #expect(try JSONDocument(Oracles.bytes(at: record)).root["ledger"]?.isNull == true)
  }

  @Test func `a setting leaves the rows out, and the command line takes it back`() throws {
    let scene = try LedgerScene()
    let settings = scene.folder + "/config.yaml"
    try SystemFolder.write(Array("ledger: false\n".utf8), to: settings)
    let arguments = ["run", "-m", stories, "--prompt-ids", "1", "--max-tokens", "1"]
    let off = try scene.hadal(arguments, environment: ["HADAL_CONFIG": settings])
    #expect(off.exitCode == 0 && off.errors.isEmpty, "\(off.errors)")
    #expect(!SystemFolder.exists(scene.ledger))
    let on = try scene.hadal(arguments + ["--ledger"], environment: ["HADAL_CONFIG": settings])
    #expect(on.exitCode == 0)
    #expect(try scene.rows().count == 1)
    // Sections whose lines are all commented out are no settings of the options of that name.
    try SystemFolder.write(Array("ledger:\nrun:\n".utf8), to: settings)
    let empty = try scene.hadal(arguments, environment: ["HADAL_CONFIG": settings])
    #expect(empty.exitCode == 0 && empty.errors.isEmpty, "\(empty.errors)")
  }

  @Test func `an answer that is interrupted is a row too`() throws {
    let scene = try LedgerScene()
    let run = try HadalProcess.shell(
      """
      export XDG_DATA_HOME='\(scene.folder)/data'
      set -m
      "$HADAL" run -m '\(stories)' --batch <(
        echo '{"prompt_ids":[1],"max_tokens":1}'
        echo '{"prompt_ids":[1],"max_tokens":500,"ignore_eos":true}'
        yes '{"prompt_ids":[1],"max_tokens":500,"ignore_eos":true}' | head -n 300
      ) --max-batch 2 > /dev/null &
      until [ -s '\(scene.ledger)/run.jsonl' ]; do kill -0 $! || exit 1; done
      kill -INT $!
      wait $!
      echo "code $?"
      """
    )
    #expect(run.output.contains("code 130"), "\(run.errors)")
    #expect(try scene.rows().count >= 2)
    #expect(try scene.hadal(["ledger", "verify"]).exitCode == 0)
  }

  @Test(arguments: [
    ["--ledger", "--no-ledger"], ["--watts", "-1"], ["--usd-per-kwh", "1", "--usd-per-hour", "1"],
    ["--watts", "many"],
  ])
  func `options that make no sense are refused`(_ options: [String]) throws {
    let scene = try LedgerScene()
    let run = try scene.hadal(["run", "-m", stories, "x"] + options)
    #expect(run.exitCode == 64 && run.output.isEmpty)
  }
}
