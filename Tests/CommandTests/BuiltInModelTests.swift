// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import TestSupport
import Testing

/// The model within the program, from outside: where it is taken, and what is refused.
///
/// What it answers is for its evaluation; here only that it answers where no other model is named.
@Suite struct BuiltInModelTests {
  private static let isThere = EmbeddedFile.named("nano/config.json") != nil
  private let stories = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"

  private func object(_ line: String?) throws -> JSONValue {
    try JSONDocument(Array((line ?? "").utf8)).root
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try body(folder)
  }

  @Test(.enabled(if: !isThere, "needs a program without a model"))
  func `a program without a model says so`() throws {
    for arguments in [
      ["run", "text"], ["run", "-m", "nano", "text"], ["tokenize", "x"], ["inspect", "nano"],
      ["chat", "--no-save"], ["bench"], ["convert", "--to", "bf16", "nano", "/nowhere/x"],
    ] {
      let run = try HadalProcess.run(arguments)
      #expect(run.exitCode == 66, "\(arguments): \(run.errors)")
      #expect(run.errors.hasPrefix("hadal: ") && run.errors.contains("\n  try: -m FOLDER"))
    }
  }

  @Test(.enabled(if: isThere, "needs a program with a model"))
  func `every command takes it where no model is named`() throws {
    try inFolder { folder throws in
      let messages = folder + "/chat.json"
      try SystemFolder.write(Array(#"[{"role":"user","content":"Hello"}]"#.utf8), to: messages)
      for arguments in [
        ["run", "What is 2 + 3?", "--temperature", "0", "--max-tokens", "16"],
        ["score", "Hello there", "--json"], ["tokenize", "What is 2 + 3?"],
        ["detokenize", "--ids", "5,6,7"], ["render", "--messages", messages, "--json"],
      ] {
        let unnamed = try HadalProcess.run(arguments)
        #expect(unnamed.exitCode == 0, "\(arguments): \(unnamed.errors)")
        #expect(unnamed.output.count > 1 && unnamed.errors.isEmpty)
        let named = try HadalProcess.run(arguments + ["-m", "nano"])
        #expect(named.output == unnamed.output, "\(arguments)")
      }
      let bench = try HadalProcess.run(["bench", "--prompt", "4", "--tokens", "4", "--repeat", "1"])
      #expect(bench.exitCode == 0, "\(bench.errors)")
      let chat = try HadalProcess.run(["chat", "--no-save"], input: Array("Hello\n".utf8))
      #expect(chat.exitCode == 0 && chat.output.count > 2, "\(chat.errors)")
    }
  }

  @Test(.enabled(if: isThere, "needs a program with a model"))
  func `it is checked, and named, like another`() throws {
    let inspect = try HadalProcess.run(["inspect", "nano", "--check", "--json"])
    #expect(inspect.exitCode == 0, "\(inspect.errors)")
    let doctor = try object(try HadalProcess.run(["doctor", "--json"]).lines.first)
    #expect(doctor["model"]?.string == "nano" && doctor["built_in_model"]?.string == "nano")
    #expect(doctor["healthy"]?.boolean == true)
    let list = try object(try HadalProcess.run(["list", "--json"]).lines.first)
    #expect(list["model"]?.string == "nano" && list["origin"]?.string == "built in")
    #expect((list["bytes"]?.integer ?? .max) <= 16_000_000)
  }

  @Test(.enabled(if: isThere, "needs a program with a model"))
  func `it can be converted, and the copy is a folder like another`() throws {
    try inFolder { folder throws in
      let copy = folder + "/copy"
      let convert = try HadalProcess.run(["convert", "--to", "bf16", "nano", copy])
      #expect(convert.exitCode == 0, "\(convert.errors)")
      let question = ["tokenize", "What is 2 + 3?"]
      let other = try HadalProcess.run(question + ["-m", copy])
      #expect(try HadalProcess.run(question).output == other.output)
      let run = try HadalProcess.run(["run", "-m", copy, "Hello", "--max-tokens", "4"])
      #expect(run.exitCode == 0, "\(run.errors)")
    }
  }

  @Test func `a folder of its name is reached by its path`() throws {
    try inFolder { folder throws in
      try SystemFolder.copy(stories, to: folder + "/nano")
      let run = try HadalProcess.shell("cd '\(folder)'; \"$HADAL\" tokenize -m ./nano Once")
      #expect(run.output == "1 403\n", "\(run.errors)")
      let named = try HadalProcess.shell("cd '\(folder)'; \"$HADAL\" tokenize -m nano Once")
      #expect(named.exitCode == (Self.isThere ? 0 : 66))
      #expect(named.output != run.output)
    }
  }

  // Method: the same lines in both orders. The line with a template must not depend on whether the
  // program's model was needed before it.
  @Test func `a template needs no model, whatever stands before it`() throws {
    let own = #"{"id":"own","template":"{{ bos_token }}x"}"#
    let other = #"{"id":"other","messages":[{"role":"user","content":"Hello"}]}"#
    for lines in [[own, other], [other, own]] {
      let run = try HadalProcess.run(
        ["render", "--batch", "-", "--json"],
        input: Array(lines.joined(separator: "\n").utf8)
      )
      #expect(run.exitCode == (Self.isThere ? 0 : 66), "\(run.errors)")
      for line in run.lines {
        let answer = try object(line)
        if answer["id"]?.string == "own" {
          #expect(answer["text"]?.string == "x" && answer["ids"] == nil)
        } else {
          #expect((answer["ids"] != nil) == Self.isThere)
        }
      }
    }
  }

  @Test func `it is neither pulled nor removed`() throws {
    for command in ["remove", "pull"] {
      let run = try HadalProcess.run([command, "nano"])
      #expect(run.exitCode == 77)
      #expect(
        run.errors == "hadal: 'nano' is part of the program, and neither pulled nor removed\n"
      )
    }
  }

  @Test func `nothing is written into the program`() throws {
    try inFolder { folder throws in
      try SystemFolder.write([], to: folder + "/hadal:/nano/x")
      for arguments in [
        "score -m '\(stories)' --ids 1,2 --logits hadal:/nano/logits",
        "convert --to bf16 '\(stories)' hadal:/copy",
      ] {
        let run = try HadalProcess.shell("cd '\(folder)'; \"$HADAL\" \(arguments)")
        #expect(run.exitCode == 73, "\(run.errors)")
        #expect(run.errors.contains("Read-only file system"))
      }
      #expect(try SystemFolder.names(in: folder + "/hadal:/nano") == ["x"])
      #expect(try SystemFolder.names(in: folder + "/hadal:") == ["nano"])
    }
  }
}
