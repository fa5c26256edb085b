// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing

/// What RFC 8259 says of a text: which it takes, what it means, and where it goes wrong.
@Suite struct `A JSON document` {
  @Test(arguments: [
    "null", " true ", "0", "-0", "12.5e+3", "\"\"", "[]", "{}", "[1,[2,{\"a\":[]}],\"x\"]",
    "{\"a\":1,\"a\":2}", "\t\r\n{ \"k\" : [ ] }\n", "\"\\u00e9\\\\\\/\\b\\f\\n\\r\\t\\\"\"",
    "\"é你😀\u{7F}\"",
  ])
  func `is read where the grammar allows it`(_ text: String) throws {
    _ = try JSONDocument(Array(text.utf8))
  }

  @Test(
    arguments: [
      ("", .endsEarly, 0), ("  ", .endsEarly, 2), ("[", .endsEarly, 1), ("[1", .endsEarly, 2),
      ("{\"a\"", .endsEarly, 4), ("\"abc", .endsEarly, 4), ("tru", .endsEarly, 3),
      ("[1,]", .unexpectedByte(0x5D), 3), ("[,1]", .unexpectedByte(0x2C), 1),
      ("{,}", .unexpectedByte(0x2C), 1), ("{\"a\":1,}", .unexpectedByte(0x7D), 7),
      ("{\"a\" 1}", .unexpectedByte(0x31), 5), ("{1:2}", .unexpectedByte(0x31), 1),
      ("[1}", .unexpectedByte(0x7D), 2), ("[1 2]", .unexpectedByte(0x32), 3),
      ("nul1", .unexpectedByte(0x31), 3), ("NaN", .unexpectedByte(0x4E), 0),
      ("1 2", .trailingBytes, 2), ("{}x", .trailingBytes, 2), ("01", .badNumber, 1),
      ("-", .badNumber, 1), ("1.", .badNumber, 2), ("1e", .badNumber, 2),
      ("+1", .unexpectedByte(0x2B), 0),
      ("\"\\x\"", .badEscape, 1), ("\"\\u12g4\"", .badEscape, 1), ("\"\\u12", .endsEarly, 1),
      ("\"\n\"", .unexpectedByte(0x0A), 1),
    ] as [(String, JSONError.Reason, Int)]
  )
  func `is refused with the byte at fault`(
    _ text: String,
    _ reason: JSONError.Reason,
    _ offset: Int
  ) {
    #expect(throws: JSONError(reason: reason, offset: offset, line: 1)) {
      try JSONDocument(Array(text.utf8))
    }
  }

  @Test(arguments: [
    [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xBD],
  ])
  func `is refused where a string is no UTF-8`(_ bytes: [UInt8]) {
    #expect(throws: JSONError(reason: .notUTF8, offset: 1, line: 1)) {
      try JSONDocument([0x22] + bytes + [0x22])
    }
  }

  @Test func `has limits of depth and length`() throws {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
    #expect(throws: JSONError(reason: .tooDeep(limit: 64), offset: 64, line: 1)) {
      try JSONDocument(deep)
    }
    let limits = JSONDocument.Limits(depth: 2, byteCount: 6)
    _ = try JSONDocument(Array("[[1]]".utf8), limits: limits)
    #expect(throws: JSONError.self) { try JSONDocument(Array("[[[]]]".utf8), limits: limits) }
    #expect(throws: JSONError.self) { try JSONDocument(Array("[[1]]  ".utf8), limits: limits) }
  }

  @Test func `gives its values in order and by key`() throws {
    let text = #"{"b":[1,-2,3.5,1e3,true,null,"x\ud83d\ude00\ud800y"],"a":{"c":{}},"b":7}"#
    let root = try JSONDocument(Array(text.utf8)).root
    let members = try #require(root.object)
    #expect(members.map(\.key) == ["b", "a", "b"])
    #expect(members.firstDuplicateKey == "b")
    let values = try #require(root["b"]?.array.map(Array.init))
    #expect(values.count == 7)
    #expect(values.map(\.integer) == [1, -2, nil, nil, nil, nil, nil])
    #expect(values.map(\.double) == [1, -2, 3.5, 1_000, nil, nil, nil])
    #expect(values[4].boolean == true)
    #expect(values[5].isNull)
    #expect(values[6].string == "x\u{1F600}\u{FFFD}y")
    #expect(root["a"]?["c"]?.object?.count == 0)
    #expect(root["z"] == nil)
    #expect(root.string == nil)
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("999999999999999999", 999_999_999_999_999_999),
      ("-999999999999999999", -999_999_999_999_999_999), ("9223372036854775807", Int.max),
      ("-9223372036854775808", Int.min), ("9223372036854775808", nil), ("1.0", nil), ("1e2", nil),
    ] as [(String, Int?)]
  )
  func `gives integers up to 64 bits`(_ text: String, _ value: Int?) throws {
    #expect(try JSONDocument(Array(text.utf8)).root.integer == value)
  }

  @Test func `appends string bytes to a buffer, keys too`() throws {
    let root = try JSONDocument(Array(#"{"k\u0041":"v\n","n":1}"#.utf8)).root
    var buffer = Array("-".utf8)
    for member in try #require(root.object) {
      member.appendKeyBytes(to: &buffer)
      let isString = member.value.appendStringBytes(to: &buffer)
      #expect(isString == (member.value.string != nil))
    }
    #expect(String(decoding: buffer, as: UTF8.self) == "-kAv\nn")
  }

  @Test func `says the line of a fault`() {
    #expect(throws: JSONError(reason: .unexpectedByte(0x5D), offset: 6, line: 3)) {
      try JSONDocument(Array("[\n1\n, ]".utf8))
    }
  }
}
