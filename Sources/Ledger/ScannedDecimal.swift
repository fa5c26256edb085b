// SPDX-License-Identifier: Apache-2.0

/// A number as its digits and a power of ten.
struct ScannedDecimal {
  let isNegative: Bool
  var digits: UInt64 = 0
  var digitCount = 0
  var exponent = 0

  init(isNegative: Bool) { self.isNegative = isNegative }

  /// Takes a digit behind the point.
  mutating func append(_ digit: Int) {
    digitCount += 1
    exponent -= 1
    // More would not fit, and are not exact anyway.
    if digitCount < 19 { digits = 10 * digits + UInt64(digit) }
  }

  /// The nearest double, where one multiplication or division of exact doubles comes to it; nil else.
  ///
  /// Clinger, "How to Read Floating Point Numbers Accurately" (1990), section 3: an integer below 2⁵³
  /// and a power of ten up to 10²² are exact, so that their product or quotient is rounded once.
  var exactValue: Double? {
    guard digitCount < 19, digits < 1 << 53, exponent.magnitude < Self.powers.count else {
      return nil
    }
    let power = Self.powers[Int(exponent.magnitude)]
    let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
    return isNegative ? -value : value
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
