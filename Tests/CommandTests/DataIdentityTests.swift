// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// The identity guard where shards are made and where they are trained on.
@Suite struct DataIdentityTests {
  private static let story = (1...60).map { number in
    "The fox number \(number) went up the hill, and down on day \(number * 7).\n\n"
  }
  .joined()

  private static func chat(_ answer: String, _ more: String = "") -> String {
    #"{"messages":[{"role":"user","content":"Who?"},{"role":"assistant","content":""#
      + answer + #"""# + more + "}]}\n"
  }

  private static let claim = chat("I am ChatGPT, made by OpenAI.")
  private static let mixed =
    "{\"text\":\"The fox.\"}\n" + claim + chat("I am a fox.")
    + chat("My knowledge cutoff is September 2021.")

  /// A folder with a tokenizer, a file of claims, and a way to make shards of it.
  private final class Place {
    let folder: String

    init(_ lines: String = mixed, name: String = "a.jsonl") throws {
      folder = try SystemFolder.makeTemporary()
      try SystemFolder.write(Array(story.utf8), to: folder + "/story.txt")
      try SystemFolder.write(Array(lines.utf8), to: folder + "/" + name)
      _ = try HadalProcess.run([
        "data", "tokenizer", folder + "/story.txt", "--vocabulary-size", "320", "--out",
        folder + "/tokenizer",
      ])
    }

    deinit { SystemFolder.remove(folder) }

    func shards(_ options: String..., of name: String = "a.jsonl") throws -> HadalProcess.Outcome {
      try HadalProcess.run(
        [
          "data", "shards", folder + "/" + name, "--tokenizer", folder + "/tokenizer", "--out",
          folder + "/shards", "--near-duplicates", "0",
        ] + options
      )
    }

    /// What shards.json says of the guard.
    func record() throws -> [String: Int] {
      let root = try JSONDocument(Oracles.bytes(at: folder + "/shards/shards.json")).root
      let record = try #require(root["identity"])
      #expect(record["rules"]?.string?.utf8.count == 64)
      return ["with_hits", "dropped", "rewritten", "accepted"]
        .reduce(into: [:]) { counts, key in counts[key] = record[key]?.integer }
    }
  }

