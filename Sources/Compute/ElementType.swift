// SPDX-License-Identifier: Apache-2.0

/// How one number of a tensor is stored.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  /// IEEE 754 binary32.
  case f32
  /// IEEE 754 binary16.
  case f16
  /// The upper half of a binary32.
  case bf16
  /// Four exponent and three mantissa bits, bias 7, no infinities (OCP FP8, "E4M3FN").
  case f8e4m3
  /// Five exponent and two mantissa bits.
  case f8e5m2
  /// A power of two: byte e stands for 2^(e - 127).
  case f8e8m0
  /// IEEE 754 binary64.
  case f64
  /// One byte, 0 or 1.
  case boolean
  /// Unsigned, 8 bits.
  case u8
  /// Signed, 8 bits.
  case i8
  /// Unsigned, 16 bits.
  case u16
  /// Signed, 16 bits.
  case i16
  /// Unsigned, 32 bits.
  case u32
  /// Signed, 32 bits.
  case i32
  /// Unsigned, 64 bits.
  case u64
  /// Signed, 64 bits.
  case i64

  /// How many bytes one element takes.
  public var byteCount: Int {
    switch self {
    case .f8e4m3, .f8e5m2, .f8e8m0, .boolean, .u8, .i8: 1
    case .f16, .bf16, .u16, .i16: 2
    case .f32, .u32, .i32: 4
    case .f64, .u64, .i64: 8
    }
  }
}

/// What matrix products take.
///
/// Residual stream, norms, router, softmax and accumulation are FP32 in both.
public enum ComputeType: String, Sendable, Hashable, CaseIterable {
  /// Products take FP32 inputs; the cache stores FP32.
  case f32
  /// Inputs of matrix products are rounded to BF16; the cache stores BF16.
  case bf16

  /// How a cache of this compute type stores its elements.
  public var cacheElementType: ElementType { self == .f32 ? .f32 : .bf16 }
}
