// SPDX-License-Identifier: Apache-2.0

/// The number type of a reference computation: FP32 in the exact forms of the kernels, or double
/// precision to measure them against.
public protocol ReferenceScalar: BinaryFloatingPoint, Sendable {
  /// What the device calls itself.
  static var deviceName: String { get }
  /// Widens a stored number; FP32 takes denormals as zeros.
  static func widened(_ value: Float) -> Self
  /// Rounds to BF16 where the mode rounds at all.
  static func roundedToBF16(_ value: Self) -> Self
  /// Rounds to FP32 for storing.
  var narrowed: Float { get }
  /// `a · b + c`, rounded once.
  static func fused(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// `a · b`.
  static func product(_ a: Self, _ b: Self) -> Self
  /// `a + b`.
  static func sum(_ a: Self, _ b: Self) -> Self
  /// `a / b`.
  static func quotient(_ a: Self, _ b: Self) -> Self
  /// The exponential of the arithmetic.
  static func exponential(_ x: Self) -> Self
}

extension Double: ReferenceScalar {
  /// What the device calls itself.
  public static var deviceName: String { "reference-double" }

  /// Widens a stored number.
  public static func widened(_ value: Float) -> Double { Double(value) }

  /// Rounds to BF16.
  public static func roundedToBF16(_ value: Double) -> Double {
    Double(NumberFormats.float(bf16: NumberFormats.bf16(Float(value))))
  }

  /// Rounds to FP32.
  public var narrowed: Float { Float(self) }

  /// `a · b + c`.
  public static func fused(_ a: Double, _ b: Double, _ c: Double) -> Double { a * b + c }

  /// `a · b`.
  public static func product(_ a: Double, _ b: Double) -> Double { a * b }

  /// `a + b`.
  public static func sum(_ a: Double, _ b: Double) -> Double { a + b }

  /// `a / b`.
  public static func quotient(_ a: Double, _ b: Double) -> Double { a / b }

  /// The exponential of the arithmetic.
  public static func exponential(_ x: Double) -> Double { ElementaryFunctions.exp(x) }
}

extension Float: ReferenceScalar {
  /// What the device calls itself.
  public static var deviceName: String { "reference" }

  /// Widens a stored number.
  public static func widened(_ value: Float) -> Float {
    value.magnitude < Float.leastNormalMagnitude ? (value.sign == .minus ? -0.0 : 0) : value
  }

  /// Rounds to BF16.
  public static func roundedToBF16(_ value: Float) -> Float {
    NumberFormats.float(bf16: NumberFormats.bf16(value))
  }

  /// Rounds to FP32.
  public var narrowed: Float { self }

  /// `a · b + c`.
  public static func fused(_ a: Float, _ b: Float, _ c: Float) -> Float {
    let result = c.addingProduct(a, b)
    guard result.magnitude <= Float.leastNormalMagnitude else { return result }
    // A sum this small of a large c is a multiple of 2⁻¹⁴⁷ and exact; the difference from a small c
    // is exact in double precision, so the one rounding that follows keeps the sign.
    let sign: Double = result.sign == .minus ? -1 : 1
    let excess =
      c.magnitude < 0x1p-100
      ? (sign * Double(c) - flushThreshold).addingProduct(sign * Double(a), Double(b)) : 0
    return flushed(result, excess: excess)
  }

  /// `a · b`.
  public static func product(_ a: Float, _ b: Float) -> Float {
    let result = a * b
    guard result.magnitude <= Float.leastNormalMagnitude else { return result }
    return flushed(result, excess: (Double(a) * Double(b)).magnitude - flushThreshold)
  }

  /// `a + b`.
  public static func sum(_ a: Float, _ b: Float) -> Float { widened(a + b) }

  /// `a / b`.
  public static func quotient(_ a: Float, _ b: Float) -> Float {
    let result = a / b
    guard result.magnitude <= Float.leastNormalMagnitude else { return result }
    // 25 bits times 24 bits: the product is exact.
    let excess = Double(a).magnitude - flushThreshold * Double(b).magnitude
    return flushed(result, excess: excess)
  }

  // NUMERICS: a result is denormal if, rounded to 24 bits with an unbounded exponent, it is below
  // the smallest normal number. Gradual underflow rounds the last half step up to that number, so
  // the number itself does not tell; the sign of the exact value's distance from the halfway case
  // does. That case rounds to the even, normal number.
  private static let flushThreshold = 0x1p-126 - 0x1p-151

  private static func flushed(_ result: Float, excess: Double) -> Float {
    if result.magnitude == Float.leastNormalMagnitude, excess >= 0 { return result }
    return result.sign == .minus ? -0.0 : 0
  }

  /// The page's `exp`.
  public static func exponential(_ x: Float) -> Float {
    if x.isNaN { return x }
    if x > Float(bitPattern: 0x42B1_7217) { return .infinity }
    if x < Float(bitPattern: 0xC2AE_AC4F) { return 0 }
    let shift: Float = 12_582_912
    let n = fused(x, Float(bitPattern: 0x3FB8_AA3B), shift) - shift
    var r = fused(n, Float(bitPattern: 0xBF31_7200), x)
    r = fused(n, Float(bitPattern: 0xB5BF_BE8E), r)
    var p = Float(bitPattern: exponentialCoefficients.0)
    p = fused(p, r, Float(bitPattern: exponentialCoefficients.1))
    p = fused(p, r, Float(bitPattern: exponentialCoefficients.2))
    p = fused(p, r, Float(bitPattern: exponentialCoefficients.3))
    p = fused(p, r, Float(bitPattern: exponentialCoefficients.4))
    p = fused(p, r, Float(bitPattern: exponentialCoefficients.5))
    let y = sum(fused(p, product(r, r), r), 1)
    let first = Int32(n) >> 1
    let second = Int32(n) - first
    return product(product(y, powerOfTwo(first)), powerOfTwo(second))
  }

  // Cephes expf, highest power first.
  private static let exponentialCoefficients: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
    0x3950_6967, 0x3AB7_43CE, 0x3C08_8908, 0x3D2A_A9C1, 0x3E2A_AAAA, 0x3F00_0000
  )

  private static func powerOfTwo(_ exponent: Int32) -> Float {
    Float(bitPattern: UInt32(bitPattern: exponent + 127) << 23)
  }
}
