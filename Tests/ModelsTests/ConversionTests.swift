// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import JSON
import Models
import TestSupport
import Testing

/// Checkpoints written again in FP8 and BF16, from the oracles.
@Suite struct ConversionTests {
  static let quick = CheckpointOracle.all.filter { !$0.name.contains("dynamic") }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary()
    defer { SystemFolder.remove(folder) }
    try body(folder)
  }

  private func convert(
    _ source: String,
    _ target: CheckpointConversion.Target,
    to path: String,
    shardByteCount: Int? = nil
  ) throws -> CheckpointFolder {
    try CheckpointConversion(
      of: CheckpointFolder(path: source),
      to: target,
      shardByteCount: shardByteCount
    ).run(to: path)
    return try CheckpointFolder(path: path)
  }

  private func bytes(_ tensor: Tensor?) -> [UInt8]? {
    tensor.map { $0.region.copyBytes($0.byteOffset..<$0.byteOffset + $0.byteCount) }
  }

  private func plan(_ folder: CheckpointFolder) throws -> CheckpointCheck {
    let check = CheckpointCheck(
      folder,
      try Architecture(configuration: folder.configuration().root)
    )
    try check.requireLoadable()
    return check
  }

  // Method: quantizing is compared with the rule, written down a second time: amax / 448 of each
  // square, and of all 256 codes the one nearest to the quotient. What is not a projection of a
  // layer must keep its bytes, and what comes out must load and give finite logits.
  @Test(arguments: quick)
  func `fp8 follows the rule, keeps the rest, loads and runs`(_ oracle: CheckpointOracle) throws {
    try withFolder { folder in
      let source = try CheckpointFolder(path: oracle.path)
      let result = try convert(oracle.path, .fp8, to: folder + "/out")
      let check = try plan(result)
      let quantized = Set(check.plan.tensors.filter(\.mayBeBlockQuantized).map(\.name))
      for name in source.names {
        let before = try #require(source.tensor(name))
        guard let after = result.tensor(name) else {
          // Only a head that shares the embedding's numbers is left out.
          #expect(name == "lm_head.weight" && oracle.name == "llama-bin-f32")
          continue
        }
        #expect(after.shape == before.shape, "\(name)")
        if quantized.contains(name), before.elementType != .f8e4m3 {
          #expect(after.elementType == .f8e4m3, "\(name)")
          let scales = try #require(result.tensor(name + "_scale_inv"))
          #expect(isQuantized(after, scales, before), "\(name)")
        } else {
          #expect(after.elementType == before.elementType, "\(name)")
          #expect(bytes(after) == bytes(before), "\(name)")
        }
      }
      let copy = CheckpointOracle(name: oracle.name, path: folder + "/out")
      let logits = try copy.decoder(TestDevices.cpu(), .bf16).allLogits([1, 2, 3])
      #expect(!logits.joined().contains { !$0.isFinite })
    }
  }

  private func isQuantized(_ codes: Tensor, _ scales: Tensor, _ before: Tensor) -> Bool {
    let (rows, columns) = (before.rowCount, before.columnCount)
    let across = WeightMatrix.blockCount(columns)
    let numbers = before.floats
    var largest = [Float](repeating: 0, count: WeightMatrix.blockCount(rows) * across)
    for index in numbers.indices {
      let block = index / columns / 128 * across + index % columns / 128
      largest[block] = max(largest[block], abs(numbers[index]))
    }
    guard scales.floats == largest.map({ max($0 / 448, 1e-12) }) else { return false }
    let stored = bytes(codes) ?? []
    return numbers.indices.allSatisfy { index in
      let scale = scales.float(at: index / columns / 128 * across + index % columns / 128)
      return stored[index] == Self.nearestCode(numbers[index] / scale)
    }
  }

  private static let magnitudes = (0..<127).map { Double(NumberFormats.float(e4m3: UInt8($0))) }

  private static func nearestCode(_ value: Float) -> UInt8 {
    let magnitude = Double(value.magnitude)
    // The first code that is not below the value, or the last.
    var (code, last) = (0, magnitudes.count - 1)
    while code < last {
      let middle = (code + last) / 2
      if magnitudes[middle] < magnitude { code = middle + 1 } else { last = middle }
    }
    if code > 0 {
      let (below, above) = (magnitude - magnitudes[code - 1], magnitudes[code] - magnitude)
      // Of two at the same distance the even code.
      if below < above || below == above && code % 2 != 0 { code -= 1 }
    }
    return UInt8(code) | (value.sign == .minus ? 0x80 : 0)
  }

  // Method: the numbers of every matrix against rounding each stored number once; what was BF16
  // must keep its bytes, and FP8 must be the product of code and scale.
  @Test(arguments: quick)
  func `bf16 rounds once, keeps what is bf16, loads and runs`(_ oracle: CheckpointOracle) throws {
    try withFolder { folder in
      let source = try CheckpointFolder(path: oracle.path)
      let result = try convert(oracle.path, .bf16, to: folder + "/out")
      let planned = Dictionary(
        uniqueKeysWithValues: try plan(result).plan.tensors.map { ($0.name, $0) }
      )
      for name in result.names {
        let before = try #require(source.tensor(name))
        let after = try #require(result.tensor(name))
        guard let part = planned[name], after.elementType != before.elementType else {
          #expect(bytes(after) == bytes(before), "\(name)")
          continue
        }
        #expect(after.elementType == .bf16 && part.shape.count > 1, "\(name)")
        var wanted = before
        if before.elementType == .f8e4m3 {
          let scales = try #require(source.tensor(name + "_scale_inv"))
          wanted = try before.dequantized(scales: scales, elementType: .f32)
        }
        let rounded = wanted.floats.map(NumberFormats.bf16KeepingDenormals)
        #expect(bytes(after) == rounded.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, "\(name)")
      }
      #expect(try result.configuration().root["quantization_config"] == nil)
      let copy = CheckpointOracle(name: oracle.name, path: folder + "/out")
      let logits = try copy.decoder(TestDevices.cpu(), .bf16).allLogits([1, 2, 3])
      #expect(!logits.joined().contains { !$0.isFinite })
    }
  }

  @Test func `shards and their index hold what one file holds`() throws {
    let path = (Oracles.folder ?? "") + "/checkpoints/deepseek-v3-f32"
    try withFolder { folder in
      let one = try convert(path, .fp8, to: folder + "/one")
      let many = try convert(path, .fp8, to: folder + "/many", shardByteCount: 50_000)
      #expect(one.files.count == 1)
      #expect(many.files.count > 3)
      #expect(one.names == many.names)
      for name in one.names { #expect(bytes(one.tensor(name)) == bytes(many.tensor(name))) }
      try plan(many).requireComplete()
    }
  }

  @Test func `other files are copied, and the configuration keeps its fields`() throws {
    let path = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"
    try withFolder { folder in
      _ = try convert(path, .fp8, to: folder + "/out")
      for name in ["tokenizer.json", "generation_config.json"] {
        #expect(
          try Oracles.bytes(at: "\(folder)/out/\(name)") == Oracles.bytes(at: "\(path)/\(name)")
        )
      }
      let before = try CheckpointFolder.configuration(inFolder: path).root
      let after = try CheckpointFolder.configuration(inFolder: folder + "/out").root
      for member in try #require(before.object) {
        #expect(after[member.key].map { JSONText($0) } == JSONText(member.value), "\(member.key)")
      }
      let blocks = after["quantization_config"]?["weight_block_size"]?.array
      #expect(blocks?.compactMap(\.integer) == [128, 128])
      #expect(try SystemFolder.names(in: folder) == ["out"])
    }
  }

  @Test func `what fails or is stopped leaves nothing behind`() throws {
    let checkpoints = (Oracles.folder ?? "") + "/checkpoints/"
    try withFolder { folder in
      let nan = try #require(
        #expect(throws: ModelError.self) {
          try convert(checkpoints + "hostile/c06-nan-weight", .fp8, to: folder + "/nan")
        }
      )
      #expect(nan.exitCode == .badData)
      #expect(HostileCase.code(of: nan.reason) == "nonFiniteWeight")
      let conversion = try CheckpointConversion(
        of: CheckpointFolder(path: checkpoints + "deepseek-v3-f32"),
        to: .bf16
      )
      // Each tensor is told of once before the file is written, so this stops within it.
      let last = try #require(conversion.files.first).tensorCount + 3
      var calls = 0
      let isWhole = try conversion.run(to: folder + "/stopped") { _ in
        calls += 1
        return calls < last
      }
      #expect(!isWhole && calls == last)
      #expect(try SystemFolder.names(in: folder).isEmpty)
      let there = try #require(
        #expect(throws: ComputeError.self) { try conversion.run(to: folder) }
      )
      #expect(there.reason == .alreadyThere && there.exitCode == .cannotCreate)
      let nowhere = try #require(
        #expect(throws: ComputeError.self) { try conversion.run(to: folder + "/no/where") }
      )
      #expect(nowhere.exitCode == .cannotCreate)
    }
  }

  // Method: a folder with everything that lies beside weights, and what must not be taken along.
  @Test func `folders are copied, hidden ones, links to folders and other weights are not`() throws
  {
    let path = (Oracles.folder ?? "") + "/checkpoints/real-stories260K"
    try withFolder { folder in
      let source = folder + "/in"
      try SystemFolder.copy(path, to: source)
      SystemFolder.remove(source + "/expected")
      let kept = [
        "a.txt", ".gitattributes", "additional_chat_templates/tool.jinja", "a/b/c/config.json",
      ]
      let left = [".git/config", "tf_model.h5", "original/consolidated.00.pth", "onnx/model.onnx"]
      for name in kept + left { try SystemFolder.write(Array(name.utf8), to: "\(source)/\(name)") }
      try SystemFolder.write([], to: source + "/empty")
      try SystemFolder.link(source + "/a", at: source + "/circle")
      try SystemFolder.link(source + "/a.txt", at: source + "/linked.txt")
      _ = try convert(source, .bf16, to: folder + "/out")
      for name in kept {
        #expect(try Oracles.bytes(at: "\(folder)/out/\(name)") == Array(name.utf8), "\(name)")
      }
      for name in left + ["circle"] {
        #expect(!SystemFolder.exists("\(folder)/out/\(name)"), "\(name)")
      }
      #expect(try Oracles.bytes(at: folder + "/out/empty").isEmpty)
      #expect(try Oracles.bytes(at: folder + "/out/linked.txt") == Array("a.txt".utf8))
    }
  }

  // Method: a pickle in which head and embedding are one storage, under a configuration that says
  // nothing of it; a reader that trusts the result's configuration must know of it.
  @Test func `a head that shares the embedding is tied in the configuration`() throws {
    let path = (Oracles.folder ?? "") + "/checkpoints/deepseek-v3-f32"
    let original = try CheckpointFolder(path: path)
    try withFolder { folder in
      var archive = TorchArchive(original)
      archive.tie("lm_head.weight", to: "model.embed_tokens.weight")
      try SystemFolder.write(archive.bytes, to: folder + "/in/pytorch_model.bin")
      let configuration = try Oracles.bytes(at: path + "/config.json")
      try SystemFolder.write(configuration, to: folder + "/in/config.json")
      let result = try convert(folder + "/in", .fp8, to: folder + "/out")
      #expect(result.tensor("lm_head.weight") == nil)
      #expect(try result.configuration().root["tie_word_embeddings"]?.boolean == true)
      let untied = try convert(path, .fp8, to: folder + "/untied")
      #expect(untied.tensor("lm_head.weight") != nil)
      #expect(try untied.configuration().root["tie_word_embeddings"]?.boolean == false)
    }
  }
}
