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

  // Method: pages that are let go, whole and in part, must come back with the file's bytes; allocated
  // memory must stay.
  @Test func `released pages come back`() throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    try SystemFolder.write(bytes, to: folder + "/x")
    let mapped = try MemoryRegion(mapping: folder + "/x")
    let allocated = try MemoryRegion(zeroed: bytes.count)
    allocated.write(bytes, at: 0)
    for region in [mapped, allocated] {
      for range in [0..<100_000, 0..<0, 4095..<4097, 99_999..<100_000, 5000..<50_000] {
        region.release(range)
        #expect(region.copyBytes(0..<bytes.count) == bytes)
      }
    }
    #expect(mapped.isMapped && !allocated.isMapped)
  }
}
