// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import TestSupport
import Testing

/// Pickles and archives that would take much time or memory, or could be read in two ways.
@Suite struct PickleLimitTests {
  private static let archive = TorchArchive(
    storages: [
      .init("FloatStorage", count: 12, bytes: [UInt8](repeating: 1, count: 48)),
      .init("ByteStorage", count: 5, bytes: [1, 2, 3, 4, 5]),
    ],
    views: [.init("a", shape: [3, 4]), .init("b", storage: 1, shape: [5])]
  )

  private static let wideArchive = {
    var wide = archive
    wide.isWide = true
    return wide
  }()

  private func reason(_ bytes: [UInt8]) throws -> CheckpointError.Reason {
    let region = try MemoryRegion(zeroed: bytes.count)
    region.write(bytes, at: 0)
    let error = try #require(
      #expect(throws: CheckpointError.self) { try PickledFile(region: region, label: "x.bin") }
    )
    #expect(error.exitCode == .badData)
    return error.reason
  }

  private func detail(_ pickle: [UInt8]) throws -> String {
    var archive = Self.archive
    archive.pickle = pickle
    guard case .pickleInvalid(let detail) = try reason(archive.bytes) else {
      Issue.record("not refused as a pickle")
      return ""
    }
    return detail
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  // Method: each program repeats what costs the machine something, until only a limit can stop it.
  @Test func `a pickle stops at the limits`() throws {
    let none = UInt8(ascii: "N")
    let endless = [UInt8](repeating: none, count: 70_000)
    #expect(try detail(endless).hasPrefix("it stacks more than 65536 values"))
    let busy = [none] + Array(repeatElement([0x71, 0], count: 2_000_001).joined())
    #expect(try detail(busy).hasPrefix("it has more than 2000000 instructions"))
    let keeping = (0..<500_001).reduce(into: [none]) { $0 += [0x72] + Self.little($1, 4) }
    #expect(try detail(keeping).hasPrefix("it keeps more than 500000 values"))
    let long = [0x58] + Self.little(1025, 4) + [UInt8](repeating: 0x61, count: 1025)
    #expect(try detail(long).hasPrefix("a text has 1025 bytes, more than 1024"))
    let large = [UInt8](repeating: none, count: (8 << 20) + 1)
    #expect(try detail(large).hasPrefix("it has 8388609 bytes, more than"))
  }

  // Method: a shape of 60,000 extents is made once and recalled for many tensors; a reader that
  // copied it for each would take gigabytes.
  @Test func `a shape is copied only within the limit of its rank`() throws {
    var pickle: [UInt8] = [0x80, 2, 0x7D, 0x28]
    pickle += (0..<60_000).flatMap { _ in [0x4B, 1] as [UInt8] } + [0x74, 0x71, 0]
    pickle += TorchArchive.global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28]
    pickle +=
      [0x58, 7, 0, 0, 0] + Array("storage".utf8) + TorchArchive.global("torch", "ByteStorage")
    pickle += [0x58, 1, 0, 0, 0, 0x31, 0x4E, 0x4B, 5, 0x74, 0x51, 0x4B, 0, 0x68, 0, 0x68, 0, 0x89]
    pickle += [0x7D, 0x74, 0x52, 0x74, 0x2E]
    #expect(try detail(pickle).hasPrefix("a tensor is not made of a storage"))
  }

  @Test func `a tensor whose numbers would be changed is refused`() throws {
    // The same pickle with a seventh argument: {'neg': True}.
    let pickle = TorchArchive.pickle(of: Self.archive)
    let hooks = TorchArchive.global("collections", "OrderedDict") + [0x29, 0x52]
    let end = hooks + [0x74, 0x52]
    let place = try #require(PickledFileTests.places(of: end, in: pickle).first) + hooks.count
    func opened(_ argument: [UInt8]) -> [UInt8] {
      var archive = Self.archive
      archive.pickle = pickle[..<place] + argument + pickle[place...]
      return archive.bytes
    }
    let negative: [UInt8] = [0x7D, 0x58, 3, 0, 0, 0, 0x6E, 0x65, 0x67, 0x88, 0x73]
    #expect(HostileCase.code(of: try reason(opened(negative))) == "pickleInvalid")
    for nothing in [[0x4E], [0x7D]] as [[UInt8]] {
      let bytes = opened(nothing)
      let region = try MemoryRegion(zeroed: bytes.count)
      region.write(bytes, at: 0)
      #expect(throws: Never.self) { try PickledFile(region: region, label: "x.bin") }
    }
  }

  @Test func `an order of bytes that is no word is not copied`() throws {
    var archive = Self.archive
    archive.byteOrder = String(repeating: "little", count: 1000)
    #expect(HostileCase.code(of: try reason(archive.bytes)) == "pickleInvalid")
  }

  /// Bytes of a record that are replaced: the last record of a kind, where in it, by what.
  struct Patch: CustomTestStringConvertible {
    var testDescription: String
    var signature: [UInt8]
    var offset: Int
    var bytes: [UInt8]
    var isWide = false

    init(
      _ description: String,
      _ signature: [UInt8],
      _ offset: Int,
      _ bytes: [UInt8],
      isWide: Bool = false
    ) {
      testDescription = description
      self.signature = [0x50, 0x4B] + signature
      self.offset = offset
      self.bytes = bytes
      self.isWide = isWide
    }
  }

  // Offsets as in APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16.
  private static let patches = [
    Patch("a member is encrypted", [1, 2], 8, [9, 8]),
    Patch("a member lies on another disk", [1, 2], 34, [1, 0]),
    Patch("a member is longer than the file", [1, 2], 20, [255, 255, 255, 0, 255, 255, 255, 0]),
    Patch("a member is stored in fewer bytes than it has", [1, 2], 20, [1, 0, 0, 0]),
    Patch("a member begins behind the data", [1, 2], 42, [255, 255, 255, 0]),
    Patch("a member's name is no text", [1, 2], 46, [255]),
    Patch("a member's name is cut off", [1, 2], 28, [255, 255]),
    Patch("the header before a member names another", [3, 4], 30, [0x62]),
    Patch("the header before a member is compressed", [3, 4], 8, [8]),
    Patch("the header before a member has another count", [3, 4], 18, [3, 0, 0, 0]),
    Patch("the header before a member leads out of the data", [3, 4], 28, [255, 255]),
    Patch("the header before a member is none", [3, 4], 0, [0]),
    Patch("the end lies on another disk", [5, 6], 4, [1]),
    Patch("the end counts more members", [5, 6], 8, [99, 0, 99, 0]),
    Patch("the end has two counts", [5, 6], 8, [1, 0]),
    Patch("the directory lies elsewhere", [5, 6], 16, [1, 0, 0, 0]),
    Patch("the directory is shorter", [5, 6], 12, [1, 0, 0, 0]),
    Patch("the archive has a comment", [5, 6], 20, [1, 0]),
    Patch("a wide field is missing", [1, 2], 46 + 16, [9], isWide: true),
    Patch("the wide end is none", [6, 6], 0, [0], isWide: true),
    Patch("the wide end counts more members", [6, 6], 24, [99], isWide: true),
    Patch(
      "the wide end has a huge count",
      [6, 6],
      31,
      [0x7F, 0, 0, 0, 0, 0, 0, 0, 0x7F],
      isWide: true
    ),
    Patch("the wide end contradicts the end", [5, 6], 10, [1, 0], isWide: true),
    Patch("the place of the wide end is another", [6, 7], 8, [1], isWide: true),
  ]

  // Method: one field of one record of a sound archive is made wrong.
  @Test(arguments: patches)
  func `an archive whose records contradict each other is refused`(_ patch: Patch) throws {
    var bytes = (patch.isWide ? Self.wideArchive : Self.archive).bytes
    let places = PickledFileTests.places(of: patch.signature, in: bytes)
    let start = try #require(places.last) + patch.offset
    bytes.replaceSubrange(start..<start + patch.bytes.count, with: patch.bytes)
    #expect(HostileCase.code(of: try reason(bytes)) == "zipInvalid")
  }

  @Test func `a member's name is no longer than 1,024 bytes`() throws {
    var archive = Self.archive
    archive.extraMembers = [(String(repeating: "n", count: 1025), [])]
    #expect(HostileCase.code(of: try reason(archive.bytes)) == "zipInvalid")
  }
}
