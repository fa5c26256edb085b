// SPDX-License-Identifier: Apache-2.0

import Compute
import TestSupport
import Testing

/// The checksum against XXH64's published values, and against damage.
@Suite struct Checksum64Tests {
  private static func sum(_ bytes: [UInt8]) -> UInt64 { Checksum64.of(bytes) }

  @Test(arguments: [
    ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
    (
      "Call me Ishmael. Some years ago--never mind how long precisely-", 0x02A2_E854_70D6_FD96
    ),
  ])
  func `it is XXH64`(_ text: String, _ sum: UInt64) {
    #expect(Self.sum(Array(text.utf8)) == sum)
  }

  @Test(arguments: [1, 3, 4, 7, 8, 31, 32, 33, 64, 77, 200])
  func `any byte that changes changes it`(_ count: Int) {
    var generator = SplitMix64(seed: UInt64(count))
    var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let whole = Self.sum(bytes)
    for index in bytes.indices {
      let byte = bytes[index]
      bytes[index] ^= UInt8.random(in: 1...255, using: &generator)
      #expect(Self.sum(bytes) != whole)
      bytes[index] = byte
    }
    #expect(Self.sum(Array(bytes.dropLast())) != whole && Self.sum(bytes + [0]) != whole)
  }
}
