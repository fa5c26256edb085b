// SPDX-License-Identifier: Apache-2.0

/// How documents are laid out in rows.
public struct RowLayout: Sendable, Hashable {
  /// What becomes of documents that do not fill a row.
  public enum Packing: String, Sendable, Hashable, CaseIterable {
    /// Documents stand one behind the other and are cut wherever a row ends: no padding.
    case continuous
    /// Documents are put together so that they fill rows best and few are cut (Ding and others 2024,
    /// arXiv 2404.10830; DeepSeek-V3's report, section 4.1): only one longer than a row is.
    case bestFit = "best-fit"
    /// Samples are put together likewise and kept apart: each sees itself alone. One longer than a
    /// row loses its end.
    case apart
  }

  /// How many positions a row has.
  public var sequenceLength: Int
  /// How many tokens beyond the next one are predicted (multi-token prediction).
  public var predictionDepth: Int
  /// What becomes of documents that do not fill a row.
  public var packing: Packing
  /// Whether a document sees itself alone where packing lets documents share a row.
  public var restartsDocuments: Bool

  /// Creates a layout.
  public init(
    sequenceLength: Int,
    predictionDepth: Int = 0,
    packing: Packing = .bestFit,
    restartsDocuments: Bool = false
  ) {
    self.sequenceLength = sequenceLength
    self.predictionDepth = predictionDepth
    self.packing = packing
    self.restartsDocuments = restartsDocuments
  }

  /// How many tokens a row has: the inputs, the last one's target, and those predicted beyond.
  public var tokenCount: Int { sequenceLength + 1 + predictionDepth }

  /// Whether attention begins anew with each document of a row.
  public var restartsAttention: Bool { restartsDocuments || packing == .apart }

  /// How many tokens of documents a row takes; what follows is for predictions beyond them.
  var capacity: Int { sequenceLength + 1 }
}
