// SPDX-License-Identifier: Apache-2.0

public import JSON

extension ShardsIndex {
  /// What the identity guard did.
  ///
  /// It looked at every document; none in which a model would claim another assistant's identity is
  /// undecided, since there are no such shards.
  public struct IdentityRecord: Sendable, Hashable {
    /// The digest of the guard's rules.
    public var rules: String
    /// The names that the model may claim.
    public var allowed: [String]
    /// How many documents had hits.
    public var hitDocumentCount = 0
    /// How many of them were left out.
    public var droppedCount = 0
    /// In how many of them names were replaced.
    public var rewrittenCount = 0
    /// How many of them stayed with hits that somebody accepted.
    public var acceptedCount = 0

    /// Creates a record without hits.
    public init(rules: String, allowed: [String]) {
      self.rules = rules
      self.allowed = allowed
    }
  }
}

extension ShardsIndex.IdentityRecord {
  /// The record as the file has it.
  public var json: JSONText {
    .object([
      ("rules", .string(rules)),
      ("allowed", .array(allowed.map(JSONText.string))),
      ("with_hits", .integer(hitDocumentCount)),
      ("dropped", .integer(droppedCount)),
      ("rewritten", .integer(rewrittenCount)),
      ("accepted", .integer(acceptedCount)),
    ])
  }

  init(_ fields: IndexFields) throws(DataError) {
    guard let allowed = fields.value["allowed"]?.array?.map({ $0.string }), !allowed.contains(nil)
    else { throw fields.fault("allowed", "is missing, or no list of names") }
    self.init(rules: try fields.string("rules"), allowed: allowed.compactMap { $0 })
    hitDocumentCount = try fields.count("with_hits")
    droppedCount = try fields.count("dropped")
    rewrittenCount = try fields.count("rewritten")
    acceptedCount = try fields.count("accepted")
  }
}

extension ShardFolder {
  /// Checks that the identity guard ran over the documents.
  ///
  /// - Throws: `DataError` with reason `uncheckedIdentity`.
  public func requireIdentityCheck() throws(DataError) {
    guard index.identity != nil else { throw DataError(.uncheckedIdentity, place: path) }
  }
}
