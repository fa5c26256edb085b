// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Conversations through a pipe, with a model whose answers are written down.
@Suite struct ChatCommandTests {
  /// A scripted model and a home of its own.
  private struct Scene {
    let folder: String
    var model: String { folder + "/model" }

    init(
      _ answers: [ScriptedModel.Answer],
      _ change: (inout ScriptedModel) -> Void = { _ in }
    )
      throws
    {
      folder = try SystemFolder.makeTemporary()
      var scripted = ScriptedModel(answers)
      change(&scripted)
      try scripted.write(to: model)
    }

    func chat(_ lines: String, _ arguments: [String] = []) throws -> HadalProcess.Outcome {
      try HadalProcess.run(
        ["chat", "-m", model] + arguments,
        input: Array(lines.utf8),
        environment: ["XDG_DATA_HOME": folder + "/data", "HOME": folder]
      )
    }

    func remove() { SystemFolder.remove(folder) }
  }

  @Test func `each line gets its answer, and nothing else is printed`() throws {
    let scene = try Scene([.init("Good day to you."), .init("A fjord is a deep inlet.")])
    defer { scene.remove() }
    let outcome = try scene.chat("hello\nwhat is a fjord?\n")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == "Good day to you.\nA fjord is a deep inlet.\n")
    #expect(outcome.errors.isEmpty)
  }

  @Test func `a pipe hears the answer and not the reasoning`() throws {
    let scene = try Scene([.init("let me see\n</think>\n\nForty two.")]) {
      $0.opensReasoning = true
    }
    defer { scene.remove() }
    #expect(try scene.chat("why?\n").output == "Forty two.\n")
  }

  @Test func `a conversation is gone on with, and its reasoning kept on file alone`() throws {
    let scene = try Scene([.init("first thoughts </think> One."), .init("Two answers.")]) {
      $0.opensReasoning = true
    }
    defer { scene.remove() }
    _ = try scene.chat("first\n")
    let saved = scene.folder + "/c.json"
    let outcome = try scene.chat("/save \(saved)\n", ["--continue"])
    #expect(outcome.exitCode == 0)
    let text = try String(contentsOfFile: saved, encoding: .utf8)
    #expect(text.contains("first thoughts") && text.contains("\" One.\""))
  }

  @Test func `text after a slash that is no command is an error that names the nearest`() throws {
    let scene = try Scene([.init("Good day.")])
    defer { scene.remove() }
    let outcome = try scene.chat("/regenrate\n//etc is a folder\n")
    #expect(outcome.exitCode == 64)
    #expect(outcome.output == "Good day.\n")
    #expect(
      outcome.errors == "hadal: unknown command '/regenrate'\n  try: /regenerate\n"
    )
  }

  @Test func `errors are said in the order in which they came, and the first one's code counts`()
    throws
  {
    let scene = try Scene([.init("Good day.")])
    defer { scene.remove() }
    let outcome = try scene.chat("/load zzzz\n/save\nhello\n/undo\n/undo\n")
    #expect(outcome.exitCode == 66)
    let said = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("hadal: ") }
    #expect(
      said == [
        "hadal: there is no conversation 'zzzz'", "hadal: a file is missing",
        "hadal: there is no message to take back",
      ]
    )
  }

  @Test func `the beginning of a command's name is enough to be told the rest`() throws {
    let scene = try Scene([.init("Good day.")])
    defer { scene.remove() }
    #expect(try scene.chat("/reg\n").errors.hasSuffix("try: /regenerate\n"))
    #expect(try scene.chat("/set temp 1\n").errors.hasSuffix("try: /set temperature\n"))
  }

  @Test func `commands change what is asked`() throws {
    let scene = try Scene([.init("First answer."), .init("Second one.")])
    defer { scene.remove() }
    let outcome = try scene.chat("one\n/regenerate\ntwo\n/undo\n/edit three\n/clear\nfour\n")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.lines == [
        "First answer.", "First answer.", "Second one.", "First answer.", "First answer.",
      ]
    )
  }

  @Test func `a full context is said with both numbers, or the oldest is left out when asked`()
    throws
  {
    let scene = try Scene([.init("Yes indeed."), .init("No way.")]) { $0.contextLength = 128 }
    defer { scene.remove() }
    let long = String(repeating: "x", count: 60)
    let stopped = try scene.chat("\(long)\n\(long)\n")
    #expect(stopped.exitCode == 65)
    #expect(stopped.output == "Yes indeed.\n")
    #expect(stopped.errors.contains("the context has 128"))
    let dropped = try scene.chat("/set overflow drop\n\(long)\n\(long)\n")
    #expect(dropped.exitCode == 0)
    #expect(dropped.lines.suffix(2) == ["Yes indeed.", "Yes indeed."])
  }

  @Test func `as few exchanges are left out as the context asks for`() throws {
    let scene = try Scene([.init("Yes indeed."), .init("No way.")]) { $0.contextLength = 256 }
    defer { scene.remove() }
    // Each exchange takes some 30 of the 192 tokens that a prompt may have.
    let lines = (0..<12).map { "\($0) \(String(repeating: "x", count: 24))\n" }.joined()
    for length in [24, 100, 180] {
      let last = String(repeating: "y", count: length)
      let outcome = try scene.chat(
        "\(lines)\(last)\n/save \(scene.folder)/c.json\n",
        ["--overflow", "drop"]
      )
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      let text = try String(contentsOfFile: scene.folder + "/c.json", encoding: .utf8)
      let counts = text.split(separator: "\"prompt_tokens\":").dropFirst().compactMap {
        Int($0.drop(while: \.isWhitespace).prefix(while: \.isNumber))
      }
      #expect(counts.count == 13 && counts.allSatisfy { $0 <= 192 })
      // One exchange more would not have fit.
      if length < 180 { #expect(try #require(counts.last) > 192 - 40, "\(counts)") }
    }
  }

  @Test func `a message that cannot be answered leaves the conversation as it was`() throws {
    let scene = try Scene([.init("First."), .init("Second."), .init("Third.")]) {
      $0.contextLength = 128
    }
    defer { scene.remove() }
    let long = String(repeating: "x", count: 120)
    for arguments in [[], ["--no-save"]] {
      let outcome = try scene.chat("a\n\(long)\n/edit \(long)\nb\n", arguments)
      #expect(outcome.exitCode == 65)
      #expect(outcome.lines == ["First.", "Second."])
    }
  }

  @Test func `a conversation keeps its settings, and the command line beats them`() throws {
    let scene = try Scene([.init("First."), .init("Second.")])
    defer { scene.remove() }
    let first = try scene.chat("/set temperature\na\n", ["--temperature", "0.5", "--stop", "x"])
    #expect(first.lines[0].hasPrefix("temperature  0.5 "))
    let next = try scene.chat("/set temperature\n/set stop\n", ["--continue"])
    #expect(next.lines[0].hasPrefix("temperature  0.5 ") && next.lines[1].hasPrefix("stop  x "))
    let other = try scene.chat(
      "/set temperature\n/set top_p\n/set temperature default\n",
      ["--continue", "--temperature", "0.9"]
    )
    #expect(other.lines[0].hasPrefix("temperature  0.9 "))
    #expect(other.lines[1].hasPrefix("top_p  1.0, by the model "))
    #expect(other.lines[2].hasPrefix("temperature  0.0, by the model "))
  }

  @Test func `a switch for thinking that was kept does not bar a model without one`() throws {
    let scene = try Scene([.init("First."), .init("Second."), .init("Third.")]) {
      $0.hasThinkingSwitch = true
    }
    defer { scene.remove() }
    let plain = scene.folder + "/plain"
    try ScriptedModel([.init("Plain one."), .init("Plain two."), .init("Plain three.")])
      .write(to: plain)
    #expect(try scene.chat("/think off\na\n/save \(scene.folder)/c.json\n").exitCode == 0)
    let outcome = try scene.chat(
      "b\n/model \(scene.model)\n/set think\n",
      ["--continue", "-m", plain]
    )
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.lines.first == "Plain two." && outcome.lines[2].hasPrefix("think  not set "))
    let loaded = try scene.chat("/load \(scene.folder)/c.json\nb\n", ["-m", plain])
    #expect(loaded.exitCode == 0 && loaded.output == "Plain two.\n", "\(loaded.errors)")
    let switched = try scene.chat("/think on\n/model \(plain)\nb\n")
    #expect(switched.exitCode == 0 && switched.lines.last == "Plain one.", "\(switched.errors)")
    #expect(try scene.chat("b\n", ["-m", plain, "--no-think"]).exitCode == 64)
  }

  @Test func `figures are those of the conversation that goes on`() throws {
    let scene = try Scene([.init("First.")])
    defer { scene.remove() }
    _ = try scene.chat("a\n/save \(scene.folder)/c.json\n")
    let outcome = try scene.chat("a\n/load \(scene.folder)/c.json\n/stats\n")
    #expect(outcome.lines.contains { $0.hasPrefix("answers   0, ") }, "\(outcome.lines)")
  }

  @Test func `a model named in one folder is found from another`() throws {
    let scene = try Scene([.init("First."), .init("Second.")])
    defer { scene.remove() }
    let home = "export HOME='\(scene.folder)' XDG_DATA_HOME='\(scene.folder)/data'"
    let outcome = try HadalProcess.shell(
      "\(home); cd '\(scene.folder)' && echo a | \"$HADAL\" chat -m model && cd / "
        + "&& echo b | \"$HADAL\" chat --continue"
    )
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.lines == ["First.", "Second."])
  }

  @Test func `an answer that goes round in circles ends`() throws {
    let scene = try Scene([.init("again and again we go around", isEndless: true)])
    defer { scene.remove() }
    let outcome = try scene.chat("go\n")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.utf8.count < 2000)
    let more = try scene.chat("/set loops ignore\n/set max_tokens 900\ngo\n")
    #expect(more.output.utf8.count > 3000)
  }

  @Test(
    arguments: [
      ("/set temperature hot", 64), ("/set top_p 2", 64), ("/set colour 3", 64), ("/think yes", 64),
      ("/think on", 64), ("/set logit_bias 99999:1", 65), ("/save", 64), ("/save x.pdf", 64),
      ("/load zzzz", 66), ("/undo", 64),
      ("/model /nowhere", 66), ("/rename x", 64), ("/regenerate", 64), ("/edit x", 64),
    ] as [(String, Int32)]
  )
  func `a command that cannot be done says why, and the next one is heard`(
    _ line: String,
    _ code: Int32
  ) throws {
    let scene = try Scene([.init("Still here.")])
    defer { scene.remove() }
    let outcome = try scene.chat("\(line)\nhello\n")
    #expect(outcome.exitCode == code)
    #expect(outcome.output == "Still here.\n")
    #expect(outcome.errors.hasPrefix("hadal: "))
  }

  @Test func `an error shows nothing that turns text around or commands a terminal`() throws {
    let scene = try Scene([.init("Still here.")])
    defer { scene.remove() }
    let outcome = try scene.chat("/load \u{202E}x\u{2066}\u{1B}]0;y\u{7}.json\n")
    #expect(
      outcome.errors.contains("(\u{FFFD}x\u{FFFD}\u{FFFD}]0;y\u{FFFD}.json)"),
      "\(outcome.errors)"
    )
  }

  @Test func `a file that is no database is left as it is, and chat says how to do without`() throws
  {
    let scene = try Scene([.init("Hush now.")])
    defer { scene.remove() }
    let file = scene.folder + "/notes"
    try SystemFolder.write(Array("my notes".utf8), to: file)
    let outcome = try scene.chat("hello\n", ["--database", file])
    #expect(outcome.exitCode == 65 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("or --no-save, which keeps nothing"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "my notes")
  }

  @Test func `a path that begins with ~ lies in the home`() throws {
    let scene = try Scene([.init("Good day.")])
    defer { scene.remove() }
    #expect(try scene.chat("hello\n/save ~/c.md\n").exitCode == 0)
    #expect(SystemFolder.exists(scene.folder + "/c.md"))
  }

  @Test func `without saving nothing is written`() throws {
    let scene = try Scene([.init("Hush now.")])
    defer { scene.remove() }
    #expect(try scene.chat("hello\n", ["--no-save", "--no-ledger"]).output == "Hush now.\n")
    #expect(!SystemFolder.exists(scene.folder + "/data"))
    // The cost of an answer is written down all the same, and none of its words.
    #expect(try scene.chat("hello\n", ["--no-save"]).output == "Hush now.\n")
    #expect(try SystemFolder.names(in: scene.folder + "/data/hadal") == ["ledger"])
    let rows = try String(
      contentsOfFile: scene.folder + "/data/hadal/ledger/chat.jsonl",
      encoding: .utf8
    )
    #expect(rows.contains("\"run\":null") && !rows.contains("hello") && !rows.contains("Hush"))
  }

  @Test func `options that exclude each other are refused`() throws {
    for arguments in [["--continue", "--no-save"], ["abc"], ["--json"], ["--logprobs", "1"]] {
      #expect(try HadalProcess.run(["chat", "-m", "x"] + arguments).exitCode == 64)
    }
  }
}
