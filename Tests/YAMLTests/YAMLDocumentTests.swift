// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing
import YAML

/// What a file of keys and values may hold, and how it is refused otherwise.
///
/// Method: each file that is refused has one fault; reason, line and column are compared.
@Suite struct YAMLDocumentTests {
  private func entries(_ yaml: String) throws -> [YAMLEntry] {
    try YAMLDocument(Array(yaml.utf8), file: "r.yaml").entries
  }

  private func at(_ line: Int, _ column: Int) -> YAMLPosition {
    YAMLPosition(line: line, column: column)
  }

  private func plain(_ text: String, _ line: Int, _ column: Int) -> YAMLValue {
    .scalar(YAMLScalar(text: text, isPlain: true, position: at(line, column)))
  }

  @Test func `keys, values, lists and sections are read with their places`() throws {
    let yaml = """
      steps: 3
      name: "a\\tb"
      data:
        - path: x
          weight: 0.5
        - [1, é, 2]
        -
      model: {}
      """
    let first = YAMLValue.section(
      [
        YAMLEntry(key: "path", position: at(4, 5), value: plain("x", 4, 11)),
        YAMLEntry(key: "weight", position: at(5, 5), value: plain("0.5", 5, 13)),
      ],
      at(4, 5)
    )
    let second = YAMLValue.list(
      [plain("1", 6, 6), plain("é", 6, 9), plain("2", 6, 12)],
      at(6, 5)
    )
    let name = YAMLScalar(text: "a\tb", isPlain: false, position: at(2, 7))
    #expect(
      try entries(yaml) == [
        YAMLEntry(key: "steps", position: at(1, 1), value: plain("3", 1, 8)),
        YAMLEntry(key: "name", position: at(2, 1), value: .scalar(name)),
        YAMLEntry(
          key: "data",
          position: at(3, 1),
          value: .list([first, second, plain("", 7, 4)], at(4, 3))
        ),
        YAMLEntry(key: "model", position: at(8, 1), value: .section([], at(8, 8))),
      ]
    )
  }

  @Test(arguments: ["", "# nothing", "---\n", "~", "null", "{}"])
  func `a file may say nothing`(yaml: String) throws { #expect(try entries(yaml).isEmpty) }

  @Test func `a value has the place where it begins, whatever its kind`() throws {
    let values = try entries("a: 1\nb: [2]\nc: {d: 3}\ne:").map(\.value)
    #expect(values.map(\.position) == [at(1, 4), at(2, 4), at(3, 4), at(4, 3)])
  }

  @Test(
    arguments: [
      ("~", true, "empty"), ("", true, "empty"), ("null", true, "empty"), ("yes", true, "'yes'"),
      ("~", false, "the text \"~\""), ("", false, "the text \"\""),
    ]
  )
  func `a plain value can be empty, a quoted one cannot`(
    text: String,
    isPlain: Bool,
    shown: String
  ) {
    let scalar = YAMLScalar(text: text, isPlain: isPlain)
    #expect(scalar.isNull == (shown == "empty"))
    #expect(scalar.shown == shown)
  }

  @Test func `a long value is shown shortened`() {
    let scalar = YAMLScalar(text: String(repeating: "é", count: 41), isPlain: true)
    #expect(scalar.shown == "'\(String(repeating: "é", count: 40))…'")
  }

  @Test func `an alias stands for what it names, at that one's place`() throws {
    let yaml = "a: &x [1, {b: 2}]\nc: [*x]"
    let entries = try entries(yaml)
    #expect(entries[1].value == .list([entries[0].value], at(2, 4)))
  }

  @Test(
    arguments: [
      ("model: \"a\\0b\"", .notYAML("a text holds a zero byte"), 1, 8),
      ("a: [[\"a\\0b\"]]", .notYAML("a text holds a zero byte"), 1, 6),
      ("model: a\nmodel: b", .duplicateKey("model"), 2, 1),
      ("run:\n  model: a\nmodel: x\nrun:\n  model: b", .duplicateKey("run"), 4, 1),
      ("model: !!python/object x", .tag("tag:yaml.org,2002:python/object"), 1, 8),
      ("threads: !!int 3", .tag("tag:yaml.org,2002:int"), 1, 10),
      ("a:\n  - b: !!int 3", .tag("tag:yaml.org,2002:int"), 2, 8),
      ("a: !!set {b}", .tag("tag:yaml.org,2002:set"), 1, 4),
      ("a: !x [b]", .tag("!x"), 1, 4),
      ("? [a, b]\n: 1", .notYAML("a key is no text"), 1, 3),
      ("model: a\n---\nmodel: b", .notYAML("but found another document"), 2, 1),
      ("just words", .notYAML("a key and a colon are expected"), 1, 1),
      ("- model", .notYAML("a list stands where keys are expected"), 1, 1),
      ("model: *x", .notYAML("found undefined alias"), 1, 8),
      ("model: a\n\trun: b", .notYAML("found a tab character that violates indentation"), 2, 1),
      ("model: 'a", .notYAML("found unexpected end of stream"), 1, 10),
    ] as [(String, YAMLError.Reason, Int, Int)]
  )
  func `is refused`(
    yaml: String,
    reason: YAMLError.Reason,
    line: Int,
    column: Int
  ) throws {
    let fault = try #require(throws: YAMLError.self) { try entries(yaml) }
    #expect(fault == YAMLError(reason, file: "r.yaml", at: at(line, column)))
    #expect(fault.exitCode.rawValue == 78)
    #expect(fault.place == "r.yaml, line \(line), column \(column)")
    #expect(!fault.what.contains("(") && !fault.what.hasSuffix("."), "\(fault.what)")
  }

  @Test func `a place is counted in lines and scalars`() {
    let bytes = Array("a\né: b".utf8)
    #expect(YAMLPosition(of: 0, in: bytes) == at(1, 1))
    #expect(YAMLPosition(of: 1, in: bytes) == at(1, 2))
    #expect(YAMLPosition(of: 4, in: bytes) == at(2, 2))
    #expect("\(at(2, 2))" == "line 2, column 2")
  }
}
