// SPDX-License-Identifier: Apache-2.0

/// Tells of documents, in their order, which of them came before.
struct DuplicateFinder {
  /// What a document is.
  enum Verdict: Equatable, Sendable {
    case first
    case exactDuplicate
    case nearDuplicate
  }

  private let threshold: Double?
  private var digests: Set<DocumentDigest> = []
  private var table = BandTable()

  /// Creates a finder that has seen nothing.
  ///
  /// - Parameter threshold: The share of common shingles from which two are near; nil where only
  ///   equal ones count.
  init(threshold: Double?) { self.threshold = threshold }

  /// Looks at the next document, and remembers it where it is the first of its kind.
  ///
  /// - Parameters:
  ///   - number: What the document is called when it is compared later.
  ///   - fingerprint: Its fingerprint.
  ///   - shingles: Gives the shingles of a document by its number.
  /// - Throws: What `shingles` throws.
  /// - Returns: The verdict.
  mutating func look(
    at number: Int32,
    _ fingerprint: Fingerprint,
    shingles: (Int32) throws(DataError) -> Shingles
  ) throws(DataError) -> Verdict {
    guard digests.insert(fingerprint.digest).inserted else { return .exactDuplicate }
    guard let threshold else { return .first }
    let others = table.documents(of: fingerprint.bands)
    if !others.isEmpty {
      let own = try shingles(number)
      for other in others where Shingles.similarity(own, try shingles(other)) >= threshold {
        return .nearDuplicate
      }
    }
    table.insert(number, fingerprint.bands)
    return .first
  }
}