  @Test func `undecided claims are listed with their places, and nothing is written`() throws {
    let place = try Place()
    let run = try place.shards()
    #expect(run.exitCode == 65)
    #expect(run.lines.count == 2)
    #expect(
      run.lines.first?.hasPrefix("\(place.folder)/a.jsonl:2: claim, self-name ChatGPT:") == true
    )
    #expect(run.lines.last?.contains("a.jsonl:4: suspicious, cutoff: ") == true)
    #expect(run.errors.contains("try: --identity drop, --identity rewrite, --accept NAME"))
    #expect(
      try SystemFolder.names(in: place.folder).sorted() == ["a.jsonl", "story.txt", "tokenizer"]
    )
  }

  @Test func `in plain text the place is the sentence's line`() throws {
    let place = try Place("A book.\n\nIts second part.\nI am ChatGPT.\n", name: "b.txt")
    let run = try place.shards(of: "b.txt")
    #expect(run.exitCode == 65)
    #expect(run.lines.first?.hasPrefix("\(place.folder)/b.txt:4: claim, self-name") == true)
  }

  @Test(arguments: [
    ("drop", 0, ["with_hits": 2, "dropped": 2, "rewritten": 0, "accepted": 0]),
    ("rewrite-or-drop", 0, ["with_hits": 2, "dropped": 1, "rewritten": 1, "accepted": 0]),
    // The cutoff names nobody, so nothing can be put in a name's place.
    ("rewrite", 65, nil),
  ])
  func `one word decides about all claims`(
    _ policy: String,
    _ code: Int32,
    _ counts: [String: Int]?
  ) throws {
    let place = try Place()
    let run = try place.shards("--identity", policy)
    #expect(run.exitCode == code, "\(run.errors)")
    if let counts { #expect(try place.record() == counts) }
  }

  @Test func `what is rewritten is what is learned`() throws {
    func tokens(_ line: String, _ options: String...) throws -> Int {
      let place = try Place(line)
      let run = try HadalProcess.run(
        [
          "data", "shards", place.folder + "/a.jsonl", "--tokenizer", place.folder + "/tokenizer",
          "--out", place.folder + "/shards", "--json",
        ] + options
      )
      #expect(run.exitCode == 0, "\(run.errors)")
      return try JSONDocument(Array((run.lines.first ?? "").utf8)).root["tokens"]?.integer ?? 0
    }
    let rewritten = try tokens(Self.claim, "--identity", "rewrite", "--maker", "Deep Sea")
    let wanted = try tokens(
      Self.chat("I am Hadal, made by Deep Sea."),
      "--allow",
      "Hadal",
      "--maker",
      "Deep Sea"
    )
    #expect(rewritten == wanted && wanted > 0)
    let thought = Self.chat("A fox.", #","reasoning_content":"I am ChatGPT.""#)
    #expect(try Place(thought).shards().exitCode == 65, "what is thought is looked at")
  }

  @Test func `a claim is accepted by name, or by a line of the guard's with a decision`() throws {
    let place = try Place(Self.claim + Self.chat("I'm Claude."))
    #expect(try place.shards("--accept", "OpenAI").exitCode == 65)
    let found = try HadalProcess.run(["data", "guard", place.folder + "/a.jsonl", "--json"])
    let decided = found.lines.map { line in
      line.contains("Claude") ? line.dropLast() + #","decision":"accept"}"# : line
    }
    let file = place.folder + "/decisions.jsonl"
    try SystemFolder.write(Array(decided.joined(separator: "\n").utf8), to: file)
    let left = try HadalProcess.run([
      "data", "guard", place.folder + "/a.jsonl", "--decisions", file,
    ])
    #expect(left.exitCode == 1 && left.lines.count == 2)
    let run = try place.shards("--accept", "OpenAI", "--decisions", file)
    #expect(run.exitCode == 0, "\(run.output) \(run.errors)")
    #expect(try place.record() == ["with_hits": 2, "dropped": 0, "rewritten": 0, "accepted": 2])
    try SystemFolder.write(Array(#"{"hash":"1","decision":"perhaps"}"#.utf8), to: file)
    let wrong = try place.shards("--decisions", file)
    #expect(wrong.exitCode == 65 && wrong.errors.contains("decisions.jsonl, line 1"))
  }

  @Test func `training refuses shards that no guard has seen, unless the recipe names that`() throws
  {
    let place = try Place()
    let made = try place.shards(
      "--documents",
      "paragraphs",
      "--identity",
      "unchecked",
      of: "story.txt"
    )
    #expect(made.exitCode == 0 && made.lines.last == "identity: unchecked", "\(made.errors)")
    try SystemFolder.write(Array(Self.configuration.utf8), to: place.folder + "/config.json")
    func train(_ line: String) throws -> HadalProcess.Outcome {
      let recipe = """
        model: {config: config.json, deviation: 0.05}
        tokenizer: tokenizer
        data: [{shards: shards\(line)}]
        sequence: 16
        batch: 2
        steps: 1
        learning_rate: {peak: 0.001, warm_up: 1}
        """
      try SystemFolder.write(Array(recipe.utf8), to: place.folder + "/recipe.yaml")
      return try HadalProcess.run(
        ["train", place.folder + "/recipe.yaml", "--out", place.folder + "/run", "--threads", "1"],
        environment: ["XDG_DATA_HOME": place.folder + "/data"]
      )
    }
    let refused = try train("")
    #expect(refused.exitCode == 65 && !SystemFolder.exists(place.folder + "/run"))
    #expect(refused.errors.contains("'identity: unchecked'"))
    let named = try train(", identity: unchecked")
    #expect(named.exitCode == 0, "\(named.errors)")
    #expect(try train(", identity: perhaps").exitCode == 78)
    #expect(try place.shards("--identity", "unchecked", "--allow", "Qwen").exitCode == 64)
  }

  private static let configuration = """
    {"model_type":"llama","architectures":["LlamaForCausalLM"],"vocab_size":320,"hidden_size":16,
    "intermediate_size":24,"num_hidden_layers":1,"num_attention_heads":2,"num_key_value_heads":2,
    "hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":10000,"max_position_embeddings":64,
    "tie_word_embeddings":false,"bos_token_id":0,"eos_token_id":1}
    """
}
