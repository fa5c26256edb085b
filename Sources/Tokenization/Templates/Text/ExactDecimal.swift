// SPDX-License-Identifier: Apache-2.0

/// The exact decimal digits of a double, for rounding as Python rounds: half to even, of the value
/// itself rather than of its shortest text.
struct ExactDecimal {
  /// The digits, most significant first, without leading zeros; empty for zero.
  private(set) var digits: [UInt8] = []
  /// How many of the digits stand behind the point; negative where zeros follow before it.
  private(set) var scale = 0

  /// Creates the digits of a finite value's magnitude.
  init(_ value: Double) {
    let magnitude = value.magnitude
    guard magnitude > 0 else { return }
    let isNormal = magnitude.isNormal
    var significand = magnitude.significandBitPattern | (isNormal ? 1 << 52 : 0)
    var exponent = isNormal ? Int(magnitude.exponentBitPattern) - 1075 : -1074
    while significand & 1 == 0 {
      significand >>= 1
      exponent += 1
    }
    var limbs = Limbs(significand)
    // m / 2^k is m × 5^k / 10^k.
    for _ in 0..<abs(exponent) { limbs.multiply(by: exponent < 0 ? 5 : 2) }
    digits = limbs.digits
    scale = exponent < 0 ? -exponent : 0
  }

  /// Digits in base 10⁹, least significant first.
  private struct Limbs {
    private var limbs: [UInt32] = []

    init(_ value: UInt64) {
      var rest = value
      while rest > 0 {
        limbs.append(UInt32(rest % 1_000_000_000))
        rest /= 1_000_000_000
      }
    }

    mutating func multiply(by factor: UInt64) {
      var carry: UInt64 = 0
      for index in limbs.indices {
        let product = UInt64(limbs[index]) * factor + carry
        limbs[index] = UInt32(product % 1_000_000_000)
        carry = product / 1_000_000_000
      }
      if carry > 0 { limbs.append(UInt32(carry)) }
    }

    var digits: [UInt8] {
      var text = ""
      for (index, limb) in limbs.reversed().enumerated() {
        let part = String(limb)
        text += index == 0 ? part : String(repeating: "0", count: 9 - part.count) + part
      }
      return text.utf8.map { $0 - 0x30 }
    }
  }

  /// Rounds to so many digits behind the point.
  mutating func round(toPlaces places: Int) {
    guard scale > places else {
      // Missing places are zeros.
      if !digits.isEmpty { digits += [UInt8](repeating: 0, count: places - scale) }
      scale = places
      return
    }
    let dropped = scale - places
    scale = places
    guard dropped <= digits.count else {
      digits = []
      return
    }
    let kept = digits.count - dropped
    let rest = digits[kept...]
    let isAbove = (rest.first ?? 0) > 5 || (rest.first == 5 && rest.dropFirst().contains { $0 > 0 })
    let isHalf = rest.first == 5 && !rest.dropFirst().contains { $0 > 0 }
    let isOdd = kept > 0 && digits[kept - 1] % 2 == 1
    digits = Array(digits[..<kept])
    if isAbove || (isHalf && isOdd) { increment() }
  }

  /// Rounds to so many digits in all, at least one.
  mutating func round(toDigits count: Int) {
    guard !digits.isEmpty else { return }
    let before = digits.count - scale
    round(toPlaces: count - before)
    // 9.99 became 10.0.
    if digits.count > count {
      digits.removeLast()
      scale -= 1
    }
  }

  private mutating func increment() {
    var index = digits.count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 { digits[index] += 1 } else { digits.insert(1, at: 0) }
  }

  /// The power of ten of the first digit; 0 for zero.
  var exponent: Int { digits.isEmpty ? 0 : digits.count - scale - 1 }

  /// The digits with a point, as many behind it as `scale` says.
  var plainText: String {
    let text = digits.map { String($0) }.joined()
    if scale <= 0 {
      return text.isEmpty ? "0" : text + String(repeating: "0", count: -scale)
    }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + text
    return padded.dropLast(scale) + "." + padded.suffix(scale)
  }
}
