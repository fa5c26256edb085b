// SPDX-License-Identifier: Apache-2.0

/// Where a line may be broken without a space.
///
/// A small part of Unicode's line breaking (UAX 14): ideographs, kana, Hangul and emoji may be parted,
/// but closing punctuation and small kana do not begin a row, nor does opening punctuation end one;
/// a word may be parted behind its hyphen.
enum LineBreaking {
  /// Whether a row may end between two characters, neither of them a space.
  static func allows(between first: Character, and second: Character) -> Bool {
    if isWide(first) || isWide(second) {
      return !closing.contains(second) && !opening.contains(first)
    }
    return hyphens.contains(first) && second.isLetter
  }

  /// Whether a character is wide by itself: what several scalars of a word take together is not meant.
  private static func isWide(_ character: Character) -> Bool {
    guard let first = character.unicodeScalars.first, first.value >= 0x1100 else { return false }
    return ScalarWidth(first) == .two
  }

  private static let closing = Set(
    "!),.:;?]}%’”…‥、。，．・：；？！゛゜ヽヾゝゞ々ー」』】〉》〕）］｝〗〙"
      + "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
  )
  private static let opening = Set("([{‘“「『【〈《〔（［｛〖〘")
  private static let hyphens = Set("-‐–—")
}
