// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import JSON

/// Models that are known by name: the texts of their configurations.
public struct ModelCatalog: Sendable {
  private let texts: [String: [UInt8]]

  /// Takes configurations.
  ///
  /// - Parameter texts: The bytes of each `config.json`, by the model's name.
  public init(_ texts: [String: [UInt8]]) { self.texts = texts }

  /// The names in order.
  public var names: [String] { texts.keys.sorted() }

  /// Whether a name is known.
  public func contains(_ name: String) -> Bool { texts[name] != nil }

  /// The configuration of a name.
  ///
  /// - Throws: `PlanError` where the name is not known, or the text is no JSON.
  public func configuration(_ name: String) throws(PlanError) -> JSONValue {
    guard let text = texts[name] else {
      throw PlanError(
        .unknownModel(name, nearest: NearestName.of(name, in: names)),
        place: "MODEL"
      )
    }
    do throws(JSONError) {
      return try JSONDocument(text).root
    } catch {
      throw PlanError(.badValue(found: error.what, expected: "JSON"), place: "configs/\(name).json")
    }
  }

  /// The model of a name.
  ///
  /// - Throws: `PlanError` where the name is not known, or the planner does not know all of the model.
  public func model(_ name: String) throws(PlanError) -> PlannedModel {
    try PlannedModel(
      configuration: configuration(name),
      name: name,
      file: "configs/\(name).json"
    )
  }
}
