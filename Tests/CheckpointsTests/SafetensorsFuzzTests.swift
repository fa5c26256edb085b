// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Foundation
import TestSupport
import Testing

@Suite struct SafetensorsFuzzTests {
  private static let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] == "1"

  // Method: valid headers are cut, overwritten and spliced with pieces that matter to the format;
  // whatever comes out must be read or refused. A crash ends the test run, so there is nothing else
  // to expect; what opens must also be readable to its last byte.
  @Test func `no header crashes the reader`() throws {
    var random = SplitMix64(seed: 0x5AFE)
    let seeds = Self.seeds
    let pieces = [
      "[", "]", "{", "}", ",", ":", "\"", "-1", "0", "4294967296", "9223372036854775807", "1e3",
      "\"shape\"", "\"dtype\"", "\"F8_E4M3\"", "\"data_offsets\"", "null", "\\u0000", "\u{FF}",
    ].map { Array($0.utf8) }
    var opened = 0
    for _ in 0..<(Self.isLong ? 100_000 : 5_000) {
      var header = seeds[Int.random(in: 0..<seeds.count, using: &random)]
      let dataCount = 64
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        guard !header.isEmpty else { break }
        let place = Int.random(in: 0..<header.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: header[place] = UInt8.random(in: 0...255, using: &random)
        case 1: header.remove(at: place)
        case 2: header.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
        default:
          let end = min(place + Int.random(in: 0...20, using: &random), header.count)
          header.replaceSubrange(place..<end, with: pieces.randomElement(using: &random) ?? [])
        }
      }
      var length = UInt64(header.count)
      if Int.random(in: 0..<20, using: &random) == 0 { length = random.next() }
      let bytes =
        (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header
        + [UInt8](repeating: 0, count: dataCount)
      let region = try MemoryRegion(zeroed: bytes.count)
      region.write(bytes, at: 0)
      if readAll(region) { opened += 1 }
    }
    #expect(opened > 100)
    if Self.isLong { #expect(try #require(PeakMemory.byteCount) <= PeakMemory.fuzzingLimit) }
  }

  private func readAll(_ region: MemoryRegion) -> Bool {
    opensWhole { try SafetensorsFile(region: region, label: "fuzz.safetensors") }
  }

  private static let seeds = [
    #"{"a":{"dtype":"F32","shape":[4,2],"data_offsets":[0,32]},"#
      + #""b":{"dtype":"BF16","shape":[16],"data_offsets":[32,64]}}"#,
    #"{"__metadata__":{"format":"pt"},"x":{"shape":[64],"data_offsets":[0,64],"dtype":"F8_E4M3"}}"#,
    #"{"m.0":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"#
      + #""m.1":{"dtype":"U8","shape":[7,8,1],"data_offsets":[8,64]},"#
      + #""e":{"dtype":"F16","shape":[0,9],"data_offsets":[64,64]}}"#,
  ].map { Array($0.utf8) }
}
