// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Foundation
import TestSupport
import Testing

/// Damaged pickles in whole archives, and damaged archives.
@Suite struct PickleFuzzTests {
  private static let isLong = ProcessInfo.processInfo.environment["HADAL_LONG"] == "1"
  private static let inputCount = isLong ? 100_000 : 5_000

  private static func seeds() -> [TorchArchive] {
    let storages = [
      TorchArchive.Storage("FloatStorage", count: 12, bytes: [UInt8](repeating: 1, count: 48)),
      TorchArchive.Storage("BFloat16Storage", count: 300, bytes: [UInt8](repeating: 2, count: 600)),
    ]
    var plain = TorchArchive(
      storages: storages,
      views: [
        .init("a", shape: [3, 4]), .init("b", shape: [4, 3], strides: [1, 4]),
        .init("c", storage: 1, offset: 7, shape: [280]), .init("d", storage: 1, shape: [0, 9]),
      ]
    )
    var state = plain
    state.isStateDictionary = true
    state.hasParameters = true
    state.isWide = true
    plain.extraMembers = [("archive/.format_version", [0x31])]
    return [plain, state]
  }

  /// Names, numbers and instructions that matter to a pickle, and the numbers of zip records.
  private static let pieces: [[UInt8]] =
    "}).(Nqhtursb".utf8.map { [$0] } + [
      [0x85], [0x86], [0x87], [0x88], [0x89], [0x8A, 8, 255, 255, 255, 255, 255, 255, 255, 127],
      [0x8A, 0], [0x4A, 255, 255, 255, 255], [0x4D, 0, 1], [0x4B, 0], [0x68, 0], [0x51], [0x71, 1],
      [0x72, 255, 255, 255, 255], [0x58, 1, 0, 0, 0, 0x61], [0x58, 0, 0, 0, 128],
      TorchArchive.global("torch", "ByteStorage"), TorchArchive.global("os", "system"),
      TorchArchive.global("torch._utils", "_rebuild_tensor_v2"), [255, 255, 255, 255],
      [0, 0, 0, 0],
      [0x50, 0x4B, 1, 2], [0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6], [0x50, 0x4B, 6, 6],
      [1, 0, 24, 0],
    ]

  private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      guard !bytes.isEmpty else { return }
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let piece = pieces.randomElement(using: &random) ?? []
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: piece, at: place)
      case 3: bytes.replaceSubrange(place..<min(place + piece.count, bytes.count), with: piece)
      default:
        let end = min(place + Int.random(in: 0...20, using: &random), bytes.count)
        bytes.replaceSubrange(place..<end, with: piece)
      }
    }
  }

  // Method: whatever comes of a damaged file must be read or refused; a crash ends the test run,
  // and what opens must be readable to its last number.
  @Test func `no pickle crashes the reader`() throws {
    var random = SplitMix64(seed: 0x91C3)
    let seeds = Self.seeds()
    var opened = 0
    for _ in 0..<Self.inputCount {
      guard var archive = seeds.randomElement(using: &random) else { return }
      var pickle = TorchArchive.pickle(of: archive)
      Self.damage(&pickle, &random)
      archive.pickle = pickle
      if try readAll(archive.bytes) { opened += 1 }
    }
    #expect(opened > Self.inputCount / 10)
    if Self.isLong { #expect(try #require(PeakMemory.byteCount) <= PeakMemory.fuzzingLimit) }
  }

  @Test func `no archive crashes the reader`() throws {
    var random = SplitMix64(seed: 0x21B)
    let seeds = Self.seeds().map(\.bytes)
    var opened = 0
    for _ in 0..<Self.inputCount {
      guard var bytes = seeds.randomElement(using: &random) else { return }
      if Bool.random(using: &random) {
        Self.damage(&bytes, &random)
      } else {
        // Most bytes of the file are data; the records lie in its last part.
        let end = Int.random(in: 1...700, using: &random)
        bytes[bytes.count - end] = UInt8.random(in: 0...255, using: &random)
      }
      if try readAll(bytes) { opened += 1 }
    }
    #expect(opened > Self.inputCount / 10)
    if Self.isLong { #expect(try #require(PeakMemory.byteCount) <= PeakMemory.fuzzingLimit) }
  }

  private func readAll(_ bytes: [UInt8]) throws -> Bool {
    let region = try MemoryRegion(zeroed: bytes.count)
    region.write(bytes, at: 0)
    return opensWhole { try PickledFile(region: region, label: "fuzz.bin") }
  }
}
