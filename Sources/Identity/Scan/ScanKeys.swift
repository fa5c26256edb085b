// SPDX-License-Identifier: Apache-2.0

/// The hashes of words and of joined words that a scan looks for.
struct ScanKeys: Sendable {
  // LIMIT: 128 KiB stay in the second-level cache; the keys fill less than a tenth of the bits.
  private static let bitCount = 1 << 20

  /// A table of bits, two for each key: what is not in it is no key.
  let bits: [UInt64]
  private let single: Set<UInt64>
  /// Words that count with a capital alone.
  private let capitalized: Set<UInt64>
  private let joined: Set<UInt64>

  init(single: Set<UInt64>, capitalized: Set<UInt64>, joined: Set<UInt64>) {
    self.single = single
    self.capitalized = capitalized
    self.joined = joined
    var bits = [UInt64](repeating: 0, count: Self.bitCount / 64)
    for key in single.union(joined).union(capitalized) {
      for place in [Self.first(key), Self.second(key)] {
        bits[place >> 6] |= 1 << UInt64(place & 63)
      }
    }
    self.bits = bits
  }

  /// Whether a hash is that of a word.
  @inline(__always)
  func holdsWord(_ key: UInt64, _ bits: Span<UInt64>, isCapitalized: Bool = true) -> Bool {
    Self.mayHold(key, bits) && (single.contains(key) || isCapitalized && capitalized.contains(key))
  }

  /// Whether a hash is that of joined words.
  @inline(__always)
  func holdsPhrase(_ key: UInt64, _ bits: Span<UInt64>) -> Bool {
    Self.mayHold(key, bits) && joined.contains(key)
  }

  @inline(__always)
  private static func mayHold(_ key: UInt64, _ bits: Span<UInt64>) -> Bool {
    let first = first(key)
    guard bits[first >> 6] >> UInt64(first & 63) & 1 == 1 else { return false }
    let second = second(key)
    return bits[second >> 6] >> UInt64(second & 63) & 1 == 1
  }

  @inline(__always)
  private static func first(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key ^ key >> 31) >> 13) & (bitCount - 1)
  }

  @inline(__always)
  private static func second(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key ^ key >> 29) >> 40) & (bitCount - 1)
  }
}
