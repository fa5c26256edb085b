// SPDX-License-Identifier: Apache-2.0

/// A checksum of bytes that finds damage, not malice: XXH64 with seed 0.
///
/// It reads memory several times as fast as a cryptographic hash, so that large files are checked
/// whenever they are read (Collet, "xxHash fast digest algorithm", version 0.1.1).
public enum Checksum64 {
  private static let primes: [5 of UInt64] = [
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5,
  ]

  /// The checksum of some bytes.
  public static func of(_ bytes: RawSpan) -> UInt64 {
    let primes = primes
    var offset = 0
    var sum: UInt64
    if bytes.byteCount >= 32 {
      sum = lanes(bytes, primes, &offset)
    } else {
      sum = primes[4]
    }
    sum &+= UInt64(bytes.byteCount)
    while offset + 8 <= bytes.byteCount {
      sum ^= round(0, word(bytes, offset), primes)
      sum = rotate(sum, 27) &* primes[0] &+ primes[3]
      offset += 8
    }
    if offset + 4 <= bytes.byteCount {
      // SAFETY: the four bytes lie within the span, and any of them make a number.
      let half = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
      sum ^= UInt64(UInt32(littleEndian: half)) &* primes[0]
      sum = rotate(sum, 23) &* primes[1] &+ primes[2]
      offset += 4
    }
    while offset < bytes.byteCount {
      // SAFETY: the byte lies within the span.
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      sum ^= UInt64(byte) &* primes[4]
      sum = rotate(sum, 11) &* primes[0]
      offset += 1
    }
    return avalanche(sum, primes)
  }

  /// The checksum of some bytes.
  public static func of(_ bytes: [UInt8]) -> UInt64 {
    // SAFETY: bytes have no other meaning than their own.
    of(unsafe bytes.span.bytes)
  }

  /// Sums the whole stripes of 32 bytes, in four lanes.
  private static func lanes(
    _ bytes: RawSpan,
    _ primes: [5 of UInt64],
    _ offset: inout Int
  ) -> UInt64 {
    var first = primes[0] &+ primes[1]
    var second = primes[1]
    var third: UInt64 = 0
    var fourth = 0 &- primes[0]
    while offset + 32 <= bytes.byteCount {
      first = round(first, word(bytes, offset), primes)
      second = round(second, word(bytes, offset + 8), primes)
      third = round(third, word(bytes, offset + 16), primes)
      fourth = round(fourth, word(bytes, offset + 24), primes)
      offset += 32
    }
    var sum =
      rotate(first, 1) &+ rotate(second, 7) &+ rotate(third, 12) &+ rotate(fourth, 18)
    for lane in [first, second, third, fourth] {
      sum = (sum ^ round(0, lane, primes)) &* primes[0] &+ primes[3]
    }
    return sum
  }

  @inline(__always)
  private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
    // SAFETY: callers ask within the span, and any eight bytes make a number.
    UInt64(
      littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    )
  }

  @inline(__always)
  private static func round(_ sum: UInt64, _ word: UInt64, _ primes: [5 of UInt64]) -> UInt64 {
    rotate(sum &+ word &* primes[1], 31) &* primes[0]
  }

  @inline(__always)
  private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value &<< count | value &>> (64 - count)
  }

  private static func avalanche(_ sum: UInt64, _ primes: [5 of UInt64]) -> UInt64 {
    var sum = sum
    sum = (sum ^ sum &>> 33) &* primes[1]
    sum = (sum ^ sum &>> 29) &* primes[2]
    return sum ^ sum &>> 32
  }
}
