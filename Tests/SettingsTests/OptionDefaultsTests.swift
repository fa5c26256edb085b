// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Settings
import Testing
import YAML

/// What a configuration file may say, and how it is refused otherwise.
///
/// Method: each file has one fault; reason and line are compared.
@Suite struct OptionDefaultsTests {
  private func fault(_ yaml: String) -> SettingsError? {
    #expect(throws: SettingsError.self) { try TinyCatalog.defaults(yaml) }
  }

  @Test(
    arguments: [
      "", "# nothing", "---\n", "~", "run:\n", "run: {}\n", "model: a\n...\n", "\u{FEFF}model: a",
      "run: &x {model: a}",
      "model: |\n  *a* *b* *c* *d* *e* *f* *g* *h* *i* *j* *k* *l* *m* *n* *o* *p* *q* *r*\n",
      "secret: 1",
    ]
  )
  func `is read`(yaml: String) throws { _ = try TinyCatalog.defaults(yaml) }

  @Test(
    arguments: [
      ("model: a\ntemprature: 1", "temprature", nil, "temperature", 2),
      ("max_tokens: 1", "max_tokens", nil, nil, 1),
      ("no_think: true", "no_think", nil, "no-think", 1),
      ("--threads: 1", "--threads", nil, "threads", 1),
      ("run:\n  depth: 1", "depth", "tiny run", nil, 2),
      ("run:\n  thread: 1", "thread", "tiny run", "threads", 2),
      ("modle: m", "modle", nil, "model", 1),
      ("bensh: {depth: 1}", "bensh", nil, "bench", 1),
      ("secre: 1", "secre", nil, nil, 1),
      ("<<: {model: a}", "<<", nil, nil, 1),
      ("help: true", "help", nil, nil, 1),
      ("version: true", "version", nil, nil, 1),
      ("config: x", "config", nil, nil, 1),
      ("run:\n  prompt: x", "prompt", "tiny run", nil, 2),
      ("train:\n  chek: {steps: 1}", "chek", "tiny train", "check", 2),
    ] as [(String, String, String?, String?, Int)]
  )
  func `an unknown key is named, with the nearest one`(
    yaml: String,
    key: String,
    command: String?,
    nearest: String?,
    line: Int
  ) {
    let fault = fault(yaml)
    let reason = SettingsError.Reason.unknownKey(key, command: command, nearest: nearest)
    let row = yaml.split(separator: "\n")[line - 1]
    let before = row.firstRange(of: key).map { row[..<$0.lowerBound] }
    let place = before.map { YAMLPosition(line: line, column: $0.count + 1) }
    #expect(fault == SettingsError(reason, file: "c.yaml", at: place))
    #expect(fault?.exitCode.rawValue == 78)
    #expect(fault?.remedy == nearest ?? "\(command ?? "hadal COMMAND") --help")
  }

  @Test(
    arguments: [
      ("think: yes", unfit("think", "'yes'", .boolean), 1, 8),
      ("think: \"true\"", unfit("think", "the text \"true\"", .boolean), 1, 8),
      ("think: [true]", unfit("think", "a list", .boolean), 1, 8),
      ("think:", unfit("think", "empty", .boolean), 1, 7),
      ("model: [a]", unfit("model", "a list", .value), 1, 8),
      ("model: {a: b}", unfit("model", "a section with keys", .value), 1, 8),
      ("run:\n  model:\n    - a", unfit("model", "a list", .value), 3, 5),
      ("stop: [a, [b]]", unfit("stop", "a list of more than values", .values), 1, 7),
      ("stop:\n  - a\n  -", unfit("stop", "a list with an empty place", .values), 2, 3),
      ("temperature:", unfit("temperature", "empty", .value), 1, 13),
      ("temperature: ~", unfit("temperature", "empty", .value), 1, 14),
      ("run: 3", .notSection("run"), 1, 6),
      ("run: [model]", .notSection("run"), 1, 6),
      ("files: a", .notSettable("files"), 1, 8),
      ("verbose: true", .notSettable("verbose"), 1, 10),
      ("think: true\n\nno-think: false", .samePlace(key: "no-think", other: "think"), 3, 1),
    ] as [(String, SettingsError.Reason, Int, Int)]
  )
  func `is refused`(
    yaml: String,
    reason: SettingsError.Reason,
    line: Int,
    column: Int
  ) throws {
    let fault = try #require(self.fault(yaml))
    let position = YAMLPosition(line: line, column: column)
    #expect(fault == SettingsError(reason, file: "c.yaml", at: position))
    #expect(fault.exitCode.rawValue == 78)
    #expect(fault.place == "c.yaml, line \(line), column \(column)")
    #expect(!fault.what.contains("(") && !fault.what.hasSuffix("."), "\(fault.what)")
  }

