// SPDX-License-Identifier: Apache-2.0

/// A document as the model learns from it.
public struct EncodedDocument: Sendable, Hashable {
  /// The token ids, control tokens at the ends included.
  public var ids: [Int32]
  /// Of each token, whether the model is taught to say it; nil where it is of all.
  public var lossMask: [Bool]?

  /// Creates a document.
  public init(ids: [Int32], lossMask: [Bool]? = nil) {
    self.ids = ids
    self.lossMask = lossMask
  }

  /// How many tokens the model is taught to say.
  public var lossCount: Int { lossMask?.lazy.filter { $0 }.count ?? ids.count }
}
