// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import Foundation
import TestSupport
import Testing

@Suite struct SafetensorsWriterTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hadal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func region(_ bytes: [UInt8]) throws -> MemoryRegion {
    let region = try MemoryRegion(zeroed: bytes.count)
    region.write(bytes, at: 0)
    return region
  }

  @Test func `what is written is read back, aligned`() throws {
    try withFolder { folder in
      let path = folder + "/x.safetensors"
      var writer = SafetensorsWriter(metadata: ["format": "pt", "a\"\n": "ü"])
      let odd = Tensor(
        region: try region([1, 2, 3]),
        byteOffset: 0,
        elementType: .u8,
        shape: [3]
      )
      writer.add("a.odd", odd)
      let values: [Float] = [1, -2.5, .infinity, 0, 5, 6]
      writer.add("z \"ö\" \u{1}", try Tensor(values, shape: [2, 3]))
      writer.add("empty", try Tensor([] as [Float], shape: [0, 4]))
      try writer.write(to: path)
      let file = try SafetensorsFile(path: path)
      #expect(file.names == ["a.odd", "empty", "z \"ö\" \u{1}"])
      #expect(file.metadata == ["format": "pt", "a\"\n": "ü"])
      let numbers = try #require(file.tensor("z \"ö\" \u{1}"))
      #expect(numbers.floats == values)
      #expect(numbers.shape == [2, 3])
      #expect(numbers.byteOffset % 4 == 0)
      let stored = try #require(file.tensor("a.odd"))
      #expect(stored.region.copyBytes(stored.byteOffset..<stored.byteOffset + 3) == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.safetensors"])
    }
  }

  @Test func `the order of adding changes no byte`() throws {
    try withFolder { folder in
      let first = try Tensor([1, 2] as [Float], shape: [2])
      let second = try Tensor([3] as [Float], shape: [1])
      var one = SafetensorsWriter()
      one.add("a", first)
      one.add("b", second)
      try one.write(to: folder + "/1")
      var other = SafetensorsWriter()
      other.add("b", second)
      other.add("a", first)
      try other.write(to: folder + "/2")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/1"))
      #expect(try bytes == Data(contentsOf: URL(fileURLWithPath: folder + "/2")))
    }
  }

  @Test func `a place that cannot be written to keeps what it had`() throws {
    let writer = SafetensorsWriter()
    let absent = try #require(
      #expect(throws: CheckpointError.self) { try writer.write(to: "/nowhere/x.safetensors") }
    )
    #expect(absent.exitCode == .cannotCreate)
    #expect(throws: CheckpointError.self) { try writer.write(to: "/dev/null") }
    #expect(try FileKind.of("/dev/null") == .other)
  }

  @Test func `a writer that is dropped leaves nothing behind`() throws {
    try withFolder { folder in
      do {
        let writer = try FileWriter(path: folder + "/x")
        try writer.write([1, 2, 3])
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }
}