  @Test(
    arguments: [
      (
        "just words", .notYAML("a key and a colon are expected"), 1, 1,
        "the YAML cannot be read: a key and a colon are expected",
        "key: value, one a line; commands as sections, indented by spaces"
      ),
      (
        "run: {model: [[[[[[[a]]]]]]]}", .tooDeep(limit: 8), 1, 20,
        "keys are nested deeper than 8 levels", "a file of options and their values alone"
      ),
      (
        "model: &a b\nstop: [\(Array(repeating: "*a", count: 17).joined(separator: ", "))]",
        .tooManyAliases(limit: 16), 2, 72, "there are more than 16 aliases (*name)",
        "a file of options and their values alone"
      ),
      (
        "threads: !!int 3", .tag("tag:yaml.org,2002:int"), 1, 10,
        "a value has the tag 'tag:yaml.org,2002:int'; tags are not read",
        "the value alone; quotes make it a text"
      ),
      (
        "model: a\nmodel: b", .duplicateKey("model"), 2, 1, "key 'model' comes twice",
        "keep one of the two"
      ),
    ] as [(String, YAMLError.Reason, Int, Int, String, String)]
  )
  func `what is no file of keys and values is told in words of options and commands`(
    yaml: String,
    reason: YAMLError.Reason,
    line: Int,
    column: Int,
    what: String,
    remedy: String
  ) throws {
    let fault = try #require(self.fault(yaml))
    let position = YAMLPosition(line: line, column: column)
    let error = YAMLError(reason, file: "c.yaml", at: position)
    #expect(fault == SettingsError(.yaml(error), file: "c.yaml", at: position))
    #expect(fault.what == what)
    #expect(fault.remedy == remedy)
    #expect(fault.place == "c.yaml, line \(line), column \(column)")
    #expect(fault.exitCode.rawValue == 78)
  }

  @Test func `bytes that are no text are refused by their place`() {
    let error = #expect(throws: SettingsError.self) {
      try OptionDefaults([0x61, 0x3A, 0x20, 0xC3], file: "c", catalog: TinyCatalog.catalog())
    }
    #expect(error?.description == "byte 3 of the configuration file is not valid UTF-8 (c)")
    #expect(error?.remedy == "save it as UTF-8")
    #expect(error?.exitCode.rawValue == 78)
  }

  private static func unfit(
    _ key: String,
    _ found: String,
    _ expected: SettingsError.Expectation
  ) -> SettingsError.Reason {
    .unfit(key, found: found, expected: expected)
  }

  @Test func `numbers and words are taken as they stand`() throws {
    let line = try TinyCatalog.line(["run"], "model: no\nthreads: 0x10\ntemperature: 1e-3")
    #expect(line == ["run", "--model=no", "--temperature=1e-3", "--threads=0x10"])
  }

  @Test func `a few aliases are taken`() throws {
    let yaml = "run: &x {model: a}\nbench: *x"
    #expect(try TinyCatalog.line(["bench"], yaml) == ["bench", "--model=a"])
  }
}
