// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import Foundation
import TestSupport
import Testing

/// Folders of `pytorch_model.bin`, made from the safetensors of small models.
@Suite struct PickledFolderTests {
  private let models = ["real-stories260K", "deepseek-v3-f32", "qwen3-moe-nonorm-f32"]

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try body(folder)
  }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func hasEqualTensors(_ left: CheckpointFolder, _ right: CheckpointFolder) -> Bool {
    left.names == right.names
      && left.names.allSatisfy { name in
        guard let one = left.tensor(name), let other = right.tensor(name) else { return false }
        return one.shape == other.shape && one.elementType == other.elementType
          && one.region.copyBytes(one.byteOffset..<one.byteOffset + one.byteCount)
            == other.region.copyBytes(other.byteOffset..<other.byteOffset + other.byteCount)
      }
  }

  // Method: the same weights in one archive, in two shards with an index, and as safetensors; all
  // tensors must be equal to the byte.
  @Test func `one file and shards give the tensors of the safetensors`() throws {
    for model in models {
      let original = try CheckpointFolder(path: (Oracles.folder ?? "") + "/checkpoints/" + model)
      try withFolder { folder in
        try write(TorchArchive(original).bytes, folder + "/pytorch_model.bin")
        #expect(hasEqualTensors(try CheckpointFolder(path: folder), original))
      }
      try withFolder { folder in
        let half = original.names.count / 2
        let shards = [original.names.prefix(half), original.names.dropFirst(half)].map(Array.init)
        var map: [String] = []
        for (number, names) in shards.enumerated() {
          let shard = "pytorch_model-0000\(number + 1)-of-00002.bin"
          try write(TorchArchive(original, names: names).bytes, "\(folder)/\(shard)")
          map += names.map { "\"\($0)\": \"\(shard)\"" }
        }
        let index = "{\"weight_map\": {\(map.joined(separator: ", "))}}"
        try write(Array(index.utf8), folder + "/pytorch_model.bin.index.json")
        let sharded = try CheckpointFolder(path: folder)
        #expect(hasEqualTensors(sharded, original))
        #expect(sharded.files.count == 2)
        #expect(sharded.file(of: original.names[0])?.hasSuffix("-of-00002.bin") == true)
        var touched = 0
        sharded.touchWeights {
          touched += 1
          return true
        }
        #expect(touched == 2)
      }
    }
  }

  @Test func `resident weights are those of the file, transposed ones too`() throws {
    let bytes = (0..<48).map { UInt8($0) }
    var archive = TorchArchive(
      storages: [.init("FloatStorage", count: 12, bytes: bytes)],
      views: [.init("a", shape: [3, 4]), .init("b", shape: [4, 3], strides: [1, 4])]
    )
    archive.isStateDictionary = true
    try withFolder { folder in
      try write(archive.bytes, folder + "/pytorch_model.bin")
      let mapped = try CheckpointFolder(path: folder)
      let resident = try mapped.resident(copyingWith: ThreadPool(threadCount: 2))
      #expect(hasEqualTensors(resident, mapped))
      #expect(resident.files.map(\.label) == ["pytorch_model.bin"])
      #expect(mapped.tensor("a")?.region.isMapped == true)
      #expect(resident.tensor("a")?.region.isMapped == false)
    }
  }

  @Test func `safetensors are preferred to pickles beside them`() throws {
    let source = (Oracles.folder ?? "") + "/checkpoints/deepseek-v3-f32/model.safetensors"
    try withFolder { folder in
      try write([0x80, 2], folder + "/pytorch_model.bin")
      try write(try Oracles.bytes(at: source), folder + "/model.safetensors")
      let opened = try CheckpointFolder(path: folder)
      #expect(opened.files.map(\.label) == ["model.safetensors"])
    }
  }

  @Test func `a shard without its index asks for the index`() throws {
    try withFolder { folder in
      try write([], folder + "/pytorch_model-00001-of-00002.bin")
      let error = try #require(
        #expect(throws: CheckpointError.self) { try CheckpointFolder(path: folder) }
      )
      #expect(error.exitCode == .noInput)
      #expect(error.description.contains("pytorch_model.bin.index.json"))
    }
  }

  @Test func `other files of torch are refused by format`() throws {
    try withFolder { folder in
      try write([], folder + "/model.pt")
      let error = try #require(
        #expect(throws: CheckpointError.self) { try CheckpointFolder(path: folder) }
      )
      #expect(error.reason == .unsupportedFormat("PyTorch pickle"))
    }
  }
}
