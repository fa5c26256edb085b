// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
  // Method: each file of the oracles has one fault, made by hand; the kind of error must be the one
  // that its maker names.
  @Test(arguments: HostileCase.all("f"))
  func `a broken file is refused for the right reason`(_ hostile: HostileCase) throws {
    let error = #expect(throws: CheckpointError.self) {
      try CheckpointFolder(path: hostile.folder)
    }
    let found = try #require(error)
    #expect(HostileCase.code(of: found.reason) == hostile.code)
    #expect(found.exitCode == .badData)
    #expect(found.description.contains("model.safetensors"))
    #expect(!found.what.isEmpty && found.remedy != nil)
    let aboutTensor = [
      "offsetsOutOfRange", "offsetsReversed", "overlappingTensors", "gapBetweenTensors",
      "unknownDType", "sizeMismatch",
    ]
    if aboutTensor.contains(hostile.code) { #expect(found.tensor != nil) }
    for name in ["f14", "f23", "f24"] where hostile.name.hasPrefix(name) {
      #expect(found.tensor != nil)
    }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `all broken files of the oracles are tested`() {
    #expect(HostileCase.all("f").count == 25)
  }

  @Test(arguments: HostileCase.all("v"))
  func `odd but valid files open`(_ hostile: HostileCase) throws {
    let folder = try CheckpointFolder(path: hostile.folder)
    #expect(folder.names.contains("model.embed_tokens.weight"))
    #expect(folder.names == folder.names.sorted())
  }

  @Test func `tensor data may start at any byte`() throws {
    let base = (Oracles.folder ?? "") + "/checkpoints/hostile/"
    let odd = try CheckpointFolder(path: base + "v01-unaligned-data")
    let tensor = try #require(odd.tensor("model.norm.weight"))
    #expect(tensor.byteOffset % 4 != 0)
    #expect(tensor.floats.allSatisfy { $0.isFinite })
  }

  @Test(
    arguments: zip(
      [
        "{}", "{\"__metadata__\":{}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[0,0]}}",
      ],
      [0, 0, 1]
    )
  )
  func `a file without data is a file`(_ header: String, _ count: Int) throws {
    let file = try SafetensorsFile(region: region(header: header), label: "x.safetensors")
    #expect(file.names.count == count)
  }

  @Test(
    arguments: zip(
      [
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1099511627776,1099511627776,0],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"__metadata__\":{\"a\":1}}",
        "{\"__metadata__\":{},\"__metadata__\":{}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0,0]}}",
        "{\"a\":[]}",
      ],
      [
        "sizeMismatch", "duplicateKey", "headerNotJSON", "duplicateKey", "headerNotJSON",
        "headerNotJSON",
      ]
    )
  )
  func `headers that no oracle has are refused too`(_ header: String, _ code: String) throws {
    let error = #expect(throws: CheckpointError.self) {
      try SafetensorsFile(region: region(header: header), label: "x.safetensors")
    }
    #expect(HostileCase.code(of: try #require(error).reason) == code)
  }

  private func region(header: String) throws -> MemoryRegion {
    let bytes = [UInt8](header.utf8)
    let region = try MemoryRegion(zeroed: 8 + bytes.count)
    region.write([UInt8(bytes.count), 0, 0, 0, 0, 0, 0, 0] + bytes, at: 0)
    return region
  }
}
