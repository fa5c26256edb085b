// SPDX-License-Identifier: Apache-2.0

/// The hashes of all runs of five words of a text, by which texts are compared.
///
/// A word is a run of letters and digits, ASCII without case; a character of a script that writes
/// no spaces is a word by itself. The classes are fixed here, so that no library's tables play a
/// part.
struct Shingles {
  /// How many words a shingle has; a shorter text is one shingle.
  static let wordCount = 5

  /// The hashes in the text's order, equal ones where they repeat; empty where there is no word.
  let hashes: [UInt64]

  /// Hashes a text.
  ///
  /// - Parameter text: UTF-8.
  init(of text: [UInt8]) {
    var walk = WordWalk()
    var window: [UInt64] = []
    var hashes: [UInt64] = []
    hashes.reserveCapacity(text.count / 6)
    func take(_ word: UInt64) {
      window.append(word)
      guard window.count >= Self.wordCount else { return }
      hashes.append(Self.hash(window.suffix(Self.wordCount)))
      if window.count > 1024 { window.removeFirst(window.count - Self.wordCount + 1) }
    }
    for byte in text {
      let (ended, single) = walk.step(byte)
      if let ended { take(ended) }
      if let single { take(single) }
    }
    if let last = walk.finish() { take(last) }
    if hashes.isEmpty, !window.isEmpty { hashes = [Self.hash(window[...])] }
    self.hashes = hashes
  }

  private static func hash(_ words: ArraySlice<UInt64>) -> UInt64 {
    var hash: UInt64 = 0
    for word in words { hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15 ^ hash >> 29 }
    return mixed(hash)
  }

  /// SplitMix64's last step: every bit of the input moves every bit of the result.
  static func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// The share of the shingles of either text that both have.
  static func similarity(_ first: Shingles, _ second: Shingles) -> Double {
    let (first, second) = (Set(first.hashes), Set(second.hashes))
    let common = first.intersection(second).count
    let all = first.count + second.count - common
    return all == 0 ? 0 : Double(common) / Double(all)
  }
}

/// Hashes the words of a text byte by byte.
private struct WordWalk {
  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325
  private var hash = start
  private var hasWord = false
  private var scalar: UInt32 = 0
  private var missing = 0

  /// Takes a byte.
  ///
  /// - Returns: The word that it ends, and the word that it is by itself.
  mutating func step(_ byte: UInt8) -> (ended: UInt64?, single: UInt64?) {
    switch byte {
    case 0x30...0x39, 0x61...0x7A: add(UInt32(byte))
    case 0x41...0x5A: add(UInt32(byte) | 0x20)
    case 0..<0x80: return (finish(), nil)
    case 0x80..<0xC0:
      scalar = scalar << 6 | UInt32(byte & 0x3F)
      missing -= 1
      if missing == 0 { return take(scalar) }
    case 0xC0..<0xE0: (scalar, missing) = (UInt32(byte & 0x1F), 1)
    case 0xE0..<0xF0: (scalar, missing) = (UInt32(byte & 0x0F), 2)
    default: (scalar, missing) = (UInt32(byte & 0x07), 3)
    }
    return (nil, nil)
  }

  /// Ends the present word.
  mutating func finish() -> UInt64? {
    guard hasWord else { return nil }
    let word = Shingles.mixed(hash)
    hash = Self.start
    hasWord = false
    return word
  }

  private mutating func add(_ scalar: UInt32) {
    hash = (hash ^ UInt64(scalar)) &* 0x0000_0100_0000_01B3
    hasWord = true
  }

  private mutating func take(_ scalar: UInt32) -> (ended: UInt64?, single: UInt64?) {
    switch scalar {
    // Latin punctuation; general punctuation; CJK and full-width punctuation.
    case 0x80...0xA9, 0xAB...0xB4, 0xB6...0xBF, 0x2000...0x206F, 0x3000...0x303F,
      0xFE30...0xFE4F, 0xFF01...0xFF0F, 0xFF1A...0xFF20:
      return (finish(), nil)
    // Thai to Tibetan, Burmese, Khmer, Han, kana: scripts without spaces between words.
    case 0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF, 0x2E80...0x2FFF, 0x3040...0x30FF,
      0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
      let ended = finish()
      add(scalar)
      return (ended, finish())
    default:
      add(scalar)
      return (nil, nil)
    }
  }
}
