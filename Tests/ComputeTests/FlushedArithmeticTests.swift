// SPDX-License-Identifier: Apache-2.0

import Compute
import TestSupport
import Testing

/// The reference's FP32 operations near the smallest normal number, where denormals are zeros.
@Suite struct FlushedArithmeticTests {
  @Test func `a stored denormal is a zero of its sign`() {
    let smallest = Float(bitPattern: 1)
    #expect(Float.widened(smallest).bitPattern == 0)
    #expect(Float.widened(-smallest).bitPattern == 0x8000_0000)
    #expect(Float.widened(-.leastNormalMagnitude) == -.leastNormalMagnitude)
  }

  @Test func `a result that is denormal before rounding is a zero of its sign`() {
    // Rounded to 24 bits with an unbounded exponent this product is below 2⁻¹²⁶; gradual underflow
    // would round it up to 2⁻¹²⁶.
    let below = Float(0x1.fffffep-64)
    #expect(Float.product(below, 0x1p-63).bitPattern == 0)
    #expect(Float.product(-below, 0x1p-63).bitPattern == 0x8000_0000)
    #expect(Float.product(0x1p-63, 0x1p-63) == .leastNormalMagnitude)
    #expect(Float.quotient(below, -0x1p63).bitPattern == 0x8000_0000)
    #expect(Float.product(.nan, 0).isNaN && Float.quotient(0, 0).isNaN)
  }

  @Test func `a fused result is judged by its exact value, not by its rounding to double`() {
    // c + a·b lies below the halfway case by less than double precision can show.
    let a = Float(-8_384_513) * 0x1p-99
    let b = Float(8_392_705) * 0x1p-98
    #expect(Float.fused(a, b, 0x1p-126).bitPattern == 0)
    #expect(Float.fused(-a, b, -0x1p-126).bitPattern == 0x8000_0000)
  }
}
