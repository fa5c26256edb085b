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
}
