// SPDX-License-Identifier: Apache-2.0

/// Philox 4×32-10, a counter-based generator (Salmon and others, SC'11): random numbers without a
/// state to share or to lose.
public struct Philox: Sendable, Hashable {
  /// The key, here a seed.
  public var key: UInt64

  /// Creates the generator of a seed.
  public init(key: UInt64) { self.key = key }

  /// The four words of a counter.
  public func words(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k0 = UInt32(truncatingIfNeeded: key)
    var k1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let first = (0xD251_1F53 as UInt32).multipliedFullWidth(by: c[0])
      let second = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: c[2])
      c = SIMD4(second.high ^ c[1] ^ k0, second.low, first.high ^ c[3] ^ k1, first.low)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return c
  }

  /// A number in [0, 1) with 53 random bits.
  ///
  /// - Parameters:
  ///   - position: The token's place in its sequence.
  ///   - choice: Which of several completions of a request.
  /// - Returns: The same number for the same seed, choice and position.
  public func uniform(position: Int, choice: Int) -> Double {
    let counter = SIMD4(
      UInt32(truncatingIfNeeded: position),
      UInt32(truncatingIfNeeded: position >> 32),
      UInt32(truncatingIfNeeded: choice),
      0
    )
    let words = words(counter)
    let bits = (UInt64(words[1]) << 32 | UInt64(words[0])) >> 11
    return Double(bits) * 0x1p-53
  }
}
