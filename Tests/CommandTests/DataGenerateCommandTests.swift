// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `hadal data generate` from outside.
@Suite struct DataGenerateCommandTests {
  private static let plan = """
    count: 60
    held_out: {operands: 0.2}
    kinds:
      - {name: add, ask: q, say: s, formula: a + b}
      - {ask: hello, weight: 0.5}
    tasks:
      - {name: addition, kinds: [add], count: 20, unseen: operands}
    """
  private static let phrases = """
    [q]
    What is $a + $b?
    [s]
    It is $result.
    [hello]
    Hello
    [hello.say]
    Hello, I am a small program.
    """

  /// A folder with a plan and phrases.
  private struct Scene {
    let folder: String

    init(
      plan: String = DataGenerateCommandTests.plan,
      phrases: String? = DataGenerateCommandTests.phrases
    ) throws {
      folder = try SystemFolder.makeTemporary()
      try write(plan, to: "plan.yaml")
      if let phrases { try write(phrases, to: "phrases/a.phrases") }
    }

    func write(_ text: String, to name: String) throws {
      try SystemFolder.write(Array(text.utf8), to: path(name))
    }

    func path(_ name: String) -> String { folder + "/" + name }

    func generate(
      _ options: [String] = [],
      out: String = "out"
    ) throws -> HadalProcess.Outcome {
      try HadalProcess.run(
        ["data", "generate", path("plan.yaml"), "--out", path(out)] + options
      )
    }

    func objects(_ name: String) throws -> [JSONValue] {
      try Oracles.bytes(at: path(name)).split(separator: 0x0A).map {
        try JSONDocument(Array($0)).root
      }
    }

    func remove() { SystemFolder.remove(folder) }
  }

