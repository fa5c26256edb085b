// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import TestSupport
import Testing

@Suite struct CheckpointFolderTests {
  private static let openingCodes = [
    "noWeights", "missingShard", "indexTensorNotInShard", "indexPathEscapes", "indexInvalid",
    "unsafePickle", "zipInvalid",
  ]

  // Method: the faults that opening a folder must find; those of tensors against a configuration
  // are found later and tested there.
  @Test(arguments: HostileCase.all("c").filter { openingCodes.contains($0.code) })
  func `a broken folder is refused for the right reason`(_ hostile: HostileCase) throws {
    let error = try #require(
      #expect(throws: CheckpointError.self) { try CheckpointFolder(path: hostile.folder) }
    )
    let isPickle = hostile.code == "unsafePickle" || hostile.code == "zipInvalid"
    #expect(HostileCase.code(of: error.reason) == hostile.code)
    if hostile.code == "unsafePickle" {
      #expect(error.reason == .unsafePickle(module: "posix", name: "getcwd"))
    }
    let isAbsent = hostile.code == "noWeights" || hostile.code == "missingShard"
    #expect(error.exitCode == (isAbsent ? .noInput : .badData))
    if isPickle { #expect(error.description.contains("pytorch_model.bin")) }
    if hostile.code.hasPrefix("index") {
      #expect(error.description.contains("model.safetensors.index.json"))
    }
    if hostile.code == "missingShard" {
      #expect(error.description.contains("model-00002-of-00002.safetensors"))
      #expect(error.tensor != nil)
    }
  }

  @Test(arguments: HostileCase.all("c").filter { !openingCodes.contains($0.code) })
  func `a folder whose tensors alone are wrong opens`(_ hostile: HostileCase) throws {
    #expect(throws: Never.self) { try CheckpointFolder(path: hostile.folder) }
  }

  @Test(
    arguments: zip(
      ["/nowhere/model", "/nowhere/model.gguf", "/nowhere/model.GGUF", "/nowhere/model.pt"],
      [66, 65, 65, 65] as [Int32]
    )
  )
  func `a path that is no folder ends with its exit code`(_ path: String, _ code: Int32) throws {
    let error = try #require(
      #expect(throws: CheckpointError.self) { try CheckpointFolder(path: path) }
    )
    #expect(error.exitCode.rawValue == code)
    #expect(error.description.contains(path))
    if path.lowercased().hasSuffix("gguf") { #expect(error.what.contains("GGUF")) }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `a file is no model folder`() throws {
    let path = (Oracles.folder ?? "") + "/checkpoints/llama-mha-f32/config.json"
    let error = try #require(
      #expect(throws: CheckpointError.self) { try CheckpointFolder(path: path) }
    )
    #expect(error.reason == .notAFolder)
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `shards are found by the index, whatever their names say`() throws {
    let path = (Oracles.folder ?? "") + "/checkpoints/deepseek-v3-fp8-mtp-sharded"
    let folder = try CheckpointFolder(path: path)
    #expect(folder.files.map(\.label).count == 4)
    #expect(folder.names.count == 169)
    for name in folder.names {
      #expect(folder.tensor(name) != nil)
      #expect(folder.file(of: name)?.hasSuffix("-of-000004.safetensors") == true)
    }
    #expect(folder.tensor("model.layers.9.x") == nil)
    #expect(folder.file(of: "model.layers.9.x") == nil)
  }

  @Test(arguments: HostileCase.all("g").filter { $0.code.hasPrefix("config") })
  func `a config.json that is no JSON is refused`(_ hostile: HostileCase) throws {
    let error = try #require(
      #expect(throws: CheckpointError.self) {
        try CheckpointFolder.configuration(inFolder: hostile.folder)
      }
    )
    #expect(HostileCase.code(of: error.reason) == hostile.code)
    #expect(error.exitCode == .badData)
    #expect(error.description.contains("config.json"))
    #expect(error.description.contains("line"))
  }

  @Test func `a folder that is absent has no configuration`() throws {
    let error = try #require(
      #expect(throws: CheckpointError.self) {
        try CheckpointFolder.configuration(inFolder: "/nowhere")
      }
    )
    #expect(error.reason == .noSuchFolder)
    #expect(error.exitCode == .noInput)
  }
}
