// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing
import Tokenization

/// Held to the recorded output of `tokenizers` 0.23.3, case by case; an absent field of a vector
/// means equality, so every case checks all modes.
@Suite struct `Vectors of the published implementation` {
  @Test(arguments: OracleTokenizers.available)
  func `encode forms every added token in the mode of templates`(_ name: String) throws {
    try check(name) { tokenizer, text, vector in
      let ids = try tokenizer.encode(text, addsSpecialTokens: false, addedTokens: .all)
      return ids == vector["a"]?.ids ? nil : "\(ids)"
    }
  }

  @Test(arguments: OracleTokenizers.available)
  func `encode forms no added token by default`(_ name: String) throws {
    try check(name) { tokenizer, text, vector in
      let ids = try tokenizer.encode(text, addsSpecialTokens: false)
      return ids == (vector["n"] ?? vector["a"])?.ids ? nil : "\(ids)"
    }
  }

  @Test(arguments: OracleTokenizers.available)
  func `encode splits special tokens and forms the others`(_ name: String) throws {
    try check(name) { tokenizer, text, vector in
      let ids = try tokenizer.encode(text, addsSpecialTokens: false, addedTokens: .nonSpecial)
      return ids == (vector["x"] ?? vector["a"])?.ids ? nil : "\(ids)"
    }
  }

  @Test(arguments: OracleTokenizers.available)
  func `the post-processor's tokens stand before the text`(_ name: String) throws {
    let prefix = try OracleTokenizers.lines("vectors/\(name).jsonl")[0]["prefix"]?.ids ?? []
    try check(name) { tokenizer, text, vector in
      let ids = try tokenizer.encode(text, addedTokens: .all)
      return ids == prefix + (vector["a"]?.ids ?? []) ? nil : "\(ids)"
    }
  }

  @Test(arguments: OracleTokenizers.available)
  func `decode gives the text back as the published decoder does`(_ name: String) throws {
    try check(name) { tokenizer, text, vector in
      let ids = vector["a"]?.ids ?? []
      let whole = vector["d"]?.string ?? text
      guard equal(tokenizer.decode(ids), whole) else { return tokenizer.decode(ids) }
      let kept = tokenizer.decode(ids, skipsSpecialTokens: true)
      return equal(kept, vector["k"]?.string ?? whole) ? nil : kept
    }
  }

  @Test(arguments: OracleTokenizers.available)
  func `decode of random ids is the published one`(_ name: String) throws {
    let tokenizer = try OracleTokenizers.tokenizer(name)
    let lines = try OracleTokenizers.lines("decode/\(name).jsonl")
    #expect(lines.count == 100)
    for line in lines {
      let ids = line["ids"]?.ids ?? []
      let whole = line["d"]?.string ?? ""
      #expect(equal(tokenizer.decode(ids), whole), "\(ids)")
      let kept = tokenizer.decode(ids, skipsSpecialTokens: true)
      #expect(equal(kept, line["k"]?.string ?? whole), "\(ids)")
    }
  }

  @Test(arguments: OracleTokenizers.available)
  func `streaming releases whole characters as soon as they are certain`(_ name: String) throws {
    let tokenizer = try OracleTokenizers.tokenizer(name)
    let lines = try OracleTokenizers.lines("stream/\(name).jsonl")
    #expect(lines.count > 20)
    for line in lines {
      let ids = line["ids"]?.ids ?? []
      var stream = StreamingDetokenizer(tokenizer)
      let released = ids.map { stream.append($0) }
      let expected = line["p"]?.array?.map { $0.string ?? "" } ?? []
      #expect(zip(released, expected).allSatisfy { equal($0, $1) }, "\(ids): \(released)")
      #expect(released.count == expected.count)
      #expect(equal(stream.finish(), line["tail"]?.string ?? ""), "\(ids)")
    }
  }

  @Test(arguments: OracleTokenizers.available)
  func `streaming joins to decode on every case`(_ name: String) throws {
    try check(name) { tokenizer, _, vector in
      let ids = vector["a"]?.ids ?? []
      var stream = StreamingDetokenizer(tokenizer)
      let text = ids.map { stream.append($0) }.joined() + stream.finish()
      return equal(text, tokenizer.decode(ids)) ? nil : text
    }
  }

  /// Runs a check on each case; it returns what was wrong.
  private func check(
    _ name: String,
    _ body: (Tokenizer, String, JSONValue) throws -> String?
  ) throws {
    let tokenizer = try OracleTokenizers.tokenizer(name)
    let cases = try OracleTokenizers.cases.get()
    let vectors = try OracleTokenizers.lines("vectors/\(name).jsonl").dropFirst()
    #expect(vectors.count == 902)
    var failures: [String] = []
    for vector in vectors {
      let index = vector["i"]?.integer ?? 0
      if let fault = try body(tokenizer, cases[index], vector) {
        failures.append("case \(index) \(cases[index].prefix(60).debugDescription): \(fault)")
      }
    }
    #expect(failures.isEmpty, "\(failures.count) fail: \(failures.prefix(4))")
  }
}

/// Equality of bytes: `String` takes canonically equivalent texts for equal.
func equal(_ left: String, _ right: String) -> Bool {
  left.utf8.elementsEqual(right.utf8)
}