  @Test func `conversations and tasks are written, and a line says so`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    let run = try scene.generate()
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(run.lines == ["60 conversations and 1 tasks in \(scene.path("out"))"])
    #expect(
      try SystemFolder.names(in: scene.path("out")).sorted() == ["conversations.jsonl", "tasks"]
    )
    #expect(try SystemFolder.names(in: scene.path("out/tasks")) == ["addition.jsonl"])
    let conversations = try scene.objects("out/conversations.jsonl")
    #expect(conversations.count == 60)
    for conversation in conversations {
      let turns = conversation["messages"]?.array?.map { $0 } ?? []
      #expect(turns.compactMap { $0["role"]?.string } == ["user", "assistant"])
      #expect(turns.allSatisfy { $0["content"]?.string?.isEmpty == false })
    }
    let questions = try scene.objects("out/tasks/addition.jsonl")
    #expect(questions.count == 20 && questions[0]["id"]?.string == "addition-1")
    #expect(questions.allSatisfy { $0["verifier"]?.string == "number" })
    #expect(questions.allSatisfy { $0["answer"]?.integer != nil })
  }

  @Test func `with --json the line has counts, bytes and seconds`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    let run = try scene.generate(["--json"])
    #expect(run.exitCode == 0 && run.errors.isEmpty && run.lines.count == 1)
    let said = try JSONDocument(Array((run.lines.first ?? "").utf8)).root
    #expect(said.object?.map(\.key) == ["conversations", "bytes", "tasks", "seconds"])
    #expect(said["conversations"]?.integer == 60)
    #expect(said["bytes"]?.integer == SystemFolder.byteCount(scene.path("out/conversations.jsonl")))
    #expect(said["tasks"]?.array?.compactMap(\.string) == ["addition"])
    #expect((said["seconds"]?.double ?? -1) >= 0)
  }

  @Test func `with --turns conversations have each number of exchanges in a range`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    for (option, counts) in [("3", 3...3), ("2-4", 2...4)] {
      let run = try scene.generate(["--turns", option], out: option)
      #expect(run.exitCode == 0, "\(run.errors)")
      let found = try scene.objects("\(option)/conversations.jsonl").map {
        ($0["messages"]?.array?.count ?? 0) / 2
      }
      #expect(Set(found) == Set(counts))
    }
  }

  @Test(arguments: ["0", "4-2", "2-", "-2", "a", "1-2-3", "10001"])
  func `a number of exchanges that none can have is refused`(_ option: String) throws {
    let scene = try Scene()
    defer { scene.remove() }
    let run = try scene.generate(["--turns=\(option)"])
    #expect(run.exitCode == 64 && run.errors.contains("--turns is '\(option)'"), "\(run.errors)")
  }

  @Test func `what is written is what shards and eval read`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    _ = try scene.generate()
    let tokenizer = try HadalProcess.run([
      "data", "tokenizer", scene.path("out/conversations.jsonl"), "--vocabulary-size", "300",
      "--out", scene.path("tokenizer"), "--json",
    ])
    #expect(tokenizer.exitCode == 0, "\(tokenizer.errors)")
    let guarded = try HadalProcess.run(["data", "guard", scene.path("out/conversations.jsonl")])
    #expect(guarded.exitCode == 0 && guarded.output.hasPrefix("60 documents, 0 hits"))
    let eval = try HadalProcess.run([
      "eval", "/nowhere", "--task", scene.path("out/tasks/addition.jsonl"),
    ])
    #expect(
      eval.exitCode == 66 && eval.errors.contains("/nowhere"),
      "the task is read: \(eval.errors)"
    )
  }

  @Test func `equal runs give equal bytes, and a count cuts them`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    for out in ["a", "b"] { #expect(try scene.generate(out: out).exitCode == 0) }
    #expect(try scene.generate(["--count", "7"], out: "few").exitCode == 0)
    #expect(try scene.generate(["--seed", "2"], out: "other").exitCode == 0)
    for file in ["conversations.jsonl", "tasks/addition.jsonl"] {
      let own = try Oracles.bytes(at: scene.path("a/" + file))
      #expect(try Oracles.bytes(at: scene.path("b/" + file)) == own)
      #expect(try Oracles.bytes(at: scene.path("other/" + file)) != own)
    }
    let few = try Oracles.bytes(at: scene.path("few/conversations.jsonl"))
    let all = try Oracles.bytes(at: scene.path("a/conversations.jsonl"))
    #expect(all.starts(with: few) && few.split(separator: 0x0A).count == 7)
    let task = "tasks/addition.jsonl"
    #expect(
      try Oracles.bytes(at: scene.path("few/" + task)) == Oracles.bytes(at: scene.path("a/" + task))
    )
  }

  @Test func `a task that its kinds cannot fill is warned of`() throws {
    let scene = try Scene(
      plan: Self.plan.replacing("count: 20,", with: "count: 500,"),
      phrases: Self.phrases.replacing("What is $a + $b?", with: "Sum?")
    )
    defer { scene.remove() }
    let run = try scene.generate()
    let count = try scene.objects("out/tasks/addition.jsonl").count
    #expect(run.exitCode == 0 && (1..<500).contains(count))
    #expect(
      run.errors.hasPrefix("hadal: warning: the task 'addition' has \(count) questions, not 500"),
      "\(run.errors)"
    )
  }

  @Test func `--phrases names another folder`() throws {
    let scene = try Scene(phrases: nil)
    defer { scene.remove() }
    try scene.write(Self.phrases.replacing("Hello,", with: "Well,"), to: "other/a.phrases")
    try scene.write("no phrases", to: "other/README.md")
    let run = try scene.generate(["--phrases", scene.path("other")])
    #expect(run.exitCode == 0, "\(run.errors)")
    let bytes = try Oracles.bytes(at: scene.path("out/conversations.jsonl"))
    #expect(String(decoding: bytes, as: UTF8.self).contains("Well, I am a small program."))
  }

  @Test func `a folder that exists is refused and stays as it is`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    try scene.write("mine", to: "out/file")
    let run = try scene.generate(["--json"])
    #expect(run.exitCode == 73 && run.errors.contains(scene.path("out")), "\(run.errors)")
    #expect(
      try JSONDocument(Array((run.lines.first ?? "").utf8)).root["error"]?["code"]?.integer == 73
    )
    #expect(try SystemFolder.names(in: scene.path("out")) == ["file"])
    #expect(try SystemFolder.names(in: scene.folder).sorted() == ["out", "phrases", "plan.yaml"])
  }

  @Test(arguments: [
    ("count: 60", "count: 60\nkind: 3", Int32(78), "'kind'", "line 2"),
    ("count: 20", "cuont: 20", 78, "'cuont' in 'tasks'", "line 7"),
    ("count: 60", "count: 60\nturns: [1, x]", 78, "'turns' is '1, x'", "line 2"),
    ("name: addition", "name: ../addition", 78, "'tasks.name'", "line 7"),
    ("kinds: [add]", "kinds: []", 78, "'tasks.kinds'", "line 7"),
    ("operands: 0.2", "names: 0.2", 78, "'tasks.unseen'", "line 7"),
    ("ask: hello", "ask: hello, after: [hello]", 0, "", ""),
    ("formula: a + b", "formula: a + b, after: [hullo]", 78, "'kinds.after'", "line 4"),
    ("ask: hello", "ask: hullo", 65, "nothing defines the section 'hullo'", "plan.yaml"),
    ("count: 60", "count: [", 78, "", "plan.yaml"),
  ])
  func `a plan that does not fit ends with its code and place`(
    _ old: String,
    _ new: String,
    _ code: Int32,
    _ words: String,
    _ place: String
  ) throws {
    let scene = try Scene(plan: Self.plan.replacing(old, with: new))
    defer { scene.remove() }
    let run = try scene.generate()
    #expect(run.exitCode == code, "\(run.errors)")
    #expect(run.errors.contains(words) && run.errors.contains(place), "\(run.errors)")
    guard code != 0 else { return }
    #expect(run.errors.hasPrefix("hadal: ") && run.output.isEmpty)
    #expect(try SystemFolder.names(in: scene.folder).sorted() == ["phrases", "plan.yaml"])
  }

  @Test(arguments: [
    ("It is $result.", "It is $reslt.", "nothing defines the section 'reslt'", 4),
    ("Hello\n", "He{llo\n", "a brace is not closed", 6),
    ("[q]", "[s]", "the section 's' comes twice", 3),
  ])
  func `a phrase that does not fit is 65 with its file and line`(
    _ old: String,
    _ new: String,
    _ words: String,
    _ line: Int
  ) throws {
    let scene = try Scene(phrases: Self.phrases.replacing(old, with: new))
    defer { scene.remove() }
    let run = try scene.generate()
    #expect(run.exitCode == 65)
    let place = scene.path("phrases/a.phrases:\(line)")
    #expect(run.errors.hasPrefix("hadal: \(words) (\(place))"), "\(run.errors)")
  }

  @Test func `what is absent is 66, and a wrong call 64`() throws {
    let scene = try Scene(phrases: nil)
    defer { scene.remove() }
    let run = try scene.generate()
    #expect(run.exitCode == 66 && run.errors.contains(scene.path("phrases")), "\(run.errors)")
    let out = ["--out", scene.path("out")]
    let plan = try HadalProcess.run(["data", "generate", "/nowhere/plan.yaml"] + out)
    #expect(plan.exitCode == 66 && plan.errors.contains("/nowhere/plan.yaml"), "\(plan.errors)")
    #expect(try scene.generate(["--count", "0"]).exitCode == 64)
    #expect(try scene.generate(["--seed", "-1"]).exitCode == 64)
    #expect(try HadalProcess.run(["data", "generate", scene.path("plan.yaml")]).exitCode == 64)
    #expect(try SystemFolder.names(in: scene.folder) == ["plan.yaml"])
  }

  // Method: SIGINT while two million conversations are made; nothing may be left beside the plan.
  @Test func `an interrupted run ends with 130 and leaves nothing`() throws {
    let scene = try Scene()
    defer { scene.remove() }
    let run = try HadalProcess.shell(
      """
      set -m
      "$HADAL" data generate '\(scene.path("plan.yaml"))' --out '\(scene.path("out"))' \
        --count 2000000 &
      until ls '\(scene.folder)' | grep -q partial; do kill -0 $! || exit 1; done
      kill -INT $!
      wait $!
      """
    )
    #expect(run.exitCode == 130 && run.output.isEmpty, "\(run.errors)")
    #expect(try SystemFolder.names(in: scene.folder).sorted() == ["phrases", "plan.yaml"])
  }

  // Method: the guard of `data shards` looks at an eighth or more of what nano learns; one claim of
  // another identity would be a hit.
  @Test(
    arguments: [
      ("conversations", 20_000, []), ("languages", 16_000, []), ("long", 2000, []),
      ("conversations", 300, ["--seed", "5", "--turns", "6-61"]),
    ] as [(String, Int, [String])]
  )
  func `no conversation of nano's claims another identity`(
    _ name: String,
    _ count: Int,
    _ options: [String]
  ) throws {
    let scene = try Scene()
    defer { scene.remove() }
    let plan = Oracles.packageRoot + "/Recipes/nano/\(name).yaml"
    let made = try HadalProcess.run(
      ["data", "generate", plan, "--count", "\(count)", "--out", scene.path("nano")] + options
    )
    #expect(made.exitCode == 0, "\(made.errors)")
    let run = try HadalProcess.run(["data", "guard", scene.path("nano/conversations.jsonl")])
    #expect(
      run.exitCode == 0 && run.output.hasPrefix("\(count) documents, 0 hits"),
      "\(run.lines.suffix(3))"
    )
  }
}
