// SPDX-License-Identifier: Apache-2.0

import Hashing

/// What training never sees, decided by hash: a thing is held out or not whatever else there is.
package struct HeldOut: Sendable, Hashable {
  /// What is split.
  package enum Kind: String, Sendable, CaseIterable {
    /// The numbers of an exercise together.
    case operands
    /// Names of persons.
    case names
    /// Ways of asking.
    case phrasings
  }

  /// The share of each kind, in [0, 1].
  package var shares: [Kind: Double]

  /// Creates a split.
  package init(shares: [Kind: Double]) { self.shares = shares }

  /// Whether a thing is held out.
  package func holds(_ kind: Kind, _ text: String) -> Bool {
    Self.fraction("\(kind.rawValue)\n\(text)") < shares[kind, default: 0]
  }

  /// Whether an exercise is, in whatever order its numbers stand.
  package func holds(_ formula: Formula) -> Bool { holds(.operands, formula.combination) }

  /// A text's hash as a fraction.
  static func fraction(_ text: String) -> Double {
    let digest = SHA256Hash.digest(of: Array(text.utf8))
    let word = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Double(word >> 11) * 0x1p-53
  }
}
