// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// `hadal run` as a person and a script see it.
@Suite struct RunCommandTests {
  private let stories = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"

  private func object(_ line: String) throws -> JSONValue {
    try JSONDocument(Array(line.utf8)).root
  }

  @Test func `the story is the reference's, word for word`() throws {
    let run = try HadalProcess.run(
      ["run", "-m", stories, "Once upon a time", "--max-tokens", "252"]
    )
    #expect(run.exitCode == 0)
    #expect(run.errors.isEmpty)
    let story = try Oracles.text("checkpoints/real-stories260K/expected/story.txt")
    let told = "Once upon a time" + run.output
    #expect(run.output.hasSuffix("\n"))
    #expect(told.dropLast() == story.drop(while: { $0 == " " }).prefix(told.count - 1))
    #expect(told.count > 500)
  }

  @Test func `JSON holds prompt, ids, text, finish, seed and timings`() throws {
    let run = try HadalProcess.run(
      ["run", "-m", stories, "--prompt-ids", "1", "--max-tokens", "4", "--json", "--logprobs", "2"]
    )
    #expect(run.exitCode == 0)
    let answer = try object(run.lines[0])
    #expect(answer["ids"]?.array?.compactMap(\.integer) == [403, 407, 261, 378])
    #expect(answer["prompt_ids"]?.array?.compactMap(\.integer) == [1])
    #expect(answer["text"]?.string == "Once upon a time")
    #expect(answer["finish"]?.string == "length")
    #expect(answer["logprobs"]?.array?.count == 4)
    #expect(answer["timings"]?["tokens"]?.integer == 4)
    #expect(answer["seed"]?.integer == 0)
  }

  @Test func `a seed replays a sampled run`() throws {
    let arguments = [
      "run", "-m", stories, "Lily", "--temperature", "1", "--seed", "7", "--max-tokens", "30",
    ]
    let first = try HadalProcess.run(arguments)
    let second = try HadalProcess.run(arguments + ["--threads", "1", "--prefill-chunk", "2"])
    let other = try HadalProcess.run(arguments + ["--seed", "8"])
    #expect(first.output == second.output)
    #expect(first.output != other.output)
  }

  @Test func `penalties and biases change what is drawn, in options and in batches`() throws {
    let run = ["run", "-m", stories, "--prompt-ids", "1", "--max-tokens", "4", "--json"]
    let ids = { (line: String) in
      try self.object(line)["ids"]?.array?.compactMap(\.integer)
    }
    let biased = try HadalProcess.run(run + ["--logit-bias", "403:-100", "--logit-bias", "9:100"])
    #expect(try ids(biased.lines[0]) == [9, 9, 9, 9])
    let shy = try HadalProcess.run(
      run + ["--logit-bias", "9:100", "--presence-penalty", "100", "--logit-bias", "8:50"]
    )
    #expect(try ids(shy.lines[0])?.prefix(2) == [9, 8])
    let lines = """
      {"prompt_ids":[1],"max_tokens":2,"logit_bias":{"9":100}}
      {"prompt_ids":[1],"max_tokens":2,"repetition_penalty":0}
      {"prompt_ids":[1],"max_tokens":2,"logit_bias":{"x":1}}
      """
    let batch = try HadalProcess.run(
      ["run", "-m", stories, "--batch", "-"],
      input: Array(lines.utf8)
    )
    #expect(batch.exitCode == 65)
    #expect(try ids(batch.lines[0]) == [9, 9])
    #expect(batch.lines[1].contains("'repetition_penalty' is 0, but must be 0.01…100"))
    #expect(batch.lines[2].contains("'logit_bias' must be an object"))
    #expect(try HadalProcess.run(run + ["--logit-bias", "9:200"]).exitCode == 64)
    let unknown = try HadalProcess.run(run + ["--logit-bias", "99999:1"])
    #expect(unknown.exitCode == 65 && unknown.errors.contains("99999"), "\(unknown.errors)")
  }

  @Test func `resident weights tell the same story`() throws {
    let arguments = ["run", "-m", stories, "Lily", "--max-tokens", "30", "--verbose"]
    let mapped = try HadalProcess.run(arguments)
    let resident = try HadalProcess.run(arguments + ["--weights", "resident"])
    #expect(resident.exitCode == 0)
    #expect(resident.output == mapped.output)
    #expect(mapped.errors.contains(" mapped, cache"))
    #expect(resident.errors.contains(" resident, cache"))
  }

  @Test func `a stop text ends the text and is not printed`() throws {
    let run = try HadalProcess.run(
      ["run", "-m", stories, "Once upon a time", "--stop", "Lily", "--json"]
    )
    let answer = try object(run.lines[0])
    #expect(answer["finish"]?.string == "stop")
    #expect(answer["text"]?.string == ", there was a little girl named ")
  }

