// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing
import YAML

/// Files that are made to cost time or memory.
@Suite struct YAMLLimitTests {
  private func fault(_ yaml: String) -> YAMLError.Reason? {
    #expect(throws: YAMLError.self) { try YAMLDocument(Array(yaml.utf8), file: "r.yaml") }?.reason
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  // The classic: nine levels of nine make a billion values. As a key it would be compared whole.
  @Test(arguments: ["x", "?"]) func `a billion laughs are refused at once`(place: String) {
    var yaml = "a0: &a0 [lol]\n"
    for level in 1...9 {
      let list = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
      yaml += place == "x" ? "a\(level): &a\(level) [\(list)]\n" : "? &a\(level) [\(list)]\n: 1\n"
    }
    let time = seconds { #expect(fault(yaml) == .tooManyAliases(limit: 16)) }
    #expect(time < 2)
  }

  @Test func `sixteen aliases in the worst order cost no time`() {
    var yaml = "? &a0 [\(Array(repeating: "lol", count: 10_000).joined(separator: ","))]\n: 1\n"
    for level in 1...5 {
      yaml += "? &a\(level) [*a\(level - 1),*a\(level - 1),*a\(level - 1)]\n: 1\n"
    }
    let time = seconds { #expect(fault(yaml) == .notYAML("a key is no text")) }
    #expect(time < 20)
  }

  @Test(arguments: [false, true])
  func `aliases stand for a number of values, as lists and sections`(
    isSection: Bool
  ) {
    var yaml = "a0: &a0 [\(Array(repeating: "v", count: 1_000).joined(separator: ","))]\n"
    for level in 1...5 {
      let name = "*a\(level - 1)"
      yaml += "a\(level): &a\(level) "
      yaml += isSection ? "{a: \(name), b: \(name), c: \(name)}\n" : "[\(name),\(name),\(name)]\n"
    }
    let time = seconds { #expect(fault(yaml) == .swollen) }
    #expect(time < 2)
  }

  @Test func `a list that is named often is taken`() throws {
    let list = Array(repeating: "v", count: 1_000).joined(separator: ",")
    let names = Array(repeating: "*a", count: 16).joined(separator: ",")
    let entries = try YAMLDocument(Array("a: &a [\(list)]\nb: [\(names)]".utf8), file: "r.yaml")
      .entries
    guard case .list(let lists, _) = entries[1].value else {
      Issue.record("no list")
      return
    }
    #expect(lists == Array(repeating: entries[0].value, count: 16))
  }

  @Test func `a file of many values without aliases is taken`() throws {
    let yaml = "a: [\(String(repeating: "1,", count: 100_000))]"
    #expect(try YAMLDocument(Array(yaml.utf8), file: "r.yaml").entries.count == 1)
  }

  @Test func `nesting ends at a limit`() throws {
    let sections = (0..<20).map { String(repeating: " ", count: $0) + "run:\n" }.joined()
    #expect(fault(sections + String(repeating: " ", count: 20) + "a: b") == .tooDeep(limit: 8))
    for bracket in ["[", "{", "- ", "? "] {
      let deep = "model: \n  " + String(repeating: bracket, count: 20_000)
      #expect(fault(deep) == .tooDeep(limit: 8), "\(bracket)")
    }
    func lists(_ count: Int) -> String {
      "a: " + String(repeating: "[", count: count) + "v" + String(repeating: "]", count: count)
    }
    #expect(fault(lists(8)) == .tooDeep(limit: 8))
    _ = try YAMLDocument(Array(lists(7).utf8), file: "r.yaml")
  }

  @Test func `bytes that are no text are refused by their place`() {
    let error = #expect(throws: YAMLError.self) {
      try YAMLDocument([0x61, 0x3A, 0x20, 0xC3], file: "r")
    }
    #expect(error == YAMLError(.notUTF8(offset: 3), file: "r"))
    #expect(error?.description == "byte 3 of the file is not valid UTF-8 (r)")
    #expect(fault("model: a\u{0}") == .notYAML("control characters are not allowed"))
  }
}
