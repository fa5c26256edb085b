// SPDX-License-Identifier: Apache-2.0

import Constraints
import Diagnostics
import JSON

/// What an answer must be, as `response_format` says.
struct ResponseFormat {
  /// The schema of its JSON.
  let schema: JSONSchema
  /// Keywords of the schema that say nothing here.
  let ignored: [String]

  /// Takes a schema, which stands at a place of a request.
  init(_ value: JSONValue, _ place: String) throws(APIError) {
    do throws(ConstraintError) {
      schema = try JSONSchema(value)
      ignored = schema.ignored.map { "\(place)\($0)" }
    } catch {
      throw .invalid("'\(place)': \(error.description)", place)
    }
  }

  private init(schema: JSONSchema, ignored: [String]) {
    (self.schema, self.ignored) = (schema, ignored)
  }

  /// Reads a request; nil where any text will do.
  static func read(_ request: RequestFields) throws(APIError) -> ResponseFormat? {
    guard let format = try request.object("response_format") else { return nil }
    let type = try format.requiredString("type")
    switch type {
    case "text": return nil
    case "json_object": return ResponseFormat(schema: .anyObject, ignored: [])
    case "json_schema":
      guard let fields = try format.object("json_schema"), let value = fields.value("schema") else {
        throw .invalid(
          "'response_format.json_schema.schema' is missing",
          "response_format.json_schema"
        )
      }
      return try ResponseFormat(value, fields.place("schema"))
    default:
      throw .invalid(
        "'response_format.type' is '\(type)', but must be text, json_object or json_schema",
        "response_format.type"
      )
    }
  }
}
