// SPDX-License-Identifier: Apache-2.0

import Settings
import Testing

/// Files that are made to cost time or memory.
@Suite struct SettingsLimitTests {
  private func fault(_ yaml: String) -> SettingsError.Reason? {
    #expect(throws: SettingsError.self) { try TinyCatalog.defaults(yaml) }?.reason
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

  @Test func `nesting ends at a limit`() {
    let sections = (0..<20).map { String(repeating: " ", count: $0) + "run:\n" }.joined()
    #expect(fault(sections + String(repeating: " ", count: 20) + "a: b") == .tooDeep(limit: 8))
    for bracket in ["[", "{", "- ", "? "] {
      let deep = "model: \n  " + String(repeating: bracket, count: 20_000)
      #expect(fault(deep) == .tooDeep(limit: 8), "\(bracket)")
    }
  }

  @Test func `bytes that are no text are refused by their place`() throws {
    let error = #expect(throws: SettingsError.self) {
      try OptionDefaults([0x61, 0x3A, 0x20, 0xC3], file: "c", catalog: TinyCatalog.catalog())
    }
    #expect(error?.reason == .notUTF8(offset: 3))
    #expect(fault("model: a\u{0}") == .notYAML("control characters are not allowed"))
  }
}
