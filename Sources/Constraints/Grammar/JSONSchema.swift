// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A JSON schema that has been read: what a grammar can be made of.
public struct JSONSchema: Sendable {
  let root: SchemaShape
  /// What references name.
  let definitions: [SchemaShape]
  /// The pointers of keywords that say nothing here: formats and names that are not known.
  public let ignored: [String]

  /// Reads a schema.
  ///
  /// - Parameter schema: An object, or `true`.
  /// - Throws: `ConstraintError` where the schema has what is not supported, is none, or allows nothing;
  ///   its place is a JSON pointer.
  public init(_ schema: JSONValue) throws(ConstraintError) {
    var reader = SchemaReader(schema)
    root = try reader.shape(of: schema, at: "#")
    definitions = try reader.definitions()
    ignored = reader.ignored
    try ReferenceLoops.check(root, definitions, reader.references)
  }

  private init(_ root: SchemaShape) {
    self.root = root
    definitions = []
    ignored = []
  }

  /// Any JSON value.
  public static let any = JSONSchema(.any)

  /// Any JSON object.
  public static let anyObject = JSONSchema(.anyObject)
}
