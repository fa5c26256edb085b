// SPDX-License-Identifier: Apache-2.0

import JSON

/// Arrays and objects.
extension SchemaReader {
  /// The elements of an array.
  mutating func array(_ fields: SchemaFields) throws(ConstraintError) -> SchemaShape.ArrayShape {
    var shape = SchemaShape.ArrayShape()
    if let field = try fields.one("prefixItems") {
      guard let schemas = field.value.array else { throw field.malformed("an array of schemas") }
      for (index, schema) in schemas.enumerated() {
        let place = SchemaFields.pointer(field.pointer, "\(index)")
        shape.prefix.append(try self.shape(of: schema, at: place))
      }
    }
    shape.items = .any
    if let field = try fields.one("items") {
      // An array is how drafts before 2020-12 wrote 'prefixItems'.
      guard field.value.array == nil else {
        throw field.malformed("a schema; several are 'prefixItems'")
      }
      shape.items =
        field.value.boolean == false ? nil : try self.shape(of: field.value, at: field.pointer)
    }
    shape.minimum = try fields.count("minItems") ?? 0
    shape.maximum = try fields.count("maxItems")
    if shape.items == nil {
      shape.maximum = min(shape.maximum ?? shape.prefix.count, shape.prefix.count)
    }
    if let maximum = shape.maximum, maximum < shape.minimum,
      let field = try fields.one("minItems")
    {
      throw ConstraintError(.unsatisfiable("fewer items are allowed"), at: field.pointer)
    }
    return shape
  }

  /// The members of an object.
  mutating func object(
    _ fields: SchemaFields,
    at pointer: String
  ) throws(ConstraintError) -> SchemaShape.ObjectShape {
    var shape = SchemaShape.ObjectShape()
    let required = try requiredNames(fields)
    var names: [String: Int] = [:]
    for field in fields.all("properties") {
      guard let members = field.value.object else { throw field.malformed("an object") }
      if let twice = members.firstDuplicateKey {
        throw ConstraintError(.duplicate(name: twice), at: field.pointer)
      }
      for member in members {
        let place = SchemaFields.pointer(field.pointer, member.key)
        guard names[member.key] == nil else {
          throw ConstraintError(.duplicate(name: member.key), at: place)
        }
        let isRequired = required[member.key] != nil
        let value = try self.shape(of: member.value, at: place)
        if isRequired, value == .choice([]) {
          throw ConstraintError(.unsatisfiable("it is required and forbidden"), at: place)
        }
        names[member.key] = shape.properties.count
        shape.properties.append(.init(name: member.key, shape: value, isRequired: isRequired))
      }
    }
    shape.additional = try additional(fields)
    let missing = required.filter { names[$0.key] == nil }
      .sorted { ($0.value.order, $0.key) < ($1.value.order, $1.key) }
    for (name, place) in missing {
      guard let additional = shape.additional else {
        throw ConstraintError(
          .unsatisfiable("'\(name)' is required and forbidden"),
          at: place.pointer
        )
      }
      shape.properties.append(.init(name: name, shape: additional, isRequired: true))
    }
    return shape
  }

  private func requiredNames(
    _ fields: SchemaFields
  ) throws(ConstraintError) -> [String: (order: Int, pointer: String)] {
    var names: [String: (order: Int, pointer: String)] = [:]
    for field in fields.all("required") {
      guard let listed = field.value.array else { throw field.malformed("an array of names") }
      for (index, value) in listed.enumerated() {
        guard let name = value.string else { throw field.malformed("an array of names") }
        if names[name] == nil {
          names[name] = (names.count, SchemaFields.pointer(field.pointer, "\(index)"))
        }
      }
    }
    return names
  }

  /// What members without a name are; nil where there are none.
  private mutating func additional(
    _ fields: SchemaFields
  ) throws(ConstraintError) -> SchemaShape? {
    let stated = fields.all("additionalProperties").filter { $0.value.boolean != true }
    guard let field = stated.first else { return .any }
    if stated.count > 1 { throw stated[1].unsupported() }
    // It speaks of the names beside it, not of those that another schema gives.
    if fields.all("properties").contains(where: { $0.owner != field.owner }) {
      throw field.unsupported()
    }
    if field.value.boolean == false { return nil }
    let shape = try self.shape(of: field.value, at: field.pointer)
    return shape == .choice([]) ? nil : shape
  }
}
