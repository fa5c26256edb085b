// SPDX-License-Identifier: Apache-2.0

import Compute
import FoundationEssentials
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// Own double-precision functions against the host's, whose error is below one unit in the last
/// place: a few units are allowed, far less than the rounding to FP32 keeps (2^29 units).
@Suite struct ElementaryFunctionTests {
  private static let unitsAllowed = 4.0

  private func isClose(_ got: Double, _ wanted: Double, scale: Double? = nil) -> Bool {
    if got == wanted || (got.isNaN && wanted.isNaN) { return true }
    return abs(got - wanted) <= Self.unitsAllowed * (scale ?? wanted).ulp
  }

  @Test func `exp is the host's to a few units`() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<20_000 {
      let x = Double.random(in: -700...700, using: &random)
      #expect(isClose(ElementaryFunctions.exp(x), Glibc.exp(x)), "\(x)")
    }
    #expect(ElementaryFunctions.exp(0) == 1)
    #expect(ElementaryFunctions.exp(-.infinity) == 0)
    #expect(ElementaryFunctions.exp(.infinity) == .infinity)
    #expect(ElementaryFunctions.exp(.nan).isNaN)
  }

  @Test func `log is the host's to a few units`() {
    var random = SplitMix64(seed: 2)
    for _ in 0..<20_000 {
      let x = Glibc.exp(Double.random(in: -300...300, using: &random))
      #expect(isClose(ElementaryFunctions.log(x), Glibc.log(x)), "\(x)")
    }
    // Near 1 the result is small; what counts is the argument's own spacing.
    for x in [1 - 0x1p-20, 1 + 0x1p-20, 1.5, 0.75] {
      #expect(isClose(ElementaryFunctions.log(x), Glibc.log(x), scale: 0.25), "\(x)")
    }
    #expect(ElementaryFunctions.log(1) == 0)
    #expect(ElementaryFunctions.log(0) == -.infinity)
    #expect(ElementaryFunctions.log(-1).isNaN)
  }

  @Test func `sine and cosine are the host's over the angles of a long context`() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<20_000 {
      let x = Double.random(in: 0...200_000, using: &random)
      let (sine, cosine) = ElementaryFunctions.sineAndCosine(x)
      #expect(isClose(sine, Glibc.sin(x), scale: 1), "\(x)")
      #expect(isClose(cosine, Glibc.cos(x), scale: 1), "\(x)")
    }
  }

  @Test func `powers are the host's`() {
    var random = SplitMix64(seed: 4)
    for _ in 0..<10_000 {
      let base = Double.random(in: 1...1_000_000, using: &random)
      let exponent = Double.random(in: -2...2, using: &random)
      let wanted = Glibc.pow(base, exponent)
      // An error of the logarithm is multiplied by the exponent's share, up to 28 here.
      #expect(abs(ElementaryFunctions.pow(base, exponent) - wanted) <= 64 * wanted.ulp)
    }
  }
}
