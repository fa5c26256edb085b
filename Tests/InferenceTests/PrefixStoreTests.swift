// SPDX-License-Identifier: Apache-2.0

import Compute
import Inference
import Models
import TestSupport
import Testing

/// Prefixes on the disk: what comes back after a restart, and what of damaged files does not.
///
/// Method: each block here is bytes that name its owner and all tokens up to its end. A cache is made
/// anew on a folder whose files were left alone, torn, damaged, swapped or removed: whatever it gives
/// must be right, and what it cannot give must be gone.
@Suite struct PrefixStoreTests {
  private static let extent = 4
  private static let layout = [24, 40]

  private static func ids(_ generator: inout SplitMix64) -> [Int32] {
    (0..<Int.random(in: 1...14, using: &generator)).map { _ in
      Int32.random(in: 0...1, using: &generator)
    }
  }

  private static func blocks(_ ids: [Int32], owner: String) throws -> [SequenceBlock] {
    try stride(from: 0, to: ids.count, by: extent).map { first in
      let known = ids.prefix(first + extent).map { UInt8(truncatingIfNeeded: $0) }
      let layers = try layout.map { byteCount in
        let region = try MemoryRegion(zeroed: byteCount)
        region.write(Array(owner.utf8) + known, at: 0)
        return region
      }
      return SequenceBlock(layers: layers)
    }
  }

  private static func isRight(_ hit: PrefixCache.Hit, _ ids: [Int32], owner: String) -> Bool {
    let expected = Array(owner.utf8) + ids.map { UInt8(truncatingIfNeeded: $0) }
    return hit.blocks.count == (hit.count + extent - 1) / extent
      && hit.blocks.indices.allSatisfy { index in
        let count = min((index + 1) * extent, hit.count) + 1
        return hit.blocks[index].layers.allSatisfy {
          $0.copyBytes(0..<count)[...] == expected.prefix(count)
        }
      }
  }

