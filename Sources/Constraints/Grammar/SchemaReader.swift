// SPDX-License-Identifier: Apache-2.0

import JSON

/// Reads the keywords of schemas.
struct SchemaReader {
  private let document: JSONValue
  /// The pointers that references name, in the order in which they came.
  private(set) var references: [String] = []
  private var targets: [JSONValue] = []
  private var indices: [String: Int] = [:]
  private(set) var ignored: [String] = []
  private var schemaCount = 0
  private var depth = 0

  // LIMIT: schemas of published tools have some hundreds of parts. `allOf` can name one many times.
  private static let schemaCountMax = 20_000
  // LIMIT: schemas within schemas, which bounds the stack. A reference with keywords beside is put
  // together with them, and would go on for ever where it names what it stands in.
  private static let depthMax = 100
  // LIMIT: what is said of keywords that are ignored.
  private static let ignoredCountMax = 100

  init(_ document: JSONValue) { self.document = document }

  /// The shapes of all that references name, also those that they name themselves.
  mutating func definitions() throws(ConstraintError) -> [SchemaShape] {
    var shapes: [SchemaShape] = []
    while shapes.count < targets.count {
      shapes.append(try shape(of: targets[shapes.count], at: references[shapes.count]))
    }
    return shapes
  }

  /// What a schema allows.
  mutating func shape(
    of schema: JSONValue,
    at pointer: String
  ) throws(ConstraintError) -> SchemaShape {
    if let all = schema.boolean { return all ? .any : .choice([]) }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax else {
      throw ConstraintError(
        .tooLarge(what: "schemas within schemas", limit: Self.depthMax),
        at: pointer
      )
    }
    // A reference alone stays one; what it names is read once, and may name itself.
    if let reference = try loneReference(schema, at: pointer) {
      return .reference(try index(of: reference, at: SchemaFields.pointer(pointer, "$ref")))
    }
    var fields = SchemaFields()
    try gather(schema, at: pointer, depth: 0, into: &fields)
    return try shape(of: fields, at: pointer)
  }

  private mutating func shape(
    of fields: SchemaFields,
    at pointer: String
  ) throws(ConstraintError) -> SchemaShape {
    if let choice = try choice(fields, at: pointer) { return choice }
    let types = try types(fields)
    if fields.has("enum", "const") { return try literals(fields, types, at: pointer) }
    guard let types = types ?? impliedTypes(fields) else { return .any }
    var shapes: [SchemaShape] = []
    for type in types {
      switch type {
      case "null": shapes.append(.null)
      case "boolean": shapes.append(.boolean)
      case "string": shapes.append(try string(fields))
      case "number" where types.contains("integer") && !fields.has("minimum", "maximum"):
        shapes.append(.number(SchemaShape.NumberRange()))
      case "integer" where types.contains("number"): continue
      case "number", "integer": shapes.append(.number(try number(fields, type == "integer")))
      case "array": shapes.append(.array(try array(fields)))
      default: shapes.append(.object(try object(fields, at: pointer)))
      }
    }
    return shapes.count == 1 ? shapes[0] : .choice(shapes)
  }

  /// A schema that is a reference and no more than notes to it.
  private func loneReference(
    _ schema: JSONValue,
    at pointer: String
  ) throws(ConstraintError) -> String? {
    guard let members = schema.object, let value = schema["$ref"] else { return nil }
    for member in members where member.key != "$ref" && !Self.isNote(member.key) { return nil }
    if let twice = members.firstDuplicateKey {
      throw ConstraintError(.duplicate(name: twice), at: pointer)
    }
    guard let reference = value.string else {
      throw ConstraintError(
        .malformed(keyword: "$ref", expected: "a string"),
        at: SchemaFields.pointer(pointer, "$ref")
      )
    }
    return reference
  }

  private mutating func index(
    of reference: String,
    at pointer: String
  ) throws(ConstraintError) -> Int {
    if let index = indices[reference] { return index }
    let target = try SchemaReference.resolve(reference, in: document, at: pointer)
    let index = targets.count
    targets.append(target)
    references.append(reference)
    indices[reference] = index
    return index
  }

