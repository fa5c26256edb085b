// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `hadal eval` as a person and a script see it.
@Suite struct EvalCommandTests {
  private static let stories = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"
  private static let task = """
    {"id":"a","prompt":"Once upon a time","any_of":["LITTLE girl"]}

    {"prompt":"Once upon a time","answer":"x","kind":"story"}
    {"id":"c","prompt":"Once upon a time","answer":3}
    """

  /// A folder with tasks, and a home of its own.
  private struct Scene {
    let folder: String

    init(_ files: [String: String] = ["story.jsonl": EvalCommandTests.task]) throws {
      folder = try SystemFolder.makeTemporary()
      for (name, text) in files {
        try SystemFolder.write(Array(text.utf8), to: folder + "/" + name)
      }
    }

    func eval(
      _ arguments: [String],
      model: String = EvalCommandTests.stories
    ) throws -> HadalProcess.Outcome {
      try HadalProcess.run(
        ["eval", model] + arguments,
        environment: ["XDG_DATA_HOME": folder + "/data"]
      )
    }

    func path(_ name: String) -> String { folder + "/" + name }

    func objects(_ name: String) throws -> [JSONValue] {
      try Oracles.bytes(at: path(name)).split(separator: 0x0A).map {
        try JSONDocument(Array($0)).root
      }
    }

    /// The rows that evaluations left.
    var rows: [JSONValue] {
      get throws { try objects("data/hadal/ledger/eval.jsonl") }
    }

    func remove() { SystemFolder.remove(folder) }
  }

  private func object(_ line: String) throws -> JSONValue {
    try JSONDocument(Array(line.utf8)).root
  }

