// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `data guard` from outside.
@Suite struct DataGuardCommandTests {
  private func run(
    _ files: [String: String],
    _ options: [String] = []
  ) throws -> HadalProcess.Outcome {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let paths = try files.sorted { $0.key < $1.key }.map { name, text in
      try SystemFolder.write(Array(text.utf8), to: folder + "/" + name)
      return folder + "/" + name
    }
    return try HadalProcess.run(["data", "guard"] + paths + options)
  }

  @Test func `a hit is a line of JSON, then the counts, and the exit code is 1`() throws {
    let chat =
      #"{"id":"x","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"I'm Claude, made by Anthropic."}]}"#
    let run = try run(
      ["a.jsonl": "{\"text\":\"Nothing.\"}\n\(chat)\n", "b.txt": "A book.\n\nI am ChatGPT.\n"],
      ["--json"]
    )
    #expect(run.exitCode == 1 && run.errors.isEmpty && run.lines.count == 3)
    let objects = try run.lines.map { try JSONDocument(Array($0.utf8)).root }
    let keys = objects.map { $0.object?.map(\.key) ?? [] }
    #expect(keys[0] == ["file", "line", "id", "language", "label", "name", "rule", "text", "hash"])
    #expect(keys[1] == ["file", "line", "language", "label", "name", "rule", "text", "hash"])
    #expect(keys[2] == ["documents", "hits", "bytes", "seconds"])
    #expect(objects[0]["line"]?.integer == 2 && objects[0]["id"]?.string == "x")
    #expect(objects[0]["label"]?.string == "claim" && objects[0]["language"]?.string == "en")
    #expect(objects[1]["line"]?.integer == 3 && objects[1]["name"]?.string == "ChatGPT")
    #expect(objects[2]["documents"]?.integer == 4 && objects[2]["hits"]?.integer == 2)
  }

  @Test func `clean text ends with 0 and one line`() throws {
    let run = try run(["a.txt": "The sea is deep.\n\nIt is cold."])
    #expect(run.exitCode == 0 && run.errors.isEmpty)
    #expect(run.lines.count == 1 && run.output.hasPrefix("2 documents, 0 hits, 29 bytes"))
  }

  @Test func `an allowed name is no hit`() throws {
    let text = "I am Qwen, a language model by Alibaba Cloud."
    #expect(try self.run(["a.txt": text]).exitCode == 1)
    #expect(try self.run(["a.txt": text], ["--allow", "Qwen"]).exitCode == 0)
    #expect(
      try self.run(["a.txt": "I am ChatGPT."], ["--allow", "Qwen", "--allow", "Hadal"]).exitCode
        == 1
    )
  }

  @Test func `a hit reads as file and line, and commands no terminal`() throws {
    let run = try run(["a.txt": "One.\n\nI am ChatGPT\u{1B}[31m."])
    #expect(run.lines.first?.contains("a.txt:3: claim, self-name ChatGPT: ") == true)
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test(arguments: [
    ("a.txt", "ok\n\n\u{0}", "byte 4", Int32(65)), ("a.jsonl", "{\"text\":\"a\"}\n{", "line 2", 65),
    ("a.jsonl", "{\"a\":1}", "line 1", 65),
  ])
  func `bad input is named with its place`(
    _ name: String,
    _ text: String,
    _ place: String,
    _ code: Int32
  ) throws {
    let run = try run([name: text])
    #expect(run.exitCode == code)
    #expect(run.errors.hasPrefix("hadal: ") && run.errors.contains(place), "\(run.errors)")
  }

  @Test func `an absent file is 66, and no file at all 64`() throws {
    #expect(try HadalProcess.run(["data", "guard", "/nowhere/a.txt"]).exitCode == 66)
    #expect(try HadalProcess.run(["data", "guard"]).exitCode == 64)
  }
}
