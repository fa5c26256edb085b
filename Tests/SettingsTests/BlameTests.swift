// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Settings
import Testing
import YAML

/// Who is at fault where the parser refuses a line with settings in it.
///
/// Method: a parser of a few lines stands in for the real one; what it says is known, so that the
/// blame can be compared.
@Suite struct BlameTests {
  /// Refuses temperatures that are no number below 10, `--json` beside `--think`, and unknown words.
  private func complaint(_ line: [String]) -> String? {
    if line.contains("--unknown") { return "Unknown option '--unknown'" }
    for word in line where word.hasPrefix("--temperature=") {
      guard let value = Double(word.dropFirst("--temperature=".count)), value < 10 else {
        return "The value is bad: \(word)"
      }
    }
    if line.contains("--threads=0") { return "no threads" }
    if line.contains("--json"), line.contains("--think") { return "json excludes think" }
    return line.first == "bench" && !line.contains("x") ? "Missing expected argument" : nil
  }

  private func settled(
    _ typed: [String],
    _ yaml: String
  ) throws -> ConfiguredArguments.Settled {
    try ConfiguredArguments(typed, defaults: TinyCatalog.defaults(yaml)).settled(complaint)
  }

  @Test func `a line that is taken stays whole`() throws {
    #expect(
      try settled(["run"], "temperature: 1")
        == ConfiguredArguments.Settled(arguments: ["run", "--temperature=1"])
    )
  }

  @Test(arguments: [["run"], ["run", "--unknown"], ["run", "x", "--json"]])
  func `a bad value in the file is the file's fault, whatever the line says`(
    typed: [String]
  ) throws {
    let error = #expect(throws: SettingsError.self) {
      try settled(typed, "threads: 2\n\ntemperature: hot\nmodel: m")
    }
    #expect(
      error
        == SettingsError(
          .refused("The value is bad: --temperature=hot", command: "tiny run"),
          file: "c.yaml",
          at: YAMLPosition(line: 3, column: 14)
        )
    )
    #expect(error?.exitCode.rawValue == 78)
    #expect(error?.description == "the value is bad: --temperature=hot (c.yaml, line 3, column 14)")
    #expect(error?.remedy == "tiny run --help")
  }

  @Test func `a complaint of several lines is told in one`() throws {
    let error = #expect(throws: SettingsError.self) {
      try settled(["run"], "temperature: \"a\\nb\"")
    }
    #expect(error?.what == "the value is bad: --temperature=a")
  }

  @Test func `of two bad values the one that the parser names is blamed`() throws {
    let error = #expect(throws: SettingsError.self) {
      try settled(["run"], "threads: 0\ntemperature: 99")
    }
    #expect(error?.position?.line == 2)
  }

  @Test func `a fault of the line is left to the parser`() throws {
    let line = try settled(["run", "--unknown"], "temperature: 1")
    #expect(line == ConfiguredArguments.Settled(arguments: ["run", "--unknown"]))
  }

  @Test func `where file and line exclude each other the line wins, and it is said`() throws {
    let line = try settled(["run", "--think"], "model: m\njson: true")
    #expect(line.arguments == ["run", "--model=m", "--think"])
    #expect(
      line.warnings == [
        "'json' does not go with this command line and is left out (c.yaml, line 2, column 7)"
      ]
    )
  }

  @Test func `two settings that exclude each other are the file's fault`() throws {
    let error = #expect(throws: SettingsError.self) {
      try settled(["run", "hello"], "think: true\njson: true")
    }
    #expect(error?.what == "json excludes think")
  }

  @Test func `what a command misses is no fault of the file`() throws {
    #expect(try settled(["bench"], "model: m").arguments == ["bench"])
    #expect(try settled(["bench", "x"], "model: m").arguments == ["bench", "--model=m", "x"])
  }

  @Test
  func `a setting that this command alone refuses is another's, unless it has its own section`()
    throws
  {
    // Of the two commands with a temperature, one takes less here than the other.
    func complaint(_ line: [String]) -> String? {
      let isHot = line.contains("--temperature=9") || line.contains("--temperature=99")
      return isHot && (line.first == "bench" || line.contains("--temperature=99")) ? "hot" : nil
    }
    func settled(_ yaml: String) throws -> [String] {
      try ConfiguredArguments(["bench"], defaults: TinyCatalog.defaults(yaml)).settled(complaint)
        .arguments
    }
    #expect(try settled("temperature: 9\nmodel: m") == ["bench", "--model=m"])
    #expect(try settled("temperature: 8") == ["bench", "--temperature=8"])
    for yaml in ["bench: {temperature: 9}", "temperature: 99"] {
      #expect(throws: SettingsError.self) { try settled(yaml) }
    }
    try TinyCatalog.defaults("temperature: 9").requireSound(complaint)
  }

  @Test func `every command's section can be checked`() throws {
    let sound = try TinyCatalog.defaults("run: {temperature: 1}\nbench: {depth: 3}")
    try sound.requireSound(complaint)
    let broken = try TinyCatalog.defaults("bench: {depth: 3}\nrun: {temperature: 11}")
    #expect(throws: SettingsError.self) {
      try broken.requireSound(complaint)
    }
  }
}
