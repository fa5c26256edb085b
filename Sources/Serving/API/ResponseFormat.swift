// SPDX-License-Identifier: Apache-2.0

import Constraints
import Diagnostics

/// What an answer must be, as `response_format` says.
struct ResponseFormat {
  /// The schema of its JSON.
  let schema: JSONSchema
  /// Keywords of the schema that say nothing here.
  let ignored: [String]

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
      let place = fields.place("schema")
      do throws(ConstraintError) {
        let schema = try JSONSchema(value)
        return ResponseFormat(schema: schema, ignored: schema.ignored.map { "\(place)\($0)" })
      } catch {
        throw .invalid("'\(place)': \(error.description)", place)
      }
    default:
      throw .invalid(
        "'response_format.type' is '\(type)', but must be text, json_object or json_schema",
        "response_format.type"
      )
    }
  }
}
