// SPDX-License-Identifier: Apache-2.0

import Constraints
import Diagnostics
import JSON

/// A JSON schema: what the arguments of a ``Tool`` or a whole ``Answer`` must be.
///
/// It is put together from parts, or written as JSON:
///
/// ```swift
/// let point: Schema = .object(["x": .number, "y": .number])
/// let same: Schema = #"{"type":"object","properties":{"x":{"type":"number"},"y":{"type":"number"}}}"#
/// ```
public struct Schema: Sendable, Hashable, ExpressibleByStringLiteral {
  /// The schema as JSON.
  public let json: String

  /// Takes a schema as JSON; what is wrong with it is thrown where it is used.
  public init(json: String) { self.json = json }

  /// Takes a schema as JSON.
  public init(stringLiteral value: String) { self.init(json: value) }

  private init(_ members: [(String, JSONText)]) { json = JSONText.object(members).text }

  /// A text.
  public static let string = Schema([("type", .string("string"))])
  /// A whole number.
  public static let integer = Schema([("type", .string("integer"))])
  /// A number.
  public static let number = Schema([("type", .string("number"))])
  /// `true` or `false`.
  public static let boolean = Schema([("type", .string("boolean"))])

  /// One of some texts.
  public static func oneOf(_ texts: [String]) -> Schema {
    Schema([("enum", .array(texts.map(JSONText.string)))])
  }

  /// A list.
  public static func array(of element: Schema) -> Schema {
    Schema(json: #"{"type":"array","items":\#(element.json)}"#)
  }

  /// An object with these members and no others.
  ///
  /// - Parameters:
  ///   - members: The members and what they must be, in the order in which they are written.
  ///   - optional: The names of those that may be left out.
  /// - Returns: The schema.
  public static func object(
    _ members: KeyValuePairs<String, Schema>,
    optional: Set<String> = []
  ) -> Schema {
    let properties = members.map { "\(JSONText.string($0.key).text):\($0.value.json)" }
    let required = members.map(\.key).filter { !optional.contains($0) }.map(JSONText.string)
    return Schema(
      json: #"{"type":"object","properties":{\#(properties.joined(separator: ","))},"#
        + #""required":\#(JSONText.array(required).text),"additionalProperties":false}"#
    )
  }

  /// The same schema with words for the model.
  ///
  /// - Parameter words: What the value means.
  /// - Returns: The schema; this one where its text is no object.
  public func described(_ words: String) -> Schema {
    guard let value = try? parsed(), case .object(let members) = JSONText(value) else {
      return self
    }
    return Schema(members.filter { $0.0 != "description" } + [("description", .string(words))])
  }

  /// The value of the text.
  func parsed() throws(HadalError) -> JSONValue {
    do throws(JSONError) { return try JSONDocument(Array(json.utf8)).root } catch {
      throw HadalError(
        .option,
        "a schema is no JSON: \(error.description)",
        remedy: "Schema.object([…]), or the JSON of a schema"
      )
    }
  }

  /// What an answer must be.
  func compiled() throws(HadalError) -> JSONSchema {
    let value = try parsed()
    do throws(ConstraintError) { return try JSONSchema(value) } catch {
      throw HadalError(.option, error)
    }
  }
}
