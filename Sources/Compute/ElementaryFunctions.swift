// SPDX-License-Identifier: Apache-2.0

/// Own elementary functions in double precision, for tables, schedules and sampling.
///
/// They use additions, multiplications, divisions and comparisons alone, each correctly rounded, so
/// every host gives the same bits. Errors are a few units in the last place, far below what the
/// rounding to FP32 afterwards keeps.
public enum ElementaryFunctions {
  /// The natural exponential.
  public static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.782712893384 { return .infinity }
    if x < -708.3964185322641 { return 0 }
    let n = (x * 1.4426950408889634).rounded(.toNearestOrEven)
    // ln 2 in two parts: the first has 21 zero bits at its end, so n · high is exact.
    let r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10
    // Taylor to degree 13: the remainder on |r| ≤ 0.347 is below 2^-58.
    var sum = 1.0
    for k in stride(from: 13.0, through: 1.0, by: -1.0) { sum = 1.0 + sum * r / k }
    return Double(sign: .plus, exponent: Int(n), significand: sum)
  }

  /// The natural logarithm; NaN below 0, minus infinity at 0.
  public static func log(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x == .infinity { return x }
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m *= 0.5
      exponent += 1
    }
    // log m = 2 artanh s with s = (m - 1)/(m + 1), |s| ≤ 0.1716; the series to s^21 leaves 2^-59.
    let s = (m - 1) / (m + 1)
    let square = s * s
    var sum = 0.0
    for k in stride(from: 21.0, through: 3.0, by: -2.0) { sum = (sum + 1 / k) * square }
    let logarithm = 2 * s + 2 * s * sum
    return exponent * 0.693147180369123816490
      + (logarithm + exponent * 1.90821492927058770002e-10)
  }

  /// `base` to the power `exponent`, for positive bases.
  public static func pow(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 0 { return 1 }
    return exp(exponent * log(base))
  }

  /// The square root, correctly rounded as IEEE 754 asks.
  public static func squareRoot(_ x: Double) -> Double { x.squareRoot() }

  /// The sine and the cosine of an angle in radians, |angle| up to 10^7.
  public static func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
    let quarter = (angle * 0.6366197723675814).rounded(.toNearestOrEven)
    // π/2 in three parts, the first two with 20 and more zero bits at their ends.
    var r = angle - quarter * 1.57079632673412561417e+00
    r -= quarter * 6.07710050630396597660e-11
    r -= quarter * 2.02226624879595063154e-21
    let square = r * r
    // Taylor on |r| ≤ π/4: sine to r^17, cosine to r^16, remainders below 2^-56.
    var sine = 1.0
    for k in stride(from: 16.0, through: 2.0, by: -2.0) {
      sine = 1.0 - sine * square / (k * (k + 1))
    }
    sine *= r
    var cosine = 1.0
    for k in stride(from: 16.0, through: 2.0, by: -2.0) {
      cosine = 1.0 - cosine * square / (k * (k - 1))
    }
    switch Int(quarter) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }
}
