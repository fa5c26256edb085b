// SPDX-License-Identifier: Apache-2.0

public import JSON

/// A number that a plan takes for granted.
public struct Assumption: Sendable, Hashable {
  /// A name for programs.
  public let name: String
  /// What it is.
  public let what: String
  /// The number.
  public let value: Double
  /// Who says so.
  public let source: String

  /// Creates an assumption.
  public init(name: String, what: String, value: Double, source: String) {
    self.name = name
    self.what = what
    self.value = value
    self.source = source
  }

  /// The assumption as one JSON object.
  public var json: JSONText {
    .object([
      ("name", .string(name)), ("what", .string(what)), ("value", .double(value)),
      ("source", .string(source)),
    ])
  }
}
