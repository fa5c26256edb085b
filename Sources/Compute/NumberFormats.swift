// SPDX-License-Identifier: Apache-2.0

/// Conversions between FP32 and the stored formats, by bits, so that no host's rounding mode or
/// flush setting has a say.
public enum NumberFormats {
  /// Rounds to BF16, nearest even; a NaN stays one, a denormal becomes a signed zero.
  ///
  /// - Returns: The upper 16 bits of the rounded number.
  public static func bf16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if bits & 0x7F80_0000 == 0 { return UInt16(truncatingIfNeeded: bits >> 16) & 0x8000 }
    return bf16KeepingDenormals(value)
  }

  /// Rounds to BF16, nearest even, as files hold it: denormals stay, a NaN stays one.
  ///
  /// - Returns: The upper 16 bits of the rounded number.
  public static func bf16KeepingDenormals(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x0040 }
    return UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
  }

  /// Rounds to E4M3, nearest even; what rounds past 448 becomes NaN, which has no infinities beside
  /// it.
  ///
  /// - Returns: The code.
  public static func e4m3(_ value: Float) -> UInt8 {
    let sign = UInt8(truncatingIfNeeded: value.bitPattern >> 24) & 0x80
    let magnitude = value.magnitude
    // 464 lies halfway between 448, the even one, and the 480 that would come next.
    guard magnitude <= 464 else { return sign | 0x7F }
    if magnitude < 0x1p-6 {
      // Below the normal numbers the codes are steps of 2^-9; eight steps are the first normal.
      return sign | UInt8((magnitude * 0x1p9).rounded(.toNearestOrEven))
    }
    let bits = magnitude.bitPattern
    return sign | UInt8(truncatingIfNeeded: (bits + 0x7FFFF + (bits >> 20 & 1) - (120 << 23)) >> 20)
  }

  /// Widens BF16; a denormal becomes a signed zero, as every product takes it.
  public static func float(bf16 bits: UInt16) -> Float {
    Float(bitPattern: UInt32(bits & 0x7F80 == 0 ? bits & 0x8000 : bits) << 16)
  }

  /// Widens F16; its denormals are normal numbers in FP32.
  public static func float(f16 bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF)
    switch magnitude {
    case 0..<0x0400:
      return Float(bitPattern: (Float(magnitude) * 0x1p-24).bitPattern | sign)
    case 0x7C00...:
      return Float(bitPattern: magnitude << 13 | 0x7F80_0000 | sign)
    default:
      return Float(bitPattern: (magnitude << 13) + (112 << 23) | sign)
    }
  }

  /// Widens E4M3: bias 7, no infinities, 0x7F and 0xFF are NaN, smallest denormal 2^-9.
  public static func float(e4m3 bits: UInt8) -> Float {
    let sign = UInt32(bits & 0x80) << 24
    let magnitude = UInt32(bits & 0x7F)
    switch magnitude {
    case 0..<8: return Float(bitPattern: (Float(magnitude) * 0x1p-9).bitPattern | sign)
    case 0x7F: return Float(bitPattern: 0x7FC0_0000 | sign)
    default: return Float(bitPattern: (magnitude << 20) + (120 << 23) | sign)
    }
  }

  /// Widens E8M0: 2^(bits - 127); 255 is NaN, and 2^-127 is below the normal numbers.
  public static func float(e8m0 bits: UInt8) -> Float {
    switch bits {
    case 0: 0
    case 255: .nan
    default: Float(bitPattern: UInt32(bits) << 23)
    }
  }
}
