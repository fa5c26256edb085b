// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// Where a run's model comes from: its recipe, its data, and the checkpoint that it went on from.
///
/// It stands in each checkpoint's `record.json`, so that a label can be made of the checkpoint alone.
struct RunOrigin {
  // LIMIT: what a label lists; a recipe of more sources says how many there are.
  private static let mostSources = 1000

  private let recipe: Recipe
  private let materials: RunMaterials

  init(_ recipe: Recipe, _ materials: RunMaterials) {
    self.recipe = recipe
    self.materials = materials
  }

  /// The object.
  var json: JSONText {
    let sources = materials.reportSources(recipe)
    return .object([
      ("recipe", .string(materials.recipeDigest)),
      ("stage", .string(recipe.stage.rawValue)),
      ("planned_tokens", .integer(recipe.settings.length.tokenBudget)),
      ("from", recipe.checkpointPath.map(Self.parent) ?? .null),
      ("sources", .integer(sources.count)),
      ("data", .array(sources.prefix(Self.mostSources).map(Self.json))),
    ])
  }

  private static func json(_ source: RunReport.Source) -> JSONText {
    .object([
      ("path", .string(source.name)), ("shards", .string(source.origin)),
      ("license", .string(source.license)), ("sha256", .string(source.hash)),
      ("documents", source.documentCount.map(JSONText.integer) ?? .null),
      ("tokens", source.tokenCount.map(JSONText.integer) ?? .null),
      ("share", source.share.map(JSONText.double) ?? .null),
    ])
  }

  /// The checkpoint that a run goes on from, and what that one says of its own origin.
  private static func parent(_ folder: String) -> JSONText {
    var members: [(String, JSONText)] = [("path", .string(folder))]
    // A model of others has no record, and says nothing.
    if let record = record(of: folder) {
      for key in ["run", "time", "origin", "ledger"] {
        members.append((key, record[key].map { JSONText($0) } ?? .null))
      }
    }
    return .object(members)
  }

  private static func record(of folder: String) -> JSONValue? {
    // LIMIT: a record of a thousand sources and some ancestors has less.
    guard let region = try? MemoryRegion(mapping: "\(folder)/\(RunCheckpoint.recordFile)"),
      region.byteCount <= 16 << 20
    else { return nil }
    return (try? JSONDocument(region.copyBytes(0..<region.byteCount)))?.root
  }
}
