// SPDX-License-Identifier: Apache-2.0

/// A conversation's short name: eight letters and digits that a person can read and type.
///
/// The alphabet is base 32 of RFC 4648 in lower case, without 0, 1, 8 and 9, which look like
/// letters: 40 bits, drawn anew where one is taken.
public struct ConversationID: Sendable, Hashable, CustomStringConvertible {
  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
  static let characterCount = 8

  /// The eight characters.
  public let description: String

  /// Draws an id.
  init(using generator: inout some RandomNumberGenerator) {
    description = String((0..<Self.characterCount).map { _ in Self.draw(using: &generator) })
  }

  /// Takes an id that was drawn before; nil for anything else.
  public init?(_ text: String) {
    guard text.count == Self.characterCount, text.allSatisfy(Self.alphabet.contains) else {
      return nil
    }
    description = text
  }

  /// Takes what a row of the database holds.
  init(stored text: String) { description = text }

  private static func draw(using generator: inout some RandomNumberGenerator) -> Character {
    alphabet[Int(generator.next(upperBound: UInt64(alphabet.count)))]
  }
}
