// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

/// Philox 4×32-10 against the known answers of its authors' Random123 library (kat_vectors).
@Suite struct PhiloxTests {
  @Test func `counters and keys give the published words`() {
    #expect(
      Philox(key: 0).words(SIMD4(0, 0, 0, 0))
        == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
    )
    #expect(
      Philox(key: .max).words(SIMD4(repeating: .max))
        == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
    )
    #expect(
      Philox(key: 0x299F_31D0_A409_3822).words(
        SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344)
      ) == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
    )
  }

  @Test func `uniform numbers fill their range evenly`() {
    let values = (0..<10_000).map { Philox(key: 7).uniform(position: $0, choice: 0) }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    // The mean of n uniform numbers deviates by 1/√(12 n); six deviations are never seen by chance.
    #expect(abs(values.reduce(0, +) / 10_000 - 0.5) < 6 * 0.00289)
    #expect(Set(values).count == 10_000)
  }
}
