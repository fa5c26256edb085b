// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import TestSupport
import Testing

@Suite struct PickledFileTests {
  private func open(_ archive: TorchArchive) throws -> PickledFile { try open(archive.bytes) }

  private func open(_ bytes: [UInt8]) throws -> PickledFile {
    let region = try MemoryRegion(zeroed: bytes.count)
    region.write(bytes, at: 0)
    return try PickledFile(region: region, label: "x.bin")
  }

  /// The numbers 0, 1, 2 … as F32.
  private func storage(_ count: Int) -> TorchArchive.Storage {
    let bytes = (0..<count).flatMap { index in
      (0..<4).map { UInt8(truncatingIfNeeded: Float(index).bitPattern >> (8 * UInt32($0))) }
    }
    return TorchArchive.Storage("FloatStorage", count: count, bytes: bytes)
  }

  private func archive(_ views: TorchArchive.View...) -> TorchArchive {
    TorchArchive(storages: [storage(12)], views: views)
  }

  private func reason(_ bytes: [UInt8]) throws -> CheckpointError.Reason {
    let error = try #require(#expect(throws: CheckpointError.self) { try open(bytes) })
    #expect(error.exitCode == .badData)
    #expect(error.place?.hasPrefix("x.bin") == true)
    #expect(error.remedy != nil)
    return error.reason
  }

  // Method: the view of every kind of tensor against the numbers that torch would give, worked out
  // by hand from the offset and the strides.
  @Test(arguments: [false, true], [false, true])
  func `views, shared and transposed ones, have the numbers that torch gives them`(
    _ isStateDictionary: Bool,
    _ isWide: Bool
  ) throws {
    var archive = archive(
      .init("whole", shape: [3, 4]),
      .init("tied", shape: [3, 4]),
      .init("transposed", shape: [4, 3], strides: [1, 4]),
      .init("part", offset: 5, shape: [2, 2], strides: [4, 1]),
      .init("row", offset: 4, shape: [1, 4], strides: [99, 1]),
      .init("scalar", offset: 7, shape: []),
      .init("empty", offset: 1 << 60, shape: [0, 4])
    )
    archive.isStateDictionary = isStateDictionary
    archive.hasParameters = isStateDictionary
    archive.isWide = isWide
    let file = try open(archive)
    #expect(file.names == ["empty", "part", "row", "scalar", "tied", "transposed", "whole"])
    let whole = try #require(file.tensor("whole"))
    let tied = try #require(file.tensor("tied"))
    #expect(whole.floats == (0..<12).map(Float.init))
    #expect(whole.region === tied.region && whole.byteOffset == tied.byteOffset)
    #expect(whole.byteOffset % 64 == 0)
    #expect(file.tensor("transposed")?.floats == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(file.tensor("part")?.floats == [5, 6, 9, 10])
    #expect(file.tensor("row")?.floats == [4, 5, 6, 7])
    #expect(file.tensor("row")?.region === whole.region)
    #expect(file.tensor("scalar")?.floats == [7])
    #expect(file.tensor("scalar")?.shape == [])
    #expect(file.tensor("empty")?.shape == [0, 4])
    #expect(file.tensor("nothing") == nil)
    #expect(file.file(of: "whole") == "x.bin" && file.file(of: "nothing") == nil)
  }

  @Test(
    arguments: [
      ("HalfStorage", .f16, 2), ("BFloat16Storage", .bf16, 2), ("DoubleStorage", .f64, 8),
      ("LongStorage", .i64, 8), ("IntStorage", .i32, 4), ("ShortStorage", .i16, 2),
      ("CharStorage", .i8, 1), ("ByteStorage", .u8, 1), ("BoolStorage", .boolean, 1),
    ] as [(String, ElementType, Int)]
  )
  func `every type of storage is known`(
    _ type: String,
    _ elementType: ElementType,
    _ width: Int
  )
    throws
  {
    let bytes = [UInt8](repeating: 1, count: 3 * width)
    let file = try open(
      TorchArchive(
        storages: [.init(type, count: 3, bytes: bytes)],
        views: [.init("a", shape: [3])]
      )
    )
    #expect(file.tensor("a")?.elementType == elementType)
  }

