// SPDX-License-Identifier: Apache-2.0

import JSON

/// Types, alternatives, fixed values, strings and numbers.
extension SchemaReader {
  private static let typeNames: [String] = [
    "null", "boolean", "string", "number", "integer", "array", "object",
  ]

  /// The types that a schema names; of several schemas those that all name.
  func types(_ fields: SchemaFields) throws(ConstraintError) -> [String]? {
    var result: [String]?
    for field in fields.all("type") {
      let listed = field.value.array.map(Array.init) ?? [field.value]
      var names: [String] = []
      for value in listed {
        guard let name = value.string, Self.typeNames.contains(name) else {
          throw field.malformed("one of \(Self.typeNames.joined(separator: ", "))")
        }
        guard !names.contains(name) else {
          throw ConstraintError(.duplicate(name: name), at: field.pointer)
        }
        names.append(name)
      }
      let both = result.map { known in names.filter(known.contains) } ?? names
      guard !both.isEmpty else {
        throw ConstraintError(.unsatisfiable("no type is left"), at: field.pointer)
      }
      result = both
    }
    return result
  }

  /// The types that the other keywords speak of.
  func impliedTypes(_ fields: SchemaFields) -> [String]? {
    var types: [String] = []
    if fields.has("minLength", "maxLength", "pattern", "format") { types.append("string") }
    if fields.has("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") {
      types.append("number")
    }
    if fields.has("items", "prefixItems", "minItems", "maxItems") { types.append("array") }
    if fields.has("properties", "required", "additionalProperties") { types.append("object") }
    return types.isEmpty ? nil : types
  }

  /// The alternatives of `anyOf` and `oneOf`.
  mutating func choice(
    _ fields: SchemaFields,
    at pointer: String
  ) throws(ConstraintError) -> SchemaShape? {
    let all = fields.all("anyOf") + fields.all("oneOf")
    guard let field = all.first else { return nil }
    if all.count > 1 { throw all[1].unsupported() }
    guard let schemas = field.value.array, schemas.count > 0 else {
      throw field.malformed("an array of schemas")
    }
    // What stands beside would have to fit with each.
    if let beside = fields.first(beside: field.keyword) { throw beside.unsupported() }
    var shapes: [SchemaShape] = []
    for (index, schema) in schemas.enumerated() {
      let place = SchemaFields.pointer(field.pointer, "\(index)")
      shapes.append(try shape(of: schema, at: place))
    }
    return .choice(shapes)
  }

  /// The values of `enum` and `const`.
  func literals(
    _ fields: SchemaFields,
    _ types: [String]?,
    at pointer: String
  ) throws(ConstraintError) -> SchemaShape {
    let all = fields.all("enum") + fields.all("const")
    let field = all[0]
    if all.count > 1 { throw all[1].unsupported() }
    if let beside = fields.first(beside: field.keyword, "type") { throw beside.unsupported() }
    var values = [field.value]
    if field.keyword == "enum" {
      guard let listed = field.value.array else { throw field.malformed("an array") }
      values = Array(listed)
    }
    if let types { values = values.filter { value in types.contains { Self.fits(value, $0) } } }
    guard !values.isEmpty else {
      throw ConstraintError(.unsatisfiable("no value is left"), at: field.pointer)
    }
    var scalars: Set<[UInt8]> = []
    var shapes: [SchemaShape] = []
    for value in values {
      if value.object == nil, value.array == nil {
        scalars.insert(Self.text(of: value))
      } else {
        shapes.append(try Self.fixed(value, at: field.pointer))
      }
    }
    let sorted = scalars.sorted { $0.lexicographicallyPrecedes($1) }
    if !sorted.isEmpty { shapes.append(.literals(sorted)) }
    return shapes.count == 1 ? shapes[0] : .choice(shapes)
  }

  private static func fits(_ value: JSONValue, _ type: String) -> Bool {
    switch type {
    case "null": value.isNull
    case "boolean": value.boolean != nil
    case "string": value.string != nil
    case "number": value.isNumber
    case "integer": value.double.map { $0.rounded() == $0 } ?? false
    case "array": value.array != nil
    default: value.object != nil
    }
  }

