// SPDX-License-Identifier: Apache-2.0

import Compute
import Inference
import Models
import TestSupport
import Testing

/// The prefix cache against a list of all that was kept.
///
/// Method: the blocks here are bytes that name their owner and all tokens up to their end. Whatever a
/// hit gives must name the owner who asks and begin with the tokens that were asked for, and be as long
/// as the list says.
@Suite struct PrefixCacheTests {
  private static let extent = 4

  /// Prefixes of two tokens only, so that they share much.
  private static func ids(_ generator: inout SplitMix64) -> [Int32] {
    (0..<Int.random(in: 1...14, using: &generator)).map { _ in
      Int32.random(in: 0...1, using: &generator)
    }
  }

  private static func blocks(_ ids: [Int32], owner: Int) throws -> [SequenceBlock] {
    try stride(from: 0, to: ids.count, by: extent).map { first in
      let region = try MemoryRegion(zeroed: 16)
      let known = ids.prefix(first + extent).map { UInt8(truncatingIfNeeded: $0) }
      region.write([UInt8(truncatingIfNeeded: owner)] + known, at: 0)
      return SequenceBlock(layers: [region])
    }
  }

  private static func isRight(_ hit: PrefixCache.Hit, _ ids: [Int32], owner: Int) -> Bool {
    let expected = [UInt8(truncatingIfNeeded: owner)] + ids.map { UInt8(truncatingIfNeeded: $0) }
    return hit.blocks.count == (hit.count + extent - 1) / extent
      && hit.blocks.indices.allSatisfy { index in
        let count = min((index + 1) * extent, hit.count) + 1
        return hit.blocks[index].layers[0].copyBytes(0..<count)[...] == expected.prefix(count)
      }
  }

  /// A hash of the process, one that tells four blocks apart, one that tells none.
  private static var hashes: [PrefixTree.Hash] {
    [PrefixTree.seededHash, { Int($1.first ?? 0) + $0 & 1 }, { _, _ in 0 }]
  }

  @Test(arguments: 0..<60)
  func `a hit is the longest of the owner's prefixes, whatever the hash`(_ seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let cache = PrefixCache(blockExtent: Self.extent, hash: Self.hashes[seed % 3])
    var kept: [[[Int32]]] = [[], []]
    for _ in 0..<60 {
      let asker = Int.random(in: 0...1, using: &generator)
      let ids = Self.ids(&generator)
      let hit = cache.find(ids, owner: PrefixOwner("\(asker)"))
      let longest = kept[asker].map { known in
        zip(known, ids.dropLast()).prefix { $0 == $1 }.count
      }.max()
      #expect(hit?.count ?? 0 == longest ?? 0)
      if let hit { #expect(Self.isRight(hit, ids, owner: asker)) }
      if Bool.random(using: &generator) {
        cache.keep(
          ids,
          try Self.blocks(ids, owner: asker),
          owner: PrefixOwner("\(asker)")
        )
        kept[asker].append(ids)
      }
    }
  }

  @Test(arguments: 0..<40)
  func `what was not used for longest goes first, and the bound holds`(_ seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let cache = PrefixCache(blockExtent: Self.extent, hash: Self.hashes[seed % 3])
    for _ in 0..<80 {
      let asker = Int.random(in: 0...1, using: &generator)
      let owner = PrefixOwner("\(asker)")
      let ids = Self.ids(&generator)
      if let hit = cache.find(ids, owner: owner) { #expect(Self.isRight(hit, ids, owner: asker)) }
      cache.keep(ids, try Self.blocks(ids, owner: asker), owner: owner)
      cache.shrink(to: 6 * 16)
      #expect(cache.byteCount <= 6 * 16)
      // The newest has at most four blocks: it is there.
      #expect(cache.find(ids + [0], owner: owner)?.count == ids.count)
    }
    cache.shrink(to: 0)
    #expect(cache.byteCount == 0)
    #expect(cache.find([0, 0, 0], owner: PrefixOwner("0")) == nil)
    #expect(cache.explain([0], owner: PrefixOwner("0")).reason == .nothingHeld)
  }

  @Test func `prefixes that begin alike are stored once`() throws {
    let cache = PrefixCache(blockExtent: Self.extent)
    let owner = PrefixOwner("a")
    for ids in [[1, 2, 3, 4, 5], [1, 2, 3, 4, 6], [1, 2, 3, 4, 5, 7], [1, 2]] as [[Int32]] {
      cache.keep(ids, try Self.blocks(ids, owner: 0), owner: owner)
    }
    // One whole block; the end [5] is part of the end [5, 7].
    #expect(cache.byteCount == 3 * 16)
  }

  @Test func `an explanation names the first difference, and only the owner's`() throws {
    let cache = PrefixCache(blockExtent: Self.extent)
    let owner = PrefixOwner("a")
    let ids: [Int32] = [1, 2, 3, 4, 5, 6]
    cache.keep(ids, try Self.blocks(ids, owner: 0), owner: owner)
    let cases: [([Int32], Int, PrefixExplanation.Reason)] = [
      ([1, 2, 3, 4, 5, 9, 9], 5, .differs(index: 5, expected: 6, found: 9)),
      ([1, 2, 3, 4, 9, 9], 4, .differs(index: 4, expected: 5, found: 9)),
      ([7, 2], 0, .differs(index: 0, expected: 1, found: 7)),
      ([1, 2, 8, 4, 5], 2, .differs(index: 2, expected: 3, found: 8)),
      ([1, 2, 3, 4, 5, 6, 7], 6, .ends(index: 6)),
      ([1, 2, 3, 4, 5, 6], 5, .whole),
      ([1, 2, 3], 2, .whole),
    ]
    for (prompt, hitCount, reason) in cases {
      let expected = PrefixExplanation(hitCount: hitCount, reason: reason)
      #expect(cache.explain(prompt, owner: owner) == expected, "\(prompt)")
    }
    #expect(cache.explain(ids, owner: PrefixOwner("b")).reason == .nothingHeld)
  }
}
