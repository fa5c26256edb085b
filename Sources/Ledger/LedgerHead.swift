// SPDX-License-Identifier: Apache-2.0

/// The end of a chain: whoever keeps it can later show that nothing before it was changed.
public struct LedgerHead: Sendable, Hashable {
  /// The hash of the last row, in lower-case hexadecimal digits.
  public var hash: String
  /// The number of the last row, 0 where there is none.
  public var n: Int

  /// Takes the hash and number of a row.
  public init(hash: String, n: Int) {
    self.hash = hash
    self.n = n
  }

  /// What stands before the first row: 64 zeros.
  public static let start = LedgerHead(hash: String(repeating: "0", count: 64), n: 0)
}
