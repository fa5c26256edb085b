// SPDX-License-Identifier: Apache-2.0

import JSON

/// A source of a model's data, as its shards name it.
struct LabelSource: Hashable {
  var path: String
  /// Nil where the shards name none.
  var license: String?
  var digest: String?
  var documentCount: Int?
  var tokenCount: Int?
  /// Its share of the mixture, 0…1.
  var share: Double?

  // What shards of a source without a license have.
  private static let unnamed = "not named"

  /// Reads an object of a checkpoint's record or of a label; nil where it is something else.
  init?(_ value: JSONValue) {
    guard let path = value["path"]?.string else { return nil }
    self.path = path
    license = value["license"]?.string.flatMap { $0 == Self.unnamed ? nil : $0 }
    digest = value["sha256"]?.string
    documentCount = value["documents"]?.integer
    tokenCount = value["tokens"]?.integer
    share = value["share"]?.double
  }

  var json: JSONText {
    .object([
      ("path", .string(path)), ("license", license.map(JSONText.string) ?? .null),
      ("sha256", digest.map(JSONText.string) ?? .null),
      ("documents", documentCount.map(JSONText.integer) ?? .null),
      ("tokens", tokenCount.map(JSONText.integer) ?? .null),
      ("share", share.map(JSONText.double) ?? .null),
    ])
  }
}
