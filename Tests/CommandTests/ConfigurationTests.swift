// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import Settings
import TestSupport
import Testing
import hadal

/// The configuration file from outside: what a person writes, and what the program then does.
@Suite struct ConfigurationTests {
  private let stories = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"

  private func run(
    _ arguments: [String],
    _ yaml: String
  ) throws -> (outcome: HadalProcess.Outcome, path: String) {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let path = folder + "/c.yaml"
    try SystemFolder.write(Array(yaml.utf8), to: path)
    return (try HadalProcess.run(arguments, environment: ["HADAL_CONFIG": path]), path)
  }

  private func text(_ arguments: [String], _ yaml: String) throws -> String {
    let run = try run(arguments, yaml).outcome
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    return run.output
  }

  @Test func `defaults of options come from the file, and the line wins`() throws {
    let yaml = """
      model: \(stories)
      max-tokens: 2
      run:
        max-tokens: 5
        stop: [little]
      """
    #expect(try text(["run", "Once upon a time"], yaml) == ", there was a \n")
    #expect(try text(["run", "Once upon a time", "--stop", "a"], yaml) == ", there w\n")
    let line = ["run", "Once upon a time", "--max-tokens", "1", "--stop", "x"]
    #expect(try text(line, yaml) == ",\n")
    #expect(try text(["tokenize", "Once"], yaml) == "1 403\n")
  }

  @Test func `the file may set what errors look like`() throws {
    let run = try run(["inspect", "/nowhere"], "json: true").outcome
    #expect(run.exitCode == 66)
    #expect(try JSONDocument(Array(run.output.utf8)).root["error"]?["code"]?.integer == 66)
  }

  @Test(
    arguments: [
      (
        "model: a\ntemprature: 1", "unknown key 'temprature': no option of any command", 2, 1,
        "temperature"
      ),
      (
        "threads: many", "the value 'many' is invalid for '--threads <threads>'", 1, 10,
        "hadal run --help"
      ),
      (
        "\nrun:\n  temperature: 101", "--temperature is 101, but must be 0…100", 3, 16,
        "hadal run --help"
      ),
      (
        "weights: fast",
        "the value 'fast' is invalid for '--weights <weights>'. Please provide "
          + "one of 'mapped' and 'resident'.", 1, 10, "hadal run --help"
      ),
      ("json: yes", "'json' is 'yes', but must be true or false", 1, 7, "json: true"),
    ]
  )
  func `a fault of the file names the file`(
    yaml: String,
    what: String,
    line: Int,
    column: Int,
    remedy: String
  ) throws {
    for arguments in [["run", "Once"], ["run", "Once", "--json", "--seed", "1"]] {
      let (run, path) = try run(arguments, yaml)
      #expect(run.exitCode == 78)
      #expect(
        run.errors == "hadal: \(what) (\(path), line \(line), column \(column))\n  try: \(remedy)\n"
      )
      guard arguments.contains("--json") else { continue }
      let error = try JSONDocument(Array(run.output.utf8)).root["error"]
      #expect(error?["where"]?.string == "\(path), line \(line), column \(column)")
    }
  }

  @Test func `a fault of the line names the line`() throws {
    let run = try run(["run", "Once", "--max-token", "3"], "threads: 2").outcome
    #expect(run.exitCode == 64)
    #expect(run.errors.hasPrefix("hadal: unknown option '--max-token'"))
    #expect(!run.errors.contains("c.yaml"))
  }

  @Test func `the line's flag beats its opposite in the file`() throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let template = "{% if enable_thinking %}yes{% else %}no{% endif %}"
    try SystemFolder.write(Array(template.utf8), to: folder + "/t")
    let line = ["render", "--template", folder + "/t"]
    #expect(try text(line, "render: {no-think: true}") == "no")
    #expect(try text(line, "no-think: false") == "yes")
    #expect(try text(line + ["--think"], "render: {no-think: true}") == "yes")
    #expect(try text(line + ["--no-think"], "think: true") == "no")
  }

  @Test func `what excludes the line's prompt gives way, with a warning`() throws {
    let yaml = "model: \(stories)\nrun: {prompt-ids: '1,2', max-tokens: 1}"
    let (run, path) = try run(["run", "Once upon a time"], yaml)
    #expect(run.exitCode == 0)
    #expect(run.output == ",\n")
    #expect(
      run.errors == "hadal: 'prompt-ids' does not go with this command line and is left out "
        + "(\(path), line 2, column 19)\n"
    )
  }

  @Test func `a file that is named must exist`() throws {
    let absent = try HadalProcess.run(["tokenize", "x", "--config", "/nowhere/none"])
    #expect(absent.exitCode == 66)
    #expect(absent.errors.hasPrefix("hadal: the configuration file does not exist ("))
  }

  @Test func `the file's place follows the environment`() throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    for (variable, path) in [("XDG_CONFIG_HOME", "hadal"), ("HOME", ".config/hadal")] {
      let file = "\(folder)/\(variable)/\(path)/config.yaml"
      try SystemFolder.write(Array("model: \(stories)\n".utf8), to: file)
      let run = try HadalProcess.shell(
        "unset HADAL_CONFIG XDG_CONFIG_HOME; export \(variable)=\(folder)/\(variable); "
          + "\"$HADAL\" tokenize Once"
      )
      #expect(run.output == "1 403\n", "\(run.errors)")
      let none = try HadalProcess.shell(
        "export \(variable)=\(folder)/\(variable); HADAL_CONFIG= \"$HADAL\" tokenize Once"
      )
      // Without the file the model within the program counts, whose ids are others.
      #expect(none.exitCode == (EmbeddedFile.named("nano/config.json") == nil ? 66 : 0))
      #expect(none.output != run.output)
    }
  }

  @Test func `the example in the documentation is taken by every command`() throws {
    let page = Oracles.packageRoot + "/Documentation/Configuration.md"
    let text = String(decoding: try Oracles.bytes(at: page), as: UTF8.self)
    let example = text.split(separator: "\n```", omittingEmptySubsequences: false).dropFirst().first
    let catalog = try ParserVerdict.catalog()
    let bytes = Array((example ?? "").utf8)
    #expect(bytes.count > 100)
    let defaults = try OptionDefaults(bytes, file: "example", catalog: catalog)
    try defaults.requireSound(ParserVerdict.complaint)
  }

  @Test func `help and version need no whole file`() throws {
    for arguments in [["--help"], ["run", "--help"], ["help", "run"], ["--version"], []] {
      #expect(try run(arguments, "nonsense: [").outcome.exitCode == 0)
    }
  }

  @Test func `doctor names the file and says whether it is broken`() throws {
    let (whole, path) = try run(["doctor", "--json"], "threads: 1\nbench: {depth: 3}")
    #expect(whole.exitCode == 0, "\(whole.errors)")
    let report = try JSONDocument(Array(whole.output.utf8)).root
    #expect(report["threads"]?.integer == 1)
    #expect(report["config_path"]?.string == path)
    #expect(report["check_config"]?.boolean == true)
    let (broken, brokenPath) = try run(["doctor"], "bench:\n  depth: deep")
    #expect(broken.exitCode == 1)
    #expect(broken.output.contains("'deep' is invalid"))
    #expect(broken.output.contains("(\(brokenPath), line 2, column 10)"))
    let unreadable = try run(["doctor"], "[")
    #expect(unreadable.outcome.exitCode == 1 && unreadable.outcome.output.contains("processor"))
    let none = try HadalProcess.run(["doctor"])
    #expect(none.exitCode == 0 && none.output.contains("config path"))
  }
}