  private static func text(of value: JSONValue) -> [UInt8] {
    value.string.map(JSONSpelling.bytes) ?? Array(value.source.utf8)
  }

  /// The shape that one value alone has.
  private static func fixed(
    _ value: JSONValue,
    at pointer: String
  ) throws(ConstraintError) -> SchemaShape {
    if let elements = value.array {
      var shape = SchemaShape.ArrayShape()
      for element in elements { shape.prefix.append(try fixed(element, at: pointer)) }
      shape.minimum = shape.prefix.count
      shape.maximum = shape.prefix.count
      return .array(shape)
    }
    guard let members = value.object else { return .literals([text(of: value)]) }
    if let twice = members.firstDuplicateKey {
      throw ConstraintError(.duplicate(name: twice), at: pointer)
    }
    var shape = SchemaShape.ObjectShape()
    for member in members {
      let fixed = try fixed(member.value, at: pointer)
      shape.properties.append(.init(name: member.key, shape: fixed, isRequired: true))
    }
    return .object(shape)
  }

  /// A string's length, pattern or format.
  mutating func string(_ fields: SchemaFields) throws(ConstraintError) -> SchemaShape {
    let minimum = try fields.count("minLength") ?? 0
    let maximum = try fields.count("maxLength")
    if let maximum, maximum < minimum, let field = try fields.one("maxLength") {
      throw ConstraintError(.unsatisfiable("it is below 'minLength'"), at: field.pointer)
    }
    let format = try format(fields)
    let pattern = try fields.one("pattern")
    guard format != nil || pattern != nil else {
      return .string(minimum: minimum, maximum: maximum)
    }
    // Two of them at once would need the texts that fit both.
    if let pattern, format != nil { throw pattern.unsupported() }
    if minimum > 0, let field = try fields.one("minLength") { throw field.unsupported() }
    if let field = try fields.one("maxLength") { throw field.unsupported() }
    if let format { return .pattern(format) }
    guard let pattern else { return .string(minimum: 0, maximum: nil) }
    guard let text = pattern.value.string else { throw pattern.malformed("a string") }
    return .pattern(try StringPattern.table(text, at: pattern.pointer))
  }

  private mutating func format(_ fields: SchemaFields) throws(ConstraintError) -> ByteTable? {
    guard let field = try fields.one("format") else { return nil }
    guard let name = field.value.string else { throw field.malformed("a string") }
    guard let pattern = TextFormats.patterns[name] else {
      ignore(field.pointer)
      return nil
    }
    return try StringPattern.table(pattern, at: field.pointer)
  }

  /// The bounds of a number.
  func number(
    _ fields: SchemaFields,
    _ isInteger: Bool
  ) throws(ConstraintError) -> SchemaShape.NumberRange {
    var range = SchemaShape.NumberRange(isInteger: isInteger)
    for keyword in ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"] {
      guard let field = try fields.one(keyword) else { continue }
      let isMinimum = keyword == "minimum" || keyword == "exclusiveMinimum"
      let bound = try bound(field, isInteger, isMinimum: isMinimum)
      if isMinimum {
        guard range.minimum == nil else { throw field.unsupported() }
        range.minimum = bound
      } else {
        guard range.maximum == nil else { throw field.unsupported() }
        range.maximum = bound
      }
    }
    return range
  }

  /// A bound as an integer: of integers the next one that fits, of numbers only one that is written so.
  private func bound(
    _ field: SchemaFields.Field,
    _ isInteger: Bool,
    isMinimum: Bool
  ) throws(ConstraintError) -> SchemaShape.Bound? {
    guard let value = field.value.double else { throw field.malformed("a number") }
    // LIMIT: the digits that an integer may have; a bound beyond them is none.
    guard abs(value) < 1e18 else {
      if isInteger, isMinimum == (value < 0) { return nil }
      throw field.unsupported()
    }
    let isExclusive = field.keyword.hasPrefix("exclusive")
    if let integer = field.value.integer { return .init(value: integer, isExclusive: isExclusive) }
    let rounded = value.rounded(isMinimum ? .up : .down)
    if rounded == value { return .init(value: Int(value), isExclusive: isExclusive) }
    guard isInteger else { throw field.unsupported() }
    return .init(value: Int(rounded), isExclusive: false)
  }
}
