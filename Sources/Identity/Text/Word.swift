// SPDX-License-Identifier: Apache-2.0

/// A word, an ideograph, a mark or a line's end, with its place in the text.
struct Word: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case word
    /// One character of a script that writes no spaces.
    case ideograph
    case mark
    case lineEnd
  }

  var kind: Kind
  /// The letters as `Folding` and lower case leave them.
  var text: String
  /// The bytes of the original text.
  var bytes: Range<Int>
  /// Whether the first letter is a capital.
  var isCapitalized: Bool
  /// Whether a capital stands behind the first letter, as in "OpenAI".
  var hasInnerCapital = false
  /// Whether nothing stands between this and the word before.
  var isGlued: Bool

  /// The hash of the letters.
  var hash = WordHash()

  /// Whether it is a mark with this text.
  func isMark(_ mark: String) -> Bool { kind == .mark && text == mark }
}
