// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing

@Suite struct ByteCountTests {
  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (6_840_000_000, "6.8 GB"),
    (999_949, "999.9 kB"), (999_950, "1.0 MB"), (1_125_899_906_842_624, "1.1 PB"), (.max, "9.2 EB"),
  ])
  func `bytes are written in the largest unit that leaves a digit before the point`(
    _ byteCount: Int,
    _ text: String
  ) { #expect(ByteCount.text(byteCount) == text) }
}
