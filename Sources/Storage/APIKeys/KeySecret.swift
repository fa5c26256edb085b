// SPDX-License-Identifier: Apache-2.0

import Hashing

/// What a client shows to be let in: `sk-hadal-` and 64 hexadecimal digits, 256 bits of chance.
///
/// It is nowhere kept. Its hash needs no salt and no slow function: nobody guesses 256 bits.
public struct KeySecret: Sendable {
  // Some clients take nothing else than what begins with "sk-".
  private static let opening = "sk-hadal-"

  /// The text that the client sends.
  public let text: String

  /// Draws a secret.
  init(using generator: inout some RandomNumberGenerator) {
    var bytes: [UInt8] = []
    for _ in 0..<4 {
      let word: UInt64 = generator.next()
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
    text = Self.opening + Hexadecimal.text(bytes)
  }

  /// The SHA-256 of what a client showed.
  ///
  /// A key is looked up by it: how far two hashes agree says nothing of the secrets, so that the time
  /// of the search tells nobody anything.
  static func hash(of text: String) -> [UInt8] { SHA256Hash.digest(of: Array(text.utf8)) }
}