  @Test func `a batch answers in order and a bad line fails alone`() throws {
    let lines = [
      #"{"id":"a","prompt_ids":[1],"max_tokens":2}"#,
      #"{"id":"b","prompt_ids":[99999],"max_tokens":2}"#,
      "not json",
      #"{"id":"c","prompt":"Once upon a time","max_tokens":1,"temperature":0}"#,
      #"{"id":"d","messages":[]}"#,
    ]
    let run = try HadalProcess.run(
      ["run", "-m", stories, "--batch", "-", "--json"],
      input: Array(lines.joined(separator: "\n").utf8)
    )
    #expect(run.exitCode == 65)
    let answers = try run.lines.map(object)
    #expect(answers.count == 5)
    #expect(answers[0]["ids"]?.array?.compactMap(\.integer) == [403, 407])
    #expect(answers[1]["error"]?["code"]?.integer == 65)
    #expect(answers[1]["id"]?.string == "b")
    #expect(answers[2]["error"]?["where"]?.string == "standard input, line 3")
    #expect(answers[3]["text"]?.string == ",")
    #expect(answers[4]["error"]?["message"]?.string == "the conversation has no message")
  }

  @Test func `bad calls end with the contract's codes and one line`() throws {
    let cases: [(arguments: [String], code: Int32)] = [
      (["run", "-m", "/nowhere", "text"], 66),
      (["run", "-m", stories, "text", "--max-token", "3"], 64),
      (["run", "-m", stories, "text", "--threads", "0"], 64),
      (["run", "-m", stories, "text", "--temperature", "-1"], 64),
      (["run", "-m", stories, "--prompt-ids", "1,x"], 64),
      (["run", "-m", stories, "--prompt-ids", "512"], 65),
      (["run", "-m", stories, "--prompt-ids", "-1"], 64),
      (["frobnicate"], 64),
    ]
    for (arguments, code) in cases {
      let run = try HadalProcess.run(arguments)
      #expect(run.exitCode == code, "\(arguments)")
      let lines = run.errors.split(separator: "\n")
      #expect(lines.first?.hasPrefix("hadal: ") == true, "\(arguments): \(run.errors)")
      #expect(lines.count <= 2, "\(arguments): \(run.errors)")
    }
  }

  @Test func `a prompt longer than the context is refused with how much to cut`() throws {
    let ids = [String](repeating: "403", count: 600).joined(separator: ",")
    let run = try HadalProcess.run(["run", "-m", stories, "--prompt-ids", ids])
    #expect(run.exitCode == 65)
    #expect(run.errors.contains("600 positions, the context has 512"))
    #expect(run.errors.contains("shorten the prompt by 88 tokens"))
  }

  @Test func `invalid UTF-8 on standard input names its byte`() throws {
    let run = try HadalProcess.run(["run", "-m", stories], input: [0x41, 0x42, 0xFF])
    #expect(run.exitCode == 65)
    #expect(run.errors.contains("not valid UTF-8 (standard input, byte 2)"))
  }

  @Test func `a reader that goes away ends the run with 74 and no crash`() throws {
    let run = try HadalProcess.shell(
      "{ \"$HADAL\" run -m '\(stories)' --prompt-ids 1 --ignore-eos --max-tokens 400; "
        + "echo code $? >&2; } | head -c 1 > /dev/null"
    )
    #expect(run.errors.contains("code 74"))
    #expect(run.errors.contains("hadal: standard output cannot be written"))
  }

  @Test func `SIGINT ends a run in order with 130`() throws {
    // The signal is sent once the first answer is there: a shell's background job ignores SIGINT
    // until the program takes it over.
    let run = try HadalProcess.shell(
      """
      answers=$(mktemp)
      "$HADAL" run -m '\(stories)' --batch <(
        echo '{"prompt_ids":[1],"max_tokens":1}'
        yes '{"prompt_ids":[1],"max_tokens":500,"ignore_eos":true}' | head -n 300
      ) > "$answers" &
      until [ -s "$answers" ]; do sleep 0.1; done
      kill -INT $!
      wait $!
      echo "code $?"
      rm "$answers"
      """
    )
    #expect(run.output.contains("code 130"))
  }

  @Test func `SIGTERM ends a run that waits for its prompt with 143`() throws {
    let run = try HadalProcess.shell(
      """
      pipe=$(mktemp -u)
      mkfifo "$pipe"
      exec 3<>"$pipe"
      "$HADAL" run -m '\(stories)' <&3 &
      until grep -q '^SigCgt:.*[4-7c-f]..[2367abef]$' "/proc/$!/status"; do sleep 0.05; done
      sleep 0.2
      kill -TERM $!
      wait $!
      echo "code $?"
      rm "$pipe"
      """
    )
    #expect(run.output.contains("code 143"))
  }

  @Test func `an unavailable kernel path is a configuration error`() throws {
    let unknown = try HadalProcess.run(
      ["run", "-m", stories, "text"],
      environment: ["HADAL_KERNELS": "mmx"]
    )
    #expect(unknown.exitCode == 78)
    #expect(unknown.errors.contains("'mmx' is not a kernel path"))
  }

  @Test func `help and version print to standard output`() throws {
    let help = try HadalProcess.run(["--help"])
    #expect(help.exitCode == 0)
    #expect(help.output.contains("run") && help.errors.isEmpty)
    let version = try HadalProcess.run(["--version"])
    #expect(version.exitCode == 0)
    #expect(version.output.contains("arithmetic 1"))
  }
}