  /// Notes the keywords of a schema, and of those that must fit with it.
  private mutating func gather(
    _ schema: JSONValue,
    at pointer: String,
    depth: Int,
    into fields: inout SchemaFields
  ) throws(ConstraintError) {
    schemaCount += 1
    // LIMIT: references that lead through each other; deeper ones come back to themselves.
    guard schemaCount <= Self.schemaCountMax, depth <= 64 else {
      let isDeep = depth > 64
      throw ConstraintError(
        .tooLarge(
          what: isDeep ? "schemas that must all fit" : "parts",
          limit: isDeep ? 64 : Self.schemaCountMax
        ),
        at: pointer
      )
    }
    if schema.boolean == true { return }
    if schema.boolean == false { throw ConstraintError(.unsatisfiable("it is false"), at: pointer) }
    guard let members = schema.object else {
      throw ConstraintError(
        .malformed(keyword: "schema", expected: "an object or a truth value"),
        at: pointer
      )
    }
    if let twice = members.firstDuplicateKey {
      throw ConstraintError(.duplicate(name: twice), at: pointer)
    }
    for member in members {
      let field = SchemaFields.Field(value: member.value, owner: pointer, keyword: member.key)
      try gather(field, depth: depth, into: &fields)
    }
  }

  private mutating func gather(
    _ field: SchemaFields.Field,
    depth: Int,
    into fields: inout SchemaFields
  ) throws(ConstraintError) {
    switch field.keyword {
    case "$ref":
      guard let reference = field.value.string else { throw field.malformed("a string") }
      let target = try SchemaReference.resolve(reference, in: document, at: field.pointer)
      try gather(target, at: reference, depth: depth + 1, into: &fields)
    case "allOf":
      guard let schemas = field.value.array, schemas.count > 0 else {
        throw field.malformed("an array of schemas")
      }
      for (index, schema) in schemas.enumerated() {
        let pointer = SchemaFields.pointer(field.pointer, "\(index)")
        try gather(schema, at: pointer, depth: depth + 1, into: &fields)
      }
    case "uniqueItems", "nullable", "unevaluatedProperties":
      // What changes nothing is taken.
      let isHarmless = field.value.boolean == (field.keyword == "unevaluatedProperties")
      if !isHarmless { throw field.unsupported() }
    case _ where Self.meanings.contains(field.keyword): fields.add(field)
    case _ where Self.refused.contains(field.keyword): throw field.unsupported()
    case _ where Self.isNote(field.keyword): break
    default: ignore(field.pointer)
    }
  }

  /// Notes a keyword that says nothing here.
  mutating func ignore(_ pointer: String) {
    if ignored.count < Self.ignoredCountMax, !ignored.contains(pointer) { ignored.append(pointer) }
  }

  private static let meanings: Set<String> = [
    "type", "enum", "const", "anyOf", "oneOf", "properties", "required", "additionalProperties",
    "items", "prefixItems", "minItems", "maxItems", "minLength", "maxLength", "pattern", "format",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
  ]

  private static let refused: Set<String> = [
    "not", "if", "then", "else", "patternProperties", "propertyNames", "dependentRequired",
    "dependentSchemas", "dependencies", "unevaluatedItems", "multipleOf",
    "contains", "minContains", "maxContains", "minProperties", "maxProperties", "additionalItems",
    "$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "disallow", "extends",
    "divisibleBy",
  ]

  private static let notes: Set<String> = [
    "title", "description", "default", "example", "examples", "$schema", "$id", "id", "$comment",
    "$vocabulary", "deprecated", "readOnly", "writeOnly", "$defs", "definitions", "strict",
    "contentEncoding", "contentMediaType", "contentSchema",
  ]

  private static func isNote(_ keyword: String) -> Bool {
    notes.contains(keyword) || keyword.hasPrefix("x-")
  }
}
