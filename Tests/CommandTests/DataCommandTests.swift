// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `hadal data` from outside: texts to a tokenizer to shards to their figures.
@Suite struct DataCommandTests {
  private func object(_ line: String?) throws -> JSONValue {
    try JSONDocument(Array((try #require(line)).utf8)).root
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try SystemFolder.write(Array(Self.story.utf8), to: folder + "/texts/a.txt")
    try SystemFolder.write(Array(Self.lines.utf8), to: folder + "/texts/b.jsonl")
    try body(folder)
  }

  private static let story = String(repeating: "The fox went up the hill, and down.\n\n", count: 9)
  private static let lines = """
    {"text":"The fox went home."}
    {"messages":[{"role":"user","content":"Who?"},{"role":"assistant","content":"The fox."}]}
    {"text":"The fox  went home. "}
    {"text":"The hill is high."}

    """

  private func makeTokenizer(_ folder: String) throws -> HadalProcess.Outcome {
    try HadalProcess.run([
      "data", "tokenizer", folder + "/texts", "--vocabulary-size", "300", "--out",
      folder + "/tokenizer", "--json",
    ])
  }

  @Test func `texts become a tokenizer that other commands read`() throws {
    try withFolder { folder in
      let run = try makeTokenizer(folder)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      let said = try object(run.lines.first)
      #expect(said["vocabulary"]?.integer == 300)
      #expect(said["files"]?.integer == 2)
      let bytes = (Self.story + Self.lines).utf8.count
      #expect(said["bytes"]?.integer == bytes)
      #expect(said["merges"]?.integer ?? 0 > 20)
      let tokens = try HadalProcess.run(
        ["tokenize", "-m", folder + "/tokenizer", "The fox went", "--json", "--no-special"]
      )
      #expect(try object(tokens.lines.first)["ids"]?.array?.count ?? 99 < 8)
      let again = try makeTokenizer(folder)
      #expect(again.exitCode == 73, "nothing is overwritten")
      #expect(try object(again.lines.first)["error"]?["code"]?.integer == 73)
    }
  }

  @Test func `texts become shards, and stats says what is in them`() throws {
    try withFolder { folder in
      _ = try makeTokenizer(folder)
      let command = [
        "data", "shards", folder + "/texts", "--tokenizer", folder + "/tokenizer", "--out",
        folder + "/shards", "--license", "CC0-1.0", "--documents", "paragraphs", "--json",
      ]
      let run = try HadalProcess.run(command)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      let said = try object(run.lines.first)
      // Nine equal paragraphs are one; two lines differ by spaces alone.
      #expect(said["documents"]?.integer == 4)
      #expect(said["exact_duplicates"]?.integer == 9)
      #expect(said["near_duplicates"]?.integer == 0)
      #expect(said["loss_tokens"]?.integer ?? 0 < said["tokens"]?.integer ?? 0)
      let stats = try HadalProcess.run(["data", "stats", folder + "/shards", "--check", "--json"])
      #expect(stats.exitCode == 0 && stats.errors.isEmpty, "\(stats.errors)")
      let found = try object(stats.lines.first)
      for key in ["documents", "tokens", "bytes", "exact_duplicates", "loss_tokens"] {
        #expect(found[key]?.integer == said[key]?.integer, "\(key)")
      }
      #expect(found["checked"]?.boolean == true)
      let sources = try #require(found["sources"]?.array).map { $0 }
      #expect(sources.count == 2 && sources[0]["license"]?.string == "CC0-1.0")
      #expect(sources[1]["exact_duplicates"]?.integer == 1)
      #expect(try HadalProcess.run(command).exitCode == 73)
      let table = try HadalProcess.run(["data", "stats", folder + "/shards"])
      #expect(table.lines.first?.hasPrefix("4 documents, ") == true)
      #expect(table.lines.last?.hasSuffix("CC0-1.0  \(folder)/texts/b.jsonl") == true)
    }
  }

  @Test func `what is wrong has a code, a place and a way out`() throws {
    try withFolder { folder in
      _ = try makeTokenizer(folder)
      func run(_ arguments: String...) throws -> HadalProcess.Outcome {
        try HadalProcess.run(["data"] + arguments)
      }
      func shards(_ text: String, _ more: String...) throws -> HadalProcess.Outcome {
        try HadalProcess.run(
          [
            "data", "shards", text, "--tokenizer", folder + "/tokenizer", "--out", folder + "/out",
          ] + more
        )
      }
      let binary = folder + "/binary.txt"
      try SystemFolder.write(Array("text".utf8) + [0xFE], to: binary)
      let notText = try shards(binary)
      #expect(notText.exitCode == 65)
      #expect(notText.errors.contains("byte 4 is not UTF-8 text (\(binary))\n  try: "))
      #expect(try shards(folder + "/none").exitCode == 66)
      #expect(try shards(folder + "/texts", "--validation", "2").exitCode == 64)
      #expect(try shards(folder + "/texts", "--near-duplicates", "0.01").exitCode == 64)
      #expect(!SystemFolder.exists(folder + "/out"))
      let small = try run(
        "tokenizer",
        folder + "/texts",
        "--vocabulary-size",
        "9",
        "--out",
        folder + "/t"
      )
      #expect(small.exitCode == 64 && small.errors.contains("try: 275 or more"), "\(small.errors)")
      #expect(try run("stats", folder + "/texts").exitCode == 66)
      let made = try shards(folder + "/texts")
      #expect(made.exitCode == 0, "\(made.errors)")
      let file = folder + "/out/train-00000.tokens"
      var bytes = try Oracles.bytes(at: file)
      bytes[200] ^= 1
      try SystemFolder.write(bytes, to: file)
      let broken = try run("stats", folder + "/out", "--check", "--json")
      #expect(broken.exitCode == 65)
      #expect(broken.errors.contains("the SHA-256 is ") && broken.errors.contains(file))
      #expect(try object(broken.lines.first)["error"]?["where"]?.string == file)
      #expect(try run("stats", folder + "/out").exitCode == 0, "only --check reads every byte")
    }
  }

  // Method: SIGINT while a long text is worked on; nothing may be left beside it.
  @Test func `an interrupted run ends with 130 and leaves nothing`() throws {
    try withFolder { folder in
      _ = try makeTokenizer(folder)
      let word = String(repeating: "fox hill down went ", count: 700)
      var lines = ""
      for number in 0..<1500 { lines += "{\"text\":\"\(number) \(word)\"}\n" }
      try SystemFolder.write(Array(lines.utf8), to: folder + "/long.jsonl")
      let run = try HadalProcess.shell(
        """
        "$HADAL" data shards '\(folder)/long.jsonl' --tokenizer '\(folder)/tokenizer' \
          --out '\(folder)/out' --threads 1 --near-duplicates 0 &
        until ls '\(folder)' | grep -q partial; do sleep 0.002; done
        kill -INT $!
        wait $!
        """
      )
      #expect(run.exitCode == 130, "\(run.errors)")
      let names = try SystemFolder.names(in: folder).sorted()
      #expect(names == ["long.jsonl", "texts", "tokenizer"])
    }
  }
}
