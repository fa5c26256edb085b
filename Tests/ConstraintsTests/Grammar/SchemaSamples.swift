// SPDX-License-Identifier: Apache-2.0

/// Schemas of all kinds that are supported.
enum SchemaSamples {
  static let person = #"""
    {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0,
    "maximum":150},"email":{"type":"string","format":"email"},"tags":{"type":"array","items":
    {"enum":["red","green","blue"]},"maxItems":3},"address":{"type":"object","properties":{"street":
    {"type":"string"},"zip":{"type":"string","pattern":"^[0-9]{5}$"}},"required":["street"],
    "additionalProperties":false},"active":{"type":"boolean"},"note":{"type":["string","null"]}},
    "required":["name","age","address"],"additionalProperties":false}
    """#

  static let tree = ##"""
    {"$defs":{"node":{"type":"object","properties":{"value":{"type":"integer"},"children":{"type":
    "array","items":{"$ref":"#/$defs/node"},"maxItems":2}},"required":["value","children"],
    "additionalProperties":false}},"$ref":"#/$defs/node"}
    """##

  static let all: [String] = [
    person, tree, "true", "{}", #"{"type":"object"}"#,
    #"{"type":"array","items":{"type":"number"},"minItems":2,"maxItems":4}"#,
    alternatives,
    #"{"type":"string","minLength":2,"maxLength":5}"#, #"{"type":"string","maxLength":0}"#,
    #"{"type":"string","minLength":3}"#,
    #"{"type":"string","pattern":"b+[^a-y]|c$"}"#,
    #"{"type":"string","format":"date-time"}"#, #"{"format":"uuid"}"#, #"{"format":"ipv4"}"#,
    #"{"type":"integer","minimum":-17,"maximum":1203}"#,
    #"{"type":"integer","exclusiveMinimum":-120,"exclusiveMaximum":-98}"#,
    #"{"type":"number","minimum":0,"maximum":1}"#,
    #"{"type":"number","exclusiveMinimum":-2,"maximum":0}"#,
    #"{"type":"number","minimum":-35,"exclusiveMaximum":-7}"#,
    #"{"enum":["a","ab",1,-2.5,null,true,{"k":[1,"x"]},[],"é\n\""]}"#, #"{"const":{"a":[]}}"#,
    additional,
    #"{"type":"object","additionalProperties":{"type":"string"}}"#,
    #"{"type":"object","properties":{"a":{},"b":{}},"additionalProperties":false}"#,
    #"{"type":"object","required":["z","y"],"properties":{"y":{"type":"null"}}}"#,
    tuple,
    #"{"type":"array","prefixItems":[{"type":"null"}],"items":{"type":"boolean"},"minItems":2}"#,
    merged,
    #"{"type":["integer","string","array"],"items":{"type":"null"},"maxItems":2}"#,
    whole,
  ]

  private static let alternatives = #"""
    {"anyOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],
    "additionalProperties":false},{"type":"object","properties":{"a":{"type":"integer"}},
    "required":["a"],"additionalProperties":false},{"type":"null"}]}
    """#

  private static let additional = #"""
    {"type":"object","properties":{"a":{"type":"integer"},"ab":{"type":"null"},"é":{}},
    "required":["ab"],"additionalProperties":{"type":"boolean"}}
    """#

  private static let tuple = #"""
    {"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false,"minItems":1}
    """#

  private static let merged = #"""
    {"allOf":[{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]},
    {"properties":{"b":{"type":"string"}},"required":["b"]}]}
    """#

  private static let whole = ##"""
    {"oneOf":[{"$ref":"#/definitions/x"},{"type":"array","items":{"$ref":"#"},"maxItems":2}],
    "definitions":{"x":{"const":7}}}
    """##
}
