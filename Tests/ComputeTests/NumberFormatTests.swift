// SPDX-License-Identifier: Apache-2.0

import Compute
import TestSupport
import Testing

/// Conversions against their definitions, over every code of the small formats.
@Suite struct NumberFormatTests {
  @Test func `every F16 code is the number that Swift reads`() {
    #if !(os(macOS) && arch(x86_64))
    for code in UInt16.min ... .max {
      let got = NumberFormats.float(f16: code)
      let wanted = Float(Float16(bitPattern: code))
      #expect(got == wanted || (got.isNaN && wanted.isNaN), "\(code)")
    }
    #endif
  }

  @Test func `every E4M3 code is sign, exponent and mantissa`() {
    for code in UInt8.min ... .max {
      let mantissa = Float(code & 7)
      let exponent = Int(code >> 3 & 15)
      let magnitude: Float =
        code & 0x7F == 0x7F
        ? .nan
        : exponent == 0
          ? mantissa * 0x1p-9
          : (1 + mantissa / 8) * Float(sign: .plus, exponent: exponent - 7, significand: 1)
      let wanted = code & 0x80 == 0 ? magnitude : -magnitude
      let got = NumberFormats.float(e4m3: code)
      #expect(got == wanted || (got.isNaN && wanted.isNaN), "\(code)")
    }
  }

  @Test func `BF16 rounds to nearest even and keeps signs, infinities and NaN`() {
    let cases: [(Float, UInt16)] = [
      (1, 0x3F80), (-1, 0xBF80), (Float(bitPattern: 0x3F80_8000), 0x3F80),
      (Float(bitPattern: 0x3F81_8000), 0x3F82), (Float(bitPattern: 0x3F80_8001), 0x3F81),
      (.infinity, 0x7F80), (-.infinity, 0xFF80), (Float(bitPattern: 0x7F7F_FFFF), 0x7F80),
      (Float(bitPattern: 1), 0), (Float(bitPattern: 0x8000_0001), 0x8000),
    ]
    for (value, wanted) in cases { #expect(NumberFormats.bf16(value) == wanted, "\(value)") }
    #expect(NumberFormats.float(bf16: NumberFormats.bf16(.nan)).isNaN)
    #expect(NumberFormats.float(bf16: NumberFormats.bf16(Float(bitPattern: 0x7F80_0001))).isNaN)
  }

  @Test func `BF16 of files keeps denormals and rounds them too`() {
    let cases: [(Float, UInt16)] = [
      (1, 0x3F80), (Float(bitPattern: 0x3F80_8000), 0x3F80), (-.infinity, 0xFF80),
      (Float(bitPattern: 0x3F81_8000), 0x3F82), (Float(bitPattern: 0x7F7F_FFFF), 0x7F80),
      (Float(bitPattern: 0x0001_0000), 1), (Float(bitPattern: 0x8001_8000), 0x8002),
      (Float(bitPattern: 1), 0), (Float(bitPattern: 0x007F_FFFF), 0x0080),
    ]
    for (value, wanted) in cases {
      #expect(NumberFormats.bf16KeepingDenormals(value) == wanted, "\(value)")
    }
    #expect(NumberFormats.bf16KeepingDenormals(Float(bitPattern: 0x7F80_0001)) == 0x7FC0)
  }

  // Method: between two neighboring codes lie their mean, which goes to the even one, and the
  // numbers just beside it, which go to theirs. All codes but NaN, both signs.
  @Test func `E4M3 rounds to nearest even`() {
    for code in UInt8(0)..<0x7F {
      let value = NumberFormats.float(e4m3: code)
      #expect(NumberFormats.e4m3(value) == code)
      #expect(NumberFormats.e4m3(-value) == code | 0x80)
      let next: Float = code == 0x7E ? 480 : NumberFormats.float(e4m3: code + 1)
      let middle = (value + next) / 2
      #expect(NumberFormats.e4m3(middle) == code + code % 2, "\(code)")
      #expect(NumberFormats.e4m3(middle.nextDown) == code, "\(code)")
      #expect(NumberFormats.e4m3(middle.nextUp) == code + 1, "\(code)")
    }
    for value in [Float.infinity, .nan, 465, 1e30] {
      #expect(NumberFormats.e4m3(value) & 0x7F == 0x7F)
    }
    #expect(NumberFormats.e4m3(Float.leastNonzeroMagnitude) == 0)
  }
}
