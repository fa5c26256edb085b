// SPDX-License-Identifier: Apache-2.0

import Constraints
import JSON
import TestSupport
import Testing

/// Documents that fit, and the byte at which others do not.
@Suite struct DocumentFitTests {
  private static let person =
    #"{"name":"Ada","age":36,"tags":["red"],"address":{"street":"S","zip":"12345"},"note":null}"#
  private static let prettyPerson = """
    {
      "name": "Ada \\u00e9 \\ud83d\\ude00 é😀",
      "age": 36,
      "address": {
        "street": "Main \\"St\\""
      }
    }
    """

  @Test(arguments: [person, prettyPerson])
  func `a document that fits is taken however it is cut`(_ text: String) throws {
    let bytes = Array(text.utf8)
    for seed in 0..<30 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      var tokens: [[UInt8]?] = []
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + Int.random(in: 1...9, using: &generator))
        tokens.append(Array(bytes[start..<end]))
        start = end
      }
      let pieceCount = tokens.count
      tokens.append(nil)
      let vocabulary = TokenVocabulary(tokenBytes: tokens, endTokens: [Int32(pieceCount)])
      let schema = try JSONSchema(text: SchemaSamples.person)
      var state = GrammarState(try Grammar(schema, vocabulary: vocabulary))
      var mask = TokenMask(count: vocabulary.count)
      for id in 0..<Int32(pieceCount) {
        state.mask(into: &mask)
        #expect(mask.contains(id) && !mask.contains(Int32(pieceCount)), "seed \(seed), piece \(id)")
        #expect(take(id, &state))
      }
      state.mask(into: &mask)
      #expect(mask.contains(Int32(pieceCount)) && mask.allowedCount == 1)
      #expect(take(Int32(pieceCount), &state) && state.isEnded)
      #expect(!take(0, &state))
    }
  }

  @Test(
    arguments: [
      (SchemaSamples.person, #"{"age""#, 2), (SchemaSamples.person, #"{"name":1"#, 8),
      (SchemaSamples.person, #"{"name":"a","age":151"#, 20),
      (SchemaSamples.person, #"{"name":"a","age":01"#, 19),
      (SchemaSamples.person, #"{"name":"a","age":1}"#, 19),
      (SchemaSamples.person, #"{"name":"a","age":1,"email":"a@b"#, 32),
      (SchemaSamples.person, #"{"name":"a" ,"#, 11), (SchemaSamples.person, "{  ", 2),
      (SchemaSamples.person, #"{"name":  "#, 9), (SchemaSamples.person, " {", 0),
      (SchemaSamples.person, "{\n" + String(repeating: " ", count: 25), 26),
      (SchemaSamples.tree, #"{"value":1,"children":[{"value":2,"children":[]},{}"#, 50),
      (#"{"type":"number"}"#, "-.5", 1), (#"{"type":"number"}"#, "1e400", 4),
      (#"{"type":"number"}"#, "1234567890123456789", 18), (#"{"type":"integer"}"#, "-0", 1),
      (#"{"type":"integer","minimum":-5,"maximum":-3}"#, "-2", 1),
      (#"{"type":"number","maximum":0}"#, "0.01", 3), (#"{"enum":["ab","ac"]}"#, "\"ad", 2),
      (#"{"type":"string"}"#, "\"\n", 1), (#"{"type":"string"}"#, "\"\\x", 2),
      (#"{"type":"string"}"#, "\"\\udc00", 4), (#"{"type":"string"}"#, "\"\\ud83d\"", 7),
      (#"{"type":"string","maxLength":2}"#, "\"é😀x", 7),
      (#"{"type":"string","minLength":2}"#, "\"é\"", 3),
      (#"{"type":"string","pattern":"^a{2,3}$"}"#, "\"aaaa", 4),
      (#"{"type":"string","format":"date"}"#, "\"2024-02-30", 9),
      (#"{"properties":{"ab":{}},"additionalProperties":{}}"#, #"{"c":1,"ab":"#, 10),
      ("true", "{}x", 2), ("true", "nul ", 3), (#"{"type":"array","maxItems":1}"#, "[1,", 2),
      (#"{"type":"array","minItems":1}"#, "[]", 1),
    ] as [(String, String, Int)]
  )
  func `a text is refused at the byte that does not fit`(
    _ schema: String,
    _ text: String,
    _ place: Int
  ) throws {
    #expect(try Grammar(text: schema).firstFault(in: text) == place)
  }

  @Test(
    arguments: [
      (SchemaSamples.person, person), (SchemaSamples.person, prettyPerson),
      (SchemaSamples.tree, #"{"value": -1, "children": [{"value":2,"children":[]}]}"#),
      ("true", "[ ]"), ("true", "{\"a\": [1, 2.5e-3], \"b\": {}}"), ("true", "\"\\/\\b\\u0000\""),
      (#"{"type":"number","minimum":0,"maximum":1}"#, "1.000"),
      (#"{"type":"number","minimum":0,"maximum":1}"#, "0.75"),
      (#"{"type":"number","minimum":-3,"exclusiveMaximum":0}"#, "-0.5"),
      (#"{"type":"integer","maximum":9223372036854775807}"#, "999999999999999999"),
      (#"{"properties":{"ab":{}}}"#, #"{"a":1,"abc":2,"é":3}"#),
      (#"{"properties":{"ab":{}}}"#, #"{"ab":1,"b\n":2}"#),
      (#"{"type":"string","pattern":"x.y"}"#, #""a x\"y 😀""#),
      (#"{"type":"string","pattern":"^[\\u00e0-\\u00ff]+$"}"#, "\"éà\""),
    ] as [(String, String)]
  )
  func `a text that fits is taken`(_ schema: String, _ text: String) throws {
    #expect(try Grammar(text: schema).firstFault(in: text) == nil)
  }

  // Each sequence of up to four bytes from a set with all borders of the table, against the parser.
  @Test func `a string takes what is well-formed UTF-8, byte by byte`() throws {
    let grammar = try Grammar(text: #"{"type":"string"}"#)
    let borders: [UInt8] = [
      0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
      0xED,
      0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    var generator = SplitMix64(seed: 1)
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...4, using: &generator)
      let bytes = (0..<count).compactMap { _ in borders.randomElement(using: &generator) }
      var state = GrammarState(grammar)
      let fits = state.advance(by: [0x22] + bytes + [0x22]) && state.isComplete
      #expect(fits == (UTF8Check.firstFault(in: bytes.span) == nil), "\(bytes)")
    }
  }

  @Test func `an integer's bounds are exact`() throws {
    var generator = SplitMix64(seed: 2)
    for round in 0..<60 {
      let limit = [12, 130, 4000][round % 3]
      let low = Int.random(in: -limit...limit, using: &generator)
      let high = Int.random(in: low...limit, using: &generator)
      let grammar = try Grammar(text: #"{"type":"integer","minimum":\#(low),"maximum":\#(high)}"#)
      for value in stride(from: -limit - 20, through: limit + 20, by: max(1, limit / 300)) {
        let fits = grammar.firstFault(in: "\(value)") == nil
        #expect(fits == (low...high).contains(value), "\(value) in \(low)...\(high)")
      }
    }
  }

  @Test func `only white space that cannot go on is taken`() throws {
    var state = GrammarState(try Grammar(.anyObject, vocabulary: TinyVocabulary.make(seed: 0)))
    #expect(take("{\"a\": [1,\r\n\t 2,\n3\n], \"b\": null }".utf8, &state) && state.isComplete)
    var mask = TokenMask(count: 1)
    state.mask(into: &mask)
    #expect(mask.allowedCount == 1 && mask.contains(TinyVocabulary.end))
  }
}
