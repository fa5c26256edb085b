// SPDX-License-Identifier: Apache-2.0

public import JSON

extension JSONSchema {
  /// Looks for an object that strict mode does not take.
  ///
  /// Strict mode asks of every object that it has `additionalProperties: false` and names all its
  /// properties in `required`. Definitions are looked at too.
  ///
  /// - Returns: The first fault in the order of the text, nil where there is none.
  public static func strictFault(in schema: JSONValue) -> ConstraintError? {
    // Schemas that are still to be looked at, the next one last.
    var pending: [(schema: JSONValue, pointer: String)] = [(schema, "#")]
    while let (schema, pointer) = pending.popLast() {
      guard schema.object != nil else { continue }
      if let fault = objectFault(schema, pointer) { return fault }
      pending.append(contentsOf: parts(of: schema, pointer).reversed())
    }
    return nil
  }

  private static func objectFault(_ schema: JSONValue, _ pointer: String) -> ConstraintError? {
    let types = schema["type"].map { $0.array.map(Array.init) ?? [$0] } ?? []
    let properties = schema["properties"]?.object
    guard properties != nil || types.contains(where: { $0.string == "object" }) else { return nil }
    guard schema["additionalProperties"]?.boolean == false else {
      return ConstraintError(.notStrict("'additionalProperties' to be false"), at: pointer)
    }
    let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
    guard let properties else { return nil }
    for member in properties where !required.contains(member.key) {
      let place = SchemaFields.pointer(SchemaFields.pointer(pointer, "properties"), member.key)
      return ConstraintError(.notStrict("'\(member.key)' in 'required'"), at: place)
    }
    return nil
  }

  private static func parts(
    of schema: JSONValue,
    _ pointer: String
  ) -> [(schema: JSONValue, pointer: String)] {
    var parts: [(schema: JSONValue, pointer: String)] = []
    guard let members = schema.object else { return [] }
    for member in members {
      let place = SchemaFields.pointer(pointer, member.key)
      switch member.key {
      case "properties", "$defs", "definitions":
        guard let inners = member.value.object else { continue }
        for inner in inners {
          parts.append((inner.value, SchemaFields.pointer(place, inner.key)))
        }
      case "anyOf", "oneOf", "allOf", "prefixItems":
        guard let elements = member.value.array else { continue }
        for (index, inner) in elements.enumerated() {
          parts.append((inner, SchemaFields.pointer(place, "\(index)")))
        }
      case "items": parts.append((member.value, place))
      default: break
      }
    }
    return parts
  }
}