  @Test(
    arguments: [
      ("posix", "system"), ("builtins", "eval"), ("torch", "load"), ("torch", "FloatStorage2"),
      ("torch.nn.modules.linear", "Linear"), ("collections", "Counter"),
      ("torch._utils", "_rebuild_qtensor"), ("", ""),
    ]
  )
  func `a pickle that asks for more than tensors is refused by name`(
    _ module: String,
    _ name: String
  ) throws {
    var archive = archive(.init("a", shape: [12]))
    // After a whole tensor, so that what came before does not excuse it.
    archive.pickle =
      TorchArchive.pickle(of: archive).dropLast() + TorchArchive.global(module, name) + [
        0x29, 0x52,
      ]
      + [0x2E]
    #expect(try reason(archive.bytes) == .unsafePickle(module: module, name: name))
  }

  // Method: views that reach past their storage, repeat it, or overflow the arithmetic of places.
  @Test(
    arguments: [
      .init("a", offset: 1, shape: [12]),
      .init("a", offset: -1, shape: [2]),
      .init("a", shape: [13]),
      .init("a", shape: [-3]),
      .init("a", shape: [3, 4], strides: [4, -1]),
      .init("a", shape: [3, 5], strides: [4, 1]),
      .init("a", shape: [1000, 1000], strides: [0, 0]),
      .init("a", shape: [1 << 40, 1 << 40], strides: [0, 0]),
      .init("a", shape: [2, 2], strides: [Int.max, 1]),
      .init("a", offset: Int.max, shape: [1]),
      .init("a", offset: Int.max - 1, shape: [2]),
      .init("a", shape: [2, 2], strides: [1]),
      .init("a", shape: Array(repeating: 1, count: 17)),
    ] as [TorchArchive.View]
  )
  func `a tensor that does not fit its storage is refused`(_ view: TorchArchive.View) throws {
    let reason = try reason(archive(view).bytes)
    let code = HostileCase.code(of: reason)
    #expect(code == "pickledTensorInvalid" || code == "pickleInvalid", "\(reason)")
  }

  @Test func `copies of transposed tensors take no more than the file`() throws {
    let storage = storage(1 << 12)
    let views = (0..<2000).map {
      TorchArchive.View("t\($0)", shape: [64, 64], strides: [1, 64])
    }
    let archive = TorchArchive(storages: [storage], views: views)
    #expect(HostileCase.code(of: try reason(archive.bytes)) == "pickledTensorInvalid")
  }

  @Test func `a storage must be there, in one type and count`() throws {
    var archive = TorchArchive(
      storages: [storage(12), storage(3)],
      views: [.init("a", shape: [2]), .init("b", storage: 1, shape: [2])]
    )
    archive.storages[1].elementCount = 4
    #expect(HostileCase.code(of: try reason(archive.bytes)) == "pickledTensorInvalid")
    archive.storages[1].elementCount = 3
    archive.pickle = TorchArchive.pickle(of: archive)
    archive.storages.removeLast()
    #expect(HostileCase.code(of: try reason(archive.bytes)) == "pickledTensorInvalid")
    var other = archive
    other.storages[0].type = "IntStorage"
    // Two dictionaries' worth of entries, of which the second sees the storage as integers.
    archive.pickle = nil
    archive.views = [.init("a", shape: [2])]
    other.views = [.init("b", shape: [2])]
    other.pickle =
      TorchArchive.pickle(of: archive).dropLast()
      + TorchArchive.pickle(of: other).dropFirst(5)
    #expect(HostileCase.code(of: try reason(other.bytes)) == "pickleInvalid")
  }

  @Test func `a name that comes twice is refused`() throws {
    let archive = archive(.init("a", shape: [2]), .init("a", shape: [3]))
    #expect(try reason(archive.bytes) == .duplicateKey("a"))
  }

