// SPDX-License-Identifier: Apache-2.0

import JSON

/// Says whether a value fits a schema, straight from the keywords' meaning; knows nothing of grammars.
struct SchemaValidator {
  let document: JSONValue

  init(_ text: String) throws { document = try JSONDocument(Array(text.utf8)).root }

  func fits(_ value: JSONValue) -> Bool { fits(value, document) }

  private func fits(_ value: JSONValue, _ schema: JSONValue) -> Bool {
    if let all = schema.boolean { return all }
    guard let members = schema.object else { return false }
    return members.allSatisfy { fits(value, $0.key, $0.value, schema) }
  }

  private func fits(
    _ value: JSONValue,
    _ keyword: String,
    _ argument: JSONValue,
    _ schema: JSONValue
  ) -> Bool {
    let length = value.string.map { $0.unicodeScalars.count }
    switch keyword {
    case "$ref":
      var target = document
      for step in argument.string?.split(separator: "/").dropFirst() ?? [] {
        target = target[String(step)] ?? target
      }
      return fits(value, target)
    case "type":
      let names = argument.array?.compactMap(\.string) ?? [argument.string ?? ""]
      return names.contains { isOf($0, value) }
    case "enum": return argument.array?.contains { equal($0, value) } ?? false
    case "const": return equal(argument, value)
    case "anyOf": return argument.array?.contains { fits(value, $0) } ?? false
    case "oneOf": return argument.array?.filter { fits(value, $0) }.count == 1
    case "allOf": return argument.array?.allSatisfy { fits(value, $0) } ?? false
    case "minLength": return length.map { $0 >= argument.integer ?? 0 } ?? true
    case "maxLength": return length.map { $0 <= argument.integer ?? 0 } ?? true
    case "pattern":
      guard let text = value.string else { return true }
      return
        (try? Regex(argument.string ?? "").matchingSemantics(.unicodeScalar).firstMatch(in: text))
        != nil
    case "minimum": return value.double.map { $0 >= argument.double ?? 0 } ?? true
    case "maximum": return value.double.map { $0 <= argument.double ?? 0 } ?? true
    case "exclusiveMinimum": return value.double.map { $0 > argument.double ?? 0 } ?? true
    case "exclusiveMaximum": return value.double.map { $0 < argument.double ?? 0 } ?? true
    case "minItems": return value.array.map { $0.count >= argument.integer ?? 0 } ?? true
    case "maxItems": return value.array.map { $0.count <= argument.integer ?? 0 } ?? true
    default: return fitsInside(value, keyword, argument, schema)
    }
  }

  private func fitsInside(
    _ value: JSONValue,
    _ keyword: String,
    _ argument: JSONValue,
    _ schema: JSONValue
  ) -> Bool {
    switch keyword {
    case "prefixItems":
      guard let elements = value.array, let schemas = argument.array else { return true }
      return zip(elements, schemas).allSatisfy { fits($0, $1) }
    case "items":
      guard let elements = value.array else { return true }
      let prefixCount = schema["prefixItems"]?.array?.count ?? 0
      return elements.dropFirst(prefixCount).allSatisfy { fits($0, argument) }
    case "required":
      guard value.object != nil else { return true }
      return argument.array?.allSatisfy { value[$0.string ?? ""] != nil } ?? false
    case "properties":
      guard let members = value.object else { return true }
      return members.allSatisfy { member in
        argument[member.key].map { fits(member.value, $0) } ?? true
      }
    case "additionalProperties":
      guard let members = value.object else { return true }
      let named = schema["properties"]
      return members.allSatisfy { named?[$0.key] != nil || fits($0.value, argument) }
    default: return true
    }
  }

  private func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch type {
    case "null": value.isNull
    case "boolean": value.boolean != nil
    case "string": value.string != nil
    case "number": value.isNumber
    case "integer": value.isNumber && value.double.map { $0.rounded() == $0 } == true
    case "array": value.array != nil
    default: value.object != nil
    }
  }

  private func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if left.isNumber, right.isNumber { return left.double == right.double }
    return JSONText(left) == JSONText(right)
  }
}
