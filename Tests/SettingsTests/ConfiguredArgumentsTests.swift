// SPDX-License-Identifier: Apache-2.0

import Settings
import Testing

/// What a file makes of a command line.
///
/// Method: the whole line is compared, so that an argument too much or in another place is seen.
@Suite struct ConfiguredArgumentsTests {
  @Test func `settings stand behind the command's name and before what was typed`() throws {
    let line = try TinyCatalog.line(["run", "hello", "--json"], "temperature: 0.5")
    #expect(line == ["run", "--temperature=0.5", "hello", "--json"])
  }

  @Test func `a command's section wins over what stands outside, the line over both`() throws {
    let yaml = "temperature: 1\nthreads: 2\nrun:\n  temperature: 0.5\n  model: a b\n"
    #expect(
      try TinyCatalog.line(["run"], yaml) == [
        "run", "--model=a b", "--temperature=0.5", "--threads=2",
      ]
    )
    #expect(
      try TinyCatalog.line(["run", "--temperature", "0"], yaml) == [
        "run", "--model=a b", "--threads=2", "--temperature", "0",
      ]
    )
  }

  @Test func `another command takes what is its own alone`() throws {
    let yaml = "model: m\nthreads: 2\ndepth: 7\nrun: {temperature: 1}\n"
    #expect(try TinyCatalog.line(["bench"], yaml) == ["bench", "--model=m", "--depth=7"])
  }

  @Test(
    arguments: [
      (["run", "-m", "x"], ["run", "-m", "x"]),
      (["run", "-m=x"], ["run", "-m=x"]),
      (["run", "--model=x"], ["run", "--model=x"]),
      (["run", "--", "--model"], ["run", "--model=m", "--", "--model"]),
      (["run", "model"], ["run", "--model=m", "model"]),
      (["run", "-"], ["run", "--model=m", "-"]),
      (["r"], ["r", "--model=m"]),
      (["--config", "run", "run"], ["--config", "run", "run", "--model=m"]),
      (["--", "run"], ["--", "run"]),
      (["nothing"], ["nothing"]),
      ([], []),
    ]
  )
  func `an option of the line is not taken from the file`(
    typed: [String],
    expected: [String]
  ) throws {
    #expect(try TinyCatalog.line(typed, "model: m") == expected)
  }

  @Test func `lists become one argument an element, and the line replaces them`() throws {
    let yaml = "run:\n  stop: [a, \"--b\", '']\n"
    #expect(try TinyCatalog.line(["run"], yaml) == ["run", "--stop=a", "--stop=--b", "--stop="])
    #expect(try TinyCatalog.line(["run", "--stop", "c"], yaml) == ["run", "--stop", "c"])
    #expect(try TinyCatalog.line(["run"], "stop: a\nrun: {stop: []}") == ["run"])
  }

  @Test(
    arguments: [
      ("think: true", ["--think"]), ("think: false", ["--no-think"]),
      ("no-think: true", ["--no-think"]), ("no-think: false", ["--think"]),
      ("json: true", ["--json"]), ("json: false", []),
      ("json: true\nrun: {json: false}", []),
    ]
  )
  func `flags are true or false, also under the name of their opposite`(
    yaml: String,
    expected: [String]
  ) throws {
    #expect(try TinyCatalog.line(["run"], yaml) == ["run"] + expected)
  }

  @Test func `the opposite of a flag on the line beats the file`() throws {
    #expect(
      try TinyCatalog.line(["run", "--think"], "run: {no-think: true}") == ["run", "--think"]
    )
    #expect(try TinyCatalog.line(["run", "--no-think"], "think: true") == ["run", "--no-think"])
  }

  @Test func `a command below another takes the sections of both`() throws {
    let yaml = "model: m\ntrain:\n  out: o\n  steps: 1\n  check: {steps: 2}\n"
    #expect(
      try TinyCatalog.line(["train", "check", "x"], yaml) == [
        "train", "--out=o", "check", "--steps=2", "x",
      ]
    )
    #expect(
      try TinyCatalog.line(["train"], yaml) == ["train", "--out=o", "--steps=1", "--model=m"]
    )
  }

  @Test func `a key outside the sections goes to the commands whose kind it has`() throws {
    // In `run` json is a flag, in `bench` it takes a value.
    #expect(try TinyCatalog.line(["run"], "json: x") == ["run"])
    #expect(try TinyCatalog.line(["bench"], "json: x") == ["bench", "--json=x"])
  }

  @Test(arguments: [["run", "--help"], ["help", "run"], ["run", "-h"], ["run", "--version"]])
  func `help is shown without the file`(typed: [String]) {
    #expect(OptionDefaults.isAnsweredByParser(typed))
    #expect(!OptionDefaults.isAnsweredByParser(["run", "--"] + typed))
  }
}
