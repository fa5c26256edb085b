// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

/// The reader against the grammar of RFC 8259, and against the writer.
@Suite struct JSONDocumentTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONDocument(Array(text.utf8)).root
  }

  @Test func `values are read with their kinds`() throws {
    let root = try parse(
      #" {"a":[1,-2.5,1e3,true,false,null],"b":{"c":"d"},"e":"","n":-0,"a":7} "#
    )
    let array = try #require(root["a"]?.array)
    #expect(array.count == 6)
    let values = Array(array)
    #expect(values[0].integer == 1 && values[0].double == 1)
    #expect(values[1].integer == nil && values[1].double == -2.5)
    #expect(values[2].integer == nil && values[2].double == 1000)
    #expect(values[3].boolean == true && values[4].boolean == false && values[5].isNull)
    #expect(root["b"]?["c"]?.string == "d")
    #expect(root["e"]?.string == "")
    #expect(root["missing"] == nil)
    #expect(root.object?.count == 5)
    #expect(root.object?.firstDuplicateKey == "a")
  }

  @Test func `escapes and surrogate pairs become text`() throws {
    let root = try parse(#"["\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude42\ud800x"]"#)
    #expect(
      root.array.map(Array.init)?[0].string == "\"\\/\u{8}\u{C}\n\r\tAé🙂\u{FFFD}x"
    )
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1,]", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "[1 2]", "01", "-", "1.",
    ".5", "1e", "+1", "NaN", "tru", "nulll", #""abc"#, #""\x""#, #""\u12g4""#, "\"\u{1}\"", "[]]",
    "{]", "[}", #"{"a":1 "b":2}"#, #"{1:2}"#, "'a'",
  ])
  func `what is no JSON is refused`(_ text: String) {
    #expect(throws: JSONError.self) { try parse(text) }
  }

  @Test func `bytes that are no UTF-8 are refused with their place`() {
    for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] {
      let error = #expect(throws: JSONError.self) {
        try JSONDocument([0x0A, 0x22] + bytes + [0x22])
      }
      #expect(error?.reason == .notUTF8)
      #expect(error?.offset == 2 && error?.line == 2)
    }
  }

  @Test func `nesting and length have limits`() {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    let error = #expect(throws: JSONError.self) { try JSONDocument(deep) }
    #expect(error?.reason == .tooDeep(limit: 64))
    let long = #expect(throws: JSONError.self) {
      try JSONDocument([0x31, 0x31, 0x31], limits: JSONDocument.Limits(byteCount: 2))
    }
    #expect(long?.reason == .tooLong(limit: 2))
  }

  @Test func `what is written reads back`() throws {
    let text = JSONText.object([
      ("text", .string("a\"b\\c\n\u{1}\u{7F}é🙂")), ("n", .integer(.min)), ("x", .double(0.1)),
      ("f", .float(1.1)), ("nan", .double(.nan)), ("list", .array([.boolean(true), .null])),
    ])
    let root = try parse(text.text)
    #expect(root["text"]?.string == "a\"b\\c\n\u{1}\u{7F}é🙂")
    #expect(root["n"]?.integer == .min)
    #expect(root["x"]?.double == 0.1)
    #expect(root["f"]?.double.map { Float($0) } == 1.1)
    #expect(root["nan"]?.isNull == true)
    #expect(root["list"]?.array?.count == 2)
  }

  @Test func `random bytes neither crash nor hang`() {
    var random = SplitMix64(seed: 5)
    let alphabet = Array("{}[]\",:0123456789.eE+-truefalsn\\u \n\u{e9}".utf8) + [0xFF, 0x00]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      _ = try? JSONDocument(bytes)
    }
  }
}
