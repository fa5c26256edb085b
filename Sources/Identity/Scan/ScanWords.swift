// SPDX-License-Identifier: Apache-2.0

/// The last three words of a scan, as hashes.
struct ScanWords {
  enum Kind {
    case latin
    case other
  }

  private var current = WordHash()
  private var before = WordHash()
  private var earlier = WordHash()
  /// How many words of one letter follow each other.
  private var singles = 0

  /// Letters that stand alone may spell a name.
  var isSpelled: Bool { singles >= 4 }

  /// Takes the next word.
  @inline(__always)
  mutating func push(_ word: WordHash, isSingle: Bool) {
    earlier = before
    before = current
    current = word
    singles = isSingle ? singles + 1 : 0
  }

  /// Whether the last word, or the last two or three, are looked for.
  @inline(__always)
  func find(_ keys: ScanKeys, _ bits: Span<UInt64>, isCapitalized: Bool) -> Bool {
    if keys.holdsWord(current.value, bits, isCapitalized: isCapitalized) { return true }
    let pair = before.joined(current)
    if keys.holdsPhrase(pair.value, bits) { return true }
    return keys.holdsPhrase(earlier.joined(pair).value, bits)
  }
}
