// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Settings
import Testing

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
    let place = before.map { SettingsPosition(line: line, column: $0.count + 1) }
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
      ("model: \"a\\0b\"", .notYAML("a text holds a zero byte"), 1, 8),
      ("run: 3", .notSection("run"), 1, 6),
      ("run: [model]", .notSection("run"), 1, 6),
      ("files: a", .notSettable("files"), 1, 8),
      ("verbose: true", .notSettable("verbose"), 1, 10),
      ("think: true\n\nno-think: false", .samePlace(key: "no-think", other: "think"), 3, 1),
      ("model: a\nmodel: b", .duplicateKey("model"), 2, 1),
      ("run:\n  model: a\nmodel: x\nrun:\n  model: b", .duplicateKey("run"), 4, 1),
      ("model: !!python/object x", .tag("tag:yaml.org,2002:python/object"), 1, 8),
      ("threads: !!int 3", .tag("tag:yaml.org,2002:int"), 1, 10),
      ("? [a, b]\n: 1", .notYAML("a key is no text"), 1, 3),
      ("model: a\n---\nmodel: b", .notYAML("but found another document"), 2, 1),
      ("just words", .notYAML("a key and a colon are expected"), 1, 1),
      ("- model", .notYAML("a list stands where keys are expected"), 1, 1),
      ("model: *x", .notYAML("found undefined alias"), 1, 8),
      ("model: a\n\trun: b", .notYAML("found a tab character that violates indentation"), 2, 1),
      ("model: 'a", .notYAML("found unexpected end of stream"), 1, 10),
    ] as [(String, SettingsError.Reason, Int, Int)]
  )
  func `is refused`(
    yaml: String,
    reason: SettingsError.Reason,
    line: Int,
    column: Int
  ) throws {
    let fault = try #require(self.fault(yaml))
    let position = SettingsPosition(line: line, column: column)
    #expect(fault == SettingsError(reason, file: "c.yaml", at: position))
    #expect(fault.exitCode.rawValue == 78)
    #expect(fault.place == "c.yaml, line \(line), column \(column)")
    #expect(!fault.what.contains("(") && !fault.what.hasSuffix("."), "\(fault.what)")
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
