// SPDX-License-Identifier: Apache-2.0

import Constraints
import Diagnostics
import JSON
import Testing

/// Each kind of schema that cannot be kept to has its error, with its place.
@Suite struct SchemaErrorTests {
  @Test(
    arguments: [
      (#"{"not":{}}"#, .unsupported(keyword: "not"), "#/not"),
      (#"{"properties":{"a/b":{"if":{}}}}"#, .unsupported(keyword: "if"), "#/properties/a~1b/if"),
      (#"{"items":{"multipleOf":2}}"#, .unsupported(keyword: "multipleOf"), "#/items/multipleOf"),
      (#"{"uniqueItems":true}"#, .unsupported(keyword: "uniqueItems"), "#/uniqueItems"),
      (
        #"{"type":"object","anyOf":[{"required":["a"]}]}"#, .unsupported(keyword: "type"), "#/type"
      ),
      (#"{"type":"number","minimum":0.5}"#, .unsupported(keyword: "minimum"), "#/minimum"),
      (
        #"{"pattern":"a","maxLength":3}"#, .unsupported(keyword: "maxLength"), "#/maxLength"
      ),
      ("3", .malformed(keyword: "schema", expected: "an object or a truth value"), "#"),
      (
        #"{"required":"a"}"#, .malformed(keyword: "required", expected: "an array of names"),
        "#/required"
      ),
      (#"{"minLength":-1}"#, .malformed(keyword: "minLength", expected: "a count"), "#/minLength"),
      (#"{"anyOf":[]}"#, .malformed(keyword: "anyOf", expected: "an array of schemas"), "#/anyOf"),
      (#"{"enum":[]}"#, .unsatisfiable("no value is left"), "#/enum"),
      (#"{"type":"string","const":1}"#, .unsatisfiable("no value is left"), "#/const"),
      (
        #"{"properties":{"a":false},"required":["a"]}"#,
        .unsatisfiable("it is required and forbidden"), "#/properties/a"
      ),
      (
        #"{"additionalProperties":false,"required":["b"]}"#,
        .unsatisfiable("'b' is required and forbidden"), "#/required/0"
      ),
      (
        #"{"type":"array","minItems":3,"maxItems":2}"#, .unsatisfiable("fewer items are allowed"),
        "#/minItems"
      ),
      (
        #"{"allOf":[{"type":"string"},{"type":"null"}]}"#, .unsatisfiable("no type is left"),
        "#/allOf/1/type"
      ),
      (##"{"$ref":"#/$defs/x"}"##, .unresolved(reference: "#/$defs/x"), "#/$ref"),
      (#"{"items":{"$ref":"http://a/b"}}"#, .remote(reference: "http://a/b"), "#/items/$ref"),
      (##"{"$ref":"#"}"##, .endless(reference: "#"), "#"),
      (
        ##"{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}"##,
        .endless(reference: "#/$defs/a"), "#/$defs/a"
      ),
      (#"{"type":"null","type":"null"}"#, .duplicate(name: "type"), "#"),
      (#"{"properties":{"a":{},"a":{}}}"#, .duplicate(name: "a"), "#/properties"),
      (
        #"{"minItems":20000}"#,
        .tooLarge(what: "items or characters that are counted", limit: 10_000), "#/minItems"
      ),
      (
        #"{"pattern":"(?=a)"}"#,
        .pattern("look-around and named groups are not read, at character 3"), "#/pattern"
      ),
      (#"{"pattern":"a**"}"#, .pattern("a repeat is repeated, at character 3"), "#/pattern"),
      (#"{"pattern":"(a$|b)c"}"#, .pattern("'^' and '$' are read at the ends alone"), "#/pattern"),
      (#"{"pattern":"[z-a]"}"#, .pattern("a range is malformed, at character 5"), "#/pattern"),
      (
        #"{"pattern":"((a{1000}){1000}){1000}"}"#,
        .tooLarge(what: "states in a pattern", limit: 20_000), "#/pattern"
      ),
      (
        #"{"pattern":"(a|b)*a(a|b){30}"}"#, .tooLarge(what: "states in a pattern", limit: 2000),
        "#/pattern"
      ),
    ] as [(String, ConstraintError.Reason, String)]
  )
  func `a schema is refused with the place`(
    _ text: String,
    _ reason: ConstraintError.Reason,
    _ pointer: String
  ) {
    #expect(throws: ConstraintError(reason, at: pointer)) { try JSONSchema(text: text) }
  }

  @Test(
    arguments: [
      (
        ##"{"$defs":{"a":{"properties":{"a":{"$ref":"#/$defs/a"}},"required":["a"]}},"$ref":"#/$defs/a"}"##,
        .unsatisfiable("it has no end")
      ),
      ("false", .unsatisfiable("it has no end")),
      (
        #"{"type":"array","items":{"type":"array","items":{"type":"string","minLength":9999},"#
          + #""minItems":9999},"minItems":9999,"maxItems":9999,"prefixItems":["#
          + Array(repeating: #"{"type":"string","minLength":9999}"#, count: 12).joined(
            separator: ","
          )
          + "]}",
        .tooLarge(what: "states", limit: 100_000)
      ),
    ] as [(String, ConstraintError.Reason)]
  )
  func `a grammar is refused where it is too large or has no end`(
    _ text: String,
    _ reason: ConstraintError.Reason
  ) throws {
    let schema = try JSONSchema(text: text)
    #expect(throws: ConstraintError(reason, at: "#")) {
      try Grammar(schema, vocabulary: TinyVocabulary.make(seed: 0, pieceCount: 0))
    }
  }
  @Test func `a reference that is put together with what it stands in is refused`() {
    let text = ##"{"type":"object","properties":{"a":{"$ref":"#","required":["a"]}}}"##
    #expect(throws: ConstraintError.self) { try JSONSchema(text: text) }
  }

  @Test func `what says nothing is ignored and named`() throws {
    let schema = try JSONSchema(
      text: #"{"title":"t","$schema":"s","x-a":1,"format":"color","type":"string","wrong":1}"#
    )
    #expect(schema.ignored == ["#/wrong", "#/format"])
  }

  @Test(
    arguments: [
      (#"{"type":"object","properties":{},"additionalProperties":false}"#, nil),
      (#"{"type":"object","properties":{}}"#, "#"),
      (
        #"{"type":"object","properties":{"a":{}},"additionalProperties":false}"#, "#/properties/a"
      ),
      (#"{"anyOf":[{"type":"null"},{"type":["object"]}]}"#, "#/anyOf/1"),
      (#"{"$defs":{"x":{"items":{"type":"object"}}}}"#, "#/$defs/x/items"),
    ] as [(String, String?)]
  )
  func `strict mode asks for closed objects`(_ text: String, _ pointer: String?) throws {
    let schema = try JSONDocument(Array(text.utf8)).root
    #expect(JSONSchema.strictFault(in: schema)?.pointer == pointer)
  }

  @Test func `an error says what, where and what to do`() {
    let error = ConstraintError(.unsupported(keyword: "not"), at: "#/not")
    #expect(error.description == "the keyword 'not' is not supported here (schema #/not)")
    #expect(error.remedy != nil && error.exitCode.rawValue == 65)
  }
}
