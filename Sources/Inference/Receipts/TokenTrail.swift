// SPDX-License-Identifier: Apache-2.0

import Hashing

/// What the tokens of an answer leave: a check of each, by which the first that differs is found.
///
/// A token's check is the beginning of a hash over the prompt and all tokens up to it. Without the prompt
/// no token can be found from its check by trying; who has the prompt can compute the answer anyway.
public struct TokenTrail: Sendable, Hashable {
  /// The first 32 bits of each token's hash.
  public private(set) var checks: [UInt32]
  /// The last token's hash, of 32 bytes; nil where the trail was read, which cannot go on.
  private var state: [UInt8]?
  /// The digits of the last token's hash.
  private let readHash: String?

  /// Begins the trail of an answer.
  public init(promptIDs: [Int32]) {
    checks = []
    state = Self.hash(Array("hadal answer 1\n".utf8), promptIDs)
    readHash = nil
  }

  /// Takes a trail that was written down; nil where the digits are none, or the last check is not the
  /// hash's beginning.
  ///
  /// - Parameters:
  ///   - text: Eight hexadecimal digits a token.
  ///   - hash: The 64 digits of the last token's hash.
  public init?(checks text: String, hash: String) {
    guard let bytes = Hexadecimal.bytes(text), bytes.count % 4 == 0,
      let digest = Hexadecimal.bytes(hash), digest.count == 32
    else { return nil }
    checks = stride(from: 0, to: bytes.count, by: 4).map { Self.check(bytes[$0...]) }
    if let last = checks.last, last != Self.check(digest[...]) { return nil }
    state = nil
    readHash = hash
  }

  /// How many tokens there are.
  public var count: Int { checks.count }

  /// The digits of the last token's hash, of the prompt's where there is none: what stands for the whole
  /// answer.
  public var hash: String { readHash ?? Hexadecimal.text(state ?? []) }

  /// The checks as they are written down, eight digits a token.
  public var text: String {
    Hexadecimal.text(
      checks.flatMap { check in (0..<4).map { UInt8(check >> (24 - 8 * $0) & 255) } }
    )
  }

  /// Takes the next token.
  public mutating func append(_ id: Int32) {
    guard let state else { return }
    let next = Self.hash(state, [id])
    checks.append(Self.check(next[...]))
    self.state = next
  }

  /// The digits of the hash of a prompt's tokens.
  public static func promptHash(_ ids: [Int32]) -> String {
    Hexadecimal.text(hash(Array("hadal prompt 1\n".utf8), ids))
  }

  /// The hash of bytes and the ids behind them, four bytes each, the lowest first.
  private static func hash(_ bytes: [UInt8], _ ids: [Int32]) -> [UInt8] {
    var bytes = bytes
    bytes.reserveCapacity(bytes.count + 4 * ids.count)
    for id in ids {
      let bits = UInt32(bitPattern: id)
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(bits >> shift & 255)) }
    }
    return SHA256Hash.digest(of: bytes)
  }

  private static func check(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Whether both stand for the same tokens behind the same prompt.
  public static func == (left: TokenTrail, right: TokenTrail) -> Bool {
    left.checks == right.checks && left.hash == right.hash
  }

  /// Hashes the trail.
  public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