  @Test func `a task is a line of JSON and a row of the ledger, whatever its rate is`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    let run = try scene.eval(
      ["--task", scene.path("story.jsonl"), "--task", scene.path("story.jsonl")]
        + ["--max-tokens", "20", "--json"]
    )
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.lines.count == 2 && run.lines.first == run.lines.last)
    let result = try object(run.lines[0])
    #expect(result.object?.map(\.key) == ["task", "n", "correct", "rate", "low", "high"])
    #expect(result["task"]?.string == "story" && result["n"]?.integer == 3)
    #expect(result["correct"]?.integer == 1)
    #expect(abs((result["low"]?.double ?? 0) - 0.0615) < 1e-4)
    #expect(abs((result["high"]?.double ?? 0) - 0.7923) < 1e-4)
    let rows = try scene.rows
    #expect(rows.count == 2)
    #expect(rows.allSatisfy { $0["kind"]?.string == "evaluate" && $0["run"]?.string == "story" })
    #expect(rows[0]["tokens"]?["completion"]?.integer == 60)
    #expect((rows[0]["operations"]?.double ?? 0) > 1e6)
    #expect(rows[1]["prev"]?.string == rows[0]["hash"]?.string)
  }

  @Test func `a person reads a table`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    let run = try scene.eval(["--task", scene.path("story.jsonl"), "--max-tokens", "20"])
    #expect(run.exitCode == 0 && run.errors.isEmpty)
    let cells = run.lines.map { $0.split(separator: " ") }
    #expect(cells.count == 2 && cells[0].prefix(4) == ["task", "n", "correct", "rate"])
    #expect(cells[1] == ["story", "3", "1", "33.3", "%", "6.1–79.2", "%", "3"])
    #expect(run.lines[0].count == run.lines[1].count)
  }

  @Test func `answers are written in order, each with what was expected`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    let run = try scene.eval(
      ["--task", scene.path("story.jsonl"), "--max-tokens", "20"]
        + ["--answers", scene.path("answers.jsonl"), "--limit", "2"]
    )
    #expect(run.exitCode == 0)
    let answers = try scene.objects("answers.jsonl")
    #expect(answers.count == 2)
    #expect(
      answers[0].object?.map(\.key)
        == ["task", "id", "sample", "prompt", "reasoning", "text", "expected", "correct", "finish"]
    )
    #expect(answers[0]["id"]?.string == "a" && answers[0]["correct"]?.boolean == true)
    #expect(answers[0]["text"]?.string?.hasPrefix(", there was a little girl") == true)
    #expect(answers[0]["prompt"]?.string == "Once upon a time")
    #expect(answers[0]["finish"]?.string == "length" && answers[0]["sample"]?.integer == 0)
    #expect(answers[1]["id"]?.integer == 2 && answers[1]["correct"]?.boolean == false)
    #expect(answers[1]["expected"]?.array?.compactMap(\.string) == ["x"])
    #expect(try SystemFolder.names(in: scene.folder).allSatisfy { !$0.contains("partial") })
  }

  @Test func `samples have seeds of their own, and neither batch nor threads change them`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    let arguments = [
      "--task", scene.path("story.jsonl"), "--temperature", "1", "--samples", "4",
      "--max-tokens", "20", "--answers", scene.path("answers.jsonl"), "--json",
    ]
    let first = try scene.eval(arguments)
    let answers = try scene.objects("answers.jsonl")
    #expect(try object(first.lines[0])["n"]?.integer == 12)
    #expect(answers.compactMap { $0["sample"]?.integer } == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
    #expect(Set(answers.compactMap { $0["text"]?.string }).count > 8)
    let bytes = try Oracles.bytes(at: scene.path("answers.jsonl"))
    let second = try scene.eval(arguments + ["--max-batch", "1", "--threads", "1"])
    #expect(second.output == first.output)
    #expect(try Oracles.bytes(at: scene.path("answers.jsonl")) == bytes)
    _ = try scene.eval(arguments + ["--seed", "8"])
    #expect(try Oracles.bytes(at: scene.path("answers.jsonl")) != bytes)
  }

  @Test func `with a chat template the reasoning stands apart and is not judged`() throws {
    let turns =
      #"[{"role":"user","content":"a"},{"role":"assistant","content":"b"},"#
      + #"{"role":"user","content":"and 4 + 8?"}]"#
    let scene = try Scene([
      "sums.jsonl": "{\"prompt\":\"What is 3 + 2?\",\"answer\":5}\n"
        + "{\"messages\":\(turns),\"answer\":9}\n"
        + "{\"prompt\":\"Who are you?\",\"verifier\":\"identity\"}\n"
    ])
    defer { scene.remove() }
    var scripted = ScriptedModel([.init("three and two, 9? </think> It is 5.")])
    scripted.opensReasoning = true
    try scripted.write(to: scene.path("model"))
    let run = try scene.eval(
      ["--task", scene.path("sums.jsonl"), "--answers", scene.path("answers.jsonl"), "--json"],
      model: scene.path("model")
    )
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(try object(run.lines[0])["correct"]?.integer == 2)
    let answers = try scene.objects("answers.jsonl")
    #expect(answers.compactMap { $0["correct"]?.boolean } == [true, false, true])
    #expect(answers[0]["reasoning"]?.string?.hasPrefix("three and two") == true)
    #expect(answers[0]["text"]?.string == " It is 5." && answers[0]["finish"]?.string == "stop")
    #expect(answers[1]["prompt"]?.array?.count == 3)
    #expect(answers[2]["expected"]?.isNull == true)
  }

  @Test func `a model that claims to be somebody else's fails the probe`() throws {
    let scene = try Scene(["who.jsonl": "{\"prompt\":\"Who are you?\",\"fails_if\":\"…\"}"])
    defer { scene.remove() }
    for (index, text) in ["I am nano, inside Hadal.", "I am ChatGPT, made by OpenAI."].enumerated()
    {
      let model = scene.path("model\(index)")
      try ScriptedModel([.init(text)]).write(to: model)
      let run = try scene.eval(["--task", scene.path("who.jsonl"), "--json"], model: model)
      #expect(try object(run.lines[0])["correct"]?.integer == 1 - index, "\(text)")
    }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `the recorded probes run as they stand`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    let probes = (Oracles.folder ?? "") + "/instruct/identity-probes.jsonl"
    let run = try scene.eval(["--task", probes, "--max-tokens", "8", "--json"])
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    let result = try object(run.lines[0])
    #expect(result["task"]?.string == "identity-probes" && result["n"]?.integer == 60)
  }

  @Test func `bad calls end with the contract's codes and say what to do`() throws {
    let long = "{\"prompt\":\"\(String(repeating: "word ", count: 3000))\",\"answer\":1}"
    let scene = try Scene([
      "story.jsonl": Self.task, "bad.jsonl": "\n{\"prompt\":\"a\"}", "empty.jsonl": "\n",
      "long.jsonl": long,
    ])
    defer { scene.remove() }
    let story = scene.path("story.jsonl")
    let cases: [(arguments: [String], code: Int32, words: String)] = [
      (["--task", scene.path("bad.jsonl")], 65, "bad.jsonl, line 2, field verifier"),
      (["--task", scene.path("empty.jsonl")], 65, "no question"),
      (["--task", scene.path("long.jsonl")], 65, "task long, question 1"),
      (["--task", scene.path("absent.jsonl")], 66, "absent.jsonl"),
      (["--task", scene.folder], 66, "directory"),
      (["--task", "no-such-task"], 64, "'no-such-task' is neither"),
      (["--task", story, "--samples", "2"], 64, "--temperature"),
      (["--task", story, "--samples", "0"], 64, "--samples is 0"),
      (["--task", story, "--limit", "0"], 64, "--limit is 0"),
      (["--task", story, "--temperature", "-1"], 64, "--temperature"),
      (["--task", story, "-m", Self.stories], 64, "exclude each other"),
      (["--task", story, "--answers", "/nowhere/a.jsonl"], 73, "/nowhere/a.jsonl"),
    ]
    for (arguments, code, words) in cases {
      let run = try scene.eval(arguments)
      #expect(run.exitCode == code, "\(arguments): \(run.errors)")
      #expect(run.errors.hasPrefix("hadal: ") && run.errors.contains(words), "\(run.errors)")
      #expect(run.output.isEmpty, "\(arguments)")
    }
    let run = try scene.eval(["--task", scene.path("bad.jsonl"), "--json"])
    #expect(try object(run.lines[0])["error"]?["code"]?.integer == 65)
    #expect(try scene.eval(["--task", story], model: "/nowhere").exitCode == 66)
  }

  // Method: SIGINT while thousands of answers are made. The file of answers must not be there, nor
  // anything beside it; the ledger has a row for what was done.
  @Test func `an interrupted evaluation ends with 130 and leaves its row alone`() throws {
    let line = "{\"prompt\":\"Once upon a time\",\"answer\":1}\n"
    let scene = try Scene(["long.jsonl": String(repeating: line, count: 20_000)])
    defer { scene.remove() }
    let run = try HadalProcess.shell(
      """
      set -m
      XDG_DATA_HOME='\(scene.path("data"))' "$HADAL" eval '\(Self.stories)' --json \
        --task '\(scene.path("long.jsonl"))' --answers '\(scene.path("answers.jsonl"))' \
        2> '\(scene.path("errors"))' &
      until [ -e '\(scene.path("data/hadal/ledger/eval.jsonl"))' ]; do
        kill -0 $! || exit 1
      done
      kill -INT $!
      wait $!
      """
    )
    #expect(run.exitCode == 130 && run.output.isEmpty, "\(run.errors)")
    #expect(try Oracles.bytes(at: scene.path("errors")).isEmpty)
    #expect(try SystemFolder.names(in: scene.folder).sorted() == ["data", "errors", "long.jsonl"])
    #expect(try scene.rows.map { $0["kind"]?.string } == ["evaluate"])
  }
}