  @Test func `an archive that readers could take in two ways is refused`() throws {
    let good = archive(.init("a", shape: [12]))
    var twice = good
    twice.extraMembers = [("archive/data/0", [1, 2, 3])]
    #expect(HostileCase.code(of: try reason(twice.bytes)) == "zipInvalid")
    var second = good
    second.extraMembers = [("other/data.pkl", TorchArchive.pickle(of: good))]
    #expect(HostileCase.code(of: try reason(second.bytes)) == "zipInvalid")
    #expect(HostileCase.code(of: try reason(good.bytes + [0])) == "zipInvalid")
    #expect(HostileCase.code(of: try reason([0] + good.bytes)) == "zipInvalid")
    for count in [0, 1, 21, 22, 100, good.bytes.count - 1] {
      #expect(HostileCase.code(of: try reason(Array(good.bytes.prefix(count)))) == "zipInvalid")
    }
    // The directory's second entry gets the offset of its first, so that both share bytes.
    var overlapping = good.bytes
    let entry = try #require(
      Self.places(of: [0x50, 0x4B, 1, 2], in: overlapping).dropFirst().first
    )
    for index in 42..<46 { overlapping[entry + index] = 0 }
    #expect(HostileCase.code(of: try reason(overlapping)) == "zipInvalid")
  }

  @Test func `compressed, big-endian and bare pickles say what to do`() throws {
    var compressed = archive(.init("a", shape: [12]))
    compressed.method = 8
    #expect(try reason(compressed.bytes) == .zipCompressed(member: "archive/data.pkl"))
    var big = archive(.init("a", shape: [12]))
    big.byteOrder = "big"
    #expect(HostileCase.code(of: try reason(big.bytes)) == "pickleInvalid")
    let bare: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]
    #expect(try reason(bare) == .pickleWithoutArchive)
  }

  // Method: programs that no pickler writes: without end, with too little or too much on the stack,
  // and bombs that double, nest or repeat; each must be refused at once, in little memory.
  @Test func `a pickle that is no dictionary of tensors is refused`() throws {
    let programs: [[UInt8]] = [
      [], [0x80, 2], [0x80, 4, 0x7D, 0x2E], [0x7D], [0x2E], [0x7D, 0x7D, 0x2E], [0x28, 0x7D, 0x2E],
      [0x7D, 0x2E, 0x2E], [0x29, 0x2E], [0x7D, 0x28, 0x4E, 0x75, 0x2E],
      [0x7D, 0x28, 0x4E, 0x4E, 0x75, 0x2E], [0x7D, 0x75, 0x2E], [0x7D, 0x28, 0x52, 0x2E],
      [0x4E, 0x52, 0x2E], [0x68, 9, 0x2E], [0x71, 0, 0x2E], [0x58, 0xFF, 0xFF, 0xFF, 0x7F, 0x2E],
      [0x58, 1, 0, 0, 0, 0xFF, 0x2E], [0x8A, 9] + [UInt8](repeating: 1, count: 9) + [0x2E],
      [0x63, 0x61], [0x63] + [UInt8](repeating: 0x61, count: 5000), [0x69], [0xFF],
      [0x7D, 0x71, 0, 0x58, 1, 0, 0, 0, 0x61, 0x68, 0, 0x73, 0x2E],
      [0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E],
      [UInt8](repeating: 0x28, count: 100_000) + [0x2E],
      [UInt8](repeating: 0x7D, count: 100_000) + [0x2E],
    ]
    for program in programs {
      var archive = archive(.init("a", shape: [12]))
      archive.pickle = program
      #expect(HostileCase.code(of: try reason(archive.bytes)) == "pickleInvalid")
    }
  }

  static func places(of piece: [UInt8], in bytes: [UInt8]) -> [Int] {
    bytes.indices.dropLast(piece.count - 1).filter {
      bytes[$0..<$0 + piece.count].elementsEqual(piece)
    }
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `torch's own file has a tied head and a transposed tensor`() throws {
    let path = (Oracles.folder ?? "") + "/checkpoints/llama-bin-f32/pytorch_model.bin"
    let file = try PickledFile(region: MemoryRegion(mapping: path), label: "pytorch_model.bin")
    let head = try #require(file.tensor("lm_head.weight"))
    let embedding = try #require(file.tensor("model.embed_tokens.weight"))
    #expect(head.byteOffset == embedding.byteOffset)
    #expect(head.region === embedding.region && head.region.isMapped)
    let copied = file.names.filter { file.tensor($0)?.region.isMapped == false }
    #expect(copied.count == 1)
  }
}