  private static func cache(
    _ folder: String,
    byteCount: Int = 1 << 20,
    key: UInt8 = 1
  ) -> PrefixCache {
    let place = PrefixFolder(path: folder, byteCount: byteCount, weights: "")
    let key = [UInt8](repeating: key, count: 32)
    let store = PrefixStore(place, key: key, layout: layout)
    return PrefixCache(blockExtent: extent, store: store)
  }

  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try SystemFolder.makeTemporary() + "/prefix"
    defer { SystemFolder.remove(String(folder.dropLast(7))) }
    try body(folder)
  }

  private static func files(_ folder: String) throws -> [String] {
    guard SystemFolder.exists(folder) else { return [] }
    return try SystemFolder.names(in: folder).flatMap { key in
      try SystemFolder.names(in: "\(folder)/\(key)").map { "\(folder)/\(key)/\($0)" }
    }.sorted()
  }

  /// Keeps random prefixes of two owners, all in memory small enough to lose most.
  private static func fill(
    _ folder: String,
    _ generator: inout SplitMix64
  ) throws -> [(ids: [Int32], owner: String)] {
    let cache = cache(folder)
    var kept: [(ids: [Int32], owner: String)] = []
    for _ in 0..<20 {
      let (ids, owner) = (ids(&generator), ["a", "b"].randomElement(using: &generator) ?? "a")
      cache.keep(ids, try blocks(ids, owner: owner), owner: PrefixOwner(owner))
      kept.append((ids, owner))
    }
    cache.flush()
    return kept
  }

  @Test(arguments: 0..<10)
  func `after a restart all is found, by its owner and model alone`(_ seed: Int) throws {
    try Self.withFolder { folder in
      var generator = SplitMix64(seed: UInt64(seed))
      let kept = try Self.fill(folder, &generator)
      let again = Self.cache(folder)
      #expect(again.byteCount == 0)
      for (ids, owner) in kept {
        let hit = try #require(again.find(ids + [9], owner: PrefixOwner(owner)))
        #expect(hit.count == ids.count && Self.isRight(hit, ids, owner: owner))
        #expect(again.explain(ids, owner: PrefixOwner(owner)).reason == .whole)
        #expect(again.find(ids + [9], owner: PrefixOwner("c")) == nil)
      }
      // Memory that was given up is read again.
      again.shrink(to: 0)
      for (ids, owner) in kept {
        #expect(again.find(ids + [9], owner: PrefixOwner(owner))?.count == ids.count)
      }
      let count = try Self.files(folder).count
      let other = Self.cache(folder, key: 2)
      #expect(kept.allSatisfy { other.find($0.ids + [9], owner: PrefixOwner($0.owner)) == nil })
      #expect(try Self.files(folder).count == count)
    }
  }

  @Test(arguments: 0..<40)
  func `torn, damaged, swapped and foreign files are dropped and never served`(
    _ seed: Int
  ) throws {
    try Self.withFolder { folder in
      var generator = SplitMix64(seed: UInt64(seed))
      let kept = try Self.fill(folder, &generator)
      // Half of the seeds damage what a cache has taken up already.
      let early = seed % 2 == 0 ? Self.cache(folder) : nil
      let files = try Self.files(folder)
      for file in files where Int.random(in: 0..<3, using: &generator) == 0 {
        var bytes = try Oracles.bytes(at: file)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
        case 1: bytes.append(0)
        case 2:
          let other = files.randomElement(using: &generator) ?? file
          bytes = (try? Oracles.bytes(at: other)) ?? []
        case 3: bytes = Array("something else".utf8)
        case 4: bytes = []
        default:
          let index = Int.random(in: bytes.indices, using: &generator)
          bytes[index] ^= UInt8.random(in: 1...255, using: &generator)
        }
        try SystemFolder.write(bytes, to: file)
        if Int.random(in: 0..<6, using: &generator) == 0 { SystemFolder.remove(file) }
      }
      let cache = early ?? Self.cache(folder)
      for (ids, owner) in kept {
        guard let hit = cache.find(ids + [9], owner: PrefixOwner(owner)) else { continue }
        #expect(Self.isRight(hit, ids, owner: owner))
      }
      // Written anew, it is whole again.
      for (ids, owner) in kept {
        cache.keep(ids, try Self.blocks(ids, owner: owner), owner: PrefixOwner(owner))
      }
      cache.flush()
      let again = Self.cache(folder)
      for (ids, owner) in kept {
        let hit = try #require(again.find(ids + [9], owner: PrefixOwner(owner)))
        #expect(hit.count == ids.count && Self.isRight(hit, ids, owner: owner))
      }
    }
  }

  @Test func `the folder stays within its bound, and what was used last stays`() throws {
    try Self.withFolder { folder in
      let bound = 4000
      let owner = PrefixOwner("a")
      let cache = Self.cache(folder, byteCount: bound)
      let other = Self.cache(folder, byteCount: bound, key: 2)
      for round in 0..<60 {
        let ids = [Int32(round), 1, 2, 3, 4, 5]
        for cache in [cache, other] {
          cache.keep(ids, try Self.blocks(ids, owner: "a"), owner: owner)
          cache.flush()
        }
        #expect(cache.find([0, 1, 2, 3, 4, 5, 9], owner: owner)?.count == 6)
        cache.flush()
        let files = try Self.files(folder)
        #expect(files.reduce(0) { $0 + SystemFolder.byteCount($1) } <= bound)
      }
      let again = Self.cache(folder, byteCount: bound)
      // The first was used in each round; the last comes next; those between are gone.
      for (first, count) in [(0, 6), (59, 6), (10, nil)] as [(Int32, Int?)] {
        #expect(again.find([first, 1, 2, 3, 4, 5, 9], owner: owner)?.count == count)
      }
    }
  }

  @Test func `nobody else may read the files, and they name no owner`() throws {
    try Self.withFolder { folder in
      let cache = Self.cache(folder)
      let ids: [Int32] = [1, 2, 3, 4, 5]
      cache.keep(ids, try Self.blocks(ids, owner: "a"), owner: PrefixOwner("secret name"))
      cache.flush()
      let files = try Self.files(folder)
      #expect(files.count == 2)
      let key = files[0].split(separator: "/").dropLast().joined(separator: "/")
      #expect(try SystemFolder.permissions("/" + key) == 0o700)
      #expect(try SystemFolder.permissions(folder) == 0o700)
      for file in files {
        #expect(try SystemFolder.permissions(file) == 0o600)
        let text = String(decoding: try Oracles.bytes(at: file), as: UTF8.self)
        #expect(!text.contains("secret"))
      }
    }
  }

  @Test func `a folder that cannot be written to takes nothing, and nothing fails`() throws {
    let cache = Self.cache("/dev/null/prefix")
    let ids: [Int32] = [1, 2, 3, 4, 5]
    cache.keep(ids, try Self.blocks(ids, owner: "a"), owner: PrefixOwner("a"))
    cache.flush()
    #expect(cache.find(ids, owner: PrefixOwner("a"))?.count == 4)
    cache.shrink(to: 0)
    #expect(cache.find(ids, owner: PrefixOwner("a")) == nil)
  }
}
