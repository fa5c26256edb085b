// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import TestSupport
import Testing

/// Files within the program.
///
/// Method: they are held against the files that they were made of, both ways, so that one that is
/// missing from the list, or was embedded before it changed, is found. What the repository does not
/// have is not asked for: the program builds without a model.
@Suite struct EmbeddedFileTests {
  /// Where the files of a folder of the program come from, and which of them.
  private static let origins:
    [(folder: String, origin: String, isWanted: @Sendable (String) -> Bool)] = [
      ("configs", "Sources/CAssets/configs", { $0 != "README.md" }),
      ("nano", "Sources/CAssets/nano", { $0 != "README.md" }),
      ("plan", "Sources/CAssets/plan", { _ in true }),
      ("recipe", "Recipes/nano", { ["conversations.yaml", "label.json"].contains($0) }),
      // The built-in tasks ask nothing of the long messages.
      (
        "recipe/phrases", "Recipes/nano/phrases",
        { $0.hasSuffix(".phrases") && $0 != "long.phrases" }
      ),
      ("recipe/evaluation", "Recipes/nano/evaluation", { $0.hasSuffix(".jsonl") }),
    ]

  @Test func `they are those of the repository, to the byte`() throws {
    var wanted: [String] = []
    for (folder, origin, isWanted) in Self.origins {
      let place = "\(Oracles.packageRoot)/\(origin)"
      guard SystemFolder.exists(place) else { continue }
      for name in try FileKind.names(inFolder: place).filter(isWanted) {
        wanted.append("\(folder)/\(name)")
        let file = EmbeddedFile.named("\(folder)/\(name)")
        let isSame = try file?.bytes == Oracles.bytes(at: "\(place)/\(name)")
        #expect(isSame, "\(folder)/\(name): see Sources/CAssets/nano/README.md")
      }
    }
    #expect(EmbeddedFile.all.map(\.name) == wanted.sorted())
  }

  @Test func `a path reaches them where they lie`() throws {
    for file in EmbeddedFile.all {
      #expect(file.path == "hadal:/" + file.name)
      let region = try MemoryRegion(mapping: file.path)
      let again = try MemoryRegion(mapping: "hadal://" + file.name)
      #expect(try FileKind.of(file.path) == .regularFile)
      #expect(region.byteCount == file.byteCount && region.isMapped)
      #expect(address(region) == address(again))
      let alignment: UInt = file.name.hasSuffix(".safetensors") ? 4096 : 64
      #expect(address(region) % alignment == 0)
      // Pages of the program are nobody's to give back.
      region.release(0..<region.byteCount)
      #expect(region.copyBytes(0..<region.byteCount) == file.bytes)
    }
  }

  private func address(_ region: MemoryRegion) -> UInt {
    unsafe region.bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
  }

  @Test func `folders list what lies in them`() throws {
    let names = EmbeddedFile.all.map(\.name)
    for folder in Set(names.compactMap { $0.split(separator: "/").first.map(String.init) }) {
      let path = try #require(EmbeddedFile.path(ofFolder: folder))
      for spelling in [path, path + "/", path + "//"] {
        #expect(try FileKind.of(spelling) == .folder)
        let entries = try FileKind.names(inFolder: spelling)
        #expect(entries == Set(entries).sorted() && !entries.isEmpty)
        for entry in entries { #expect(try FileKind.of("\(spelling)/\(entry)") != nil) }
      }
      #expect(!FileKind.isLink(path))
      let error = #expect(throws: ComputeError.self) { try MemoryRegion(mapping: path) }
      #expect(error?.reason == .notARegularFile)
    }
  }

  @Test(arguments: ["hadal:/none", "hadal:/nano/none", "hadal:/nano/../nano/config.json"])
  func `what is not there is absent, as on a disk`(_ path: String) throws {
    #expect(try FileKind.of(path) == nil)
    let mapping = #expect(throws: ComputeError.self) { try MemoryRegion(mapping: path) }
    #expect(mapping?.exitCode == .noInput && mapping?.place == path)
    let listing = #expect(throws: ComputeError.self) { try FileKind.names(inFolder: path) }
    #expect(listing?.exitCode == .noInput)
    #expect(EmbeddedFile.path(ofFolder: "none") == nil)
  }

  @Test(arguments: ["hadal:/", "hadal:/nano", "hadal:/nano/config.json", "hadal:/new/"])
  func `nothing is written there`(_ path: String) throws {
    let attempts: [() throws -> Void] = [
      { _ = try FileWriter(path: path) }, { _ = try FolderWriter(path: path) },
      { _ = try GrowingFile(path: path) }, { try FolderWriter.removeFolder(path) },
    ]
    for attempt in attempts {
      let error = #expect(throws: ComputeError.self) { try attempt() }
      #expect(error?.exitCode == .cannotCreate && error?.place == path)
      #expect(error?.what == "cannot create the file: Read-only file system")
    }
  }
}
