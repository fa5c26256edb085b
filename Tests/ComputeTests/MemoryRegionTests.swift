// SPDX-License-Identifier: Apache-2.0

import Compute
import TestSupport
import Testing

@Suite struct MemoryRegionTests {
  @Test(arguments: [0, 1, 4097, 2 << 20, (2 << 20) + 1, 40_000_000], [1, 2, 5])
  func `a copy on huge pages has the same bytes`(byteCount: Int, threadCount: Int) throws {
    var random = SplitMix64(seed: UInt64(byteCount))
    let region = try MemoryRegion(zeroed: byteCount)
    // Every 4,093rd byte: a prime, so that no chunk or page repeats another.
    let places = Array(stride(from: 0, to: byteCount, by: 4093))
    for place in places { region.write([UInt8(truncatingIfNeeded: random.next())], at: place) }
    let copy = try MemoryRegion(copying: region, with: ThreadPool(threadCount: threadCount))
    #expect(copy.byteCount == byteCount && !copy.isMapped)
    for place in places {
      try #require(copy.copyBytes(place..<place + 1) == region.copyBytes(place..<place + 1))
    }
    if byteCount > 0 {
      let last = byteCount - 1..<byteCount
      #expect(copy.copyBytes(last) == region.copyBytes(last))
    }
  }
}
