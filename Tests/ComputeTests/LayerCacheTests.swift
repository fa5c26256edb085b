// SPDX-License-Identifier: Apache-2.0

import Compute
import TestSupport
import Testing

/// Caches roll back within a block and share full blocks, without changing what others see.
///
/// What a cache holds is read through attention: with one key/value head of dimension 1 and a scale
/// of 0 every key weighs the same, so the result is the mean of the stored values.
@Suite struct LayerCacheTests {
  private let device = ReferenceDevice<Float>()

  private func append(_ values: [Float], to cache: KeyValueCache) throws {
    let rows = try Activations(rowCapacity: values.count, columnCount: 1).rows(values.count)
    for (row, value) in values.enumerated() { rows[row, 0] = value }
    try device.append(keys: rows, values: rows, to: cache)
  }

  private func mean(_ cache: KeyValueCache) throws -> Float {
    let query = try Activations(rowCapacity: 1, columnCount: 1).rows(1)
    let output = try Activations(rowCapacity: 1, columnCount: 1).rows(1)
    let rows = AttentionRows(rows: 0..<1, firstPosition: cache.positionCount - 1, cache: cache)
    device.attend(query, headCount: 1, sequences: [rows], scale: 0, into: output)
    return output[0, 0]
  }

  private func makeCache() -> KeyValueCache {
    KeyValueCache(headCount: 1, headDimension: 1, computeType: .f32)
  }

  @Test func `a roll-back forgets positions within a block`() throws {
    let cache = makeCache()
    try append([2, 4, 100], to: cache)
    cache.rollBack(to: 2)
    #expect(try mean(cache) == 3)
    try append([9], to: cache)
    #expect(try mean(cache) == 5)
  }

  @Test func `a restored snapshot is not changed by what its source does next`() throws {
    let cache = makeCache()
    try append([Float](repeating: 1, count: 64) + [5], to: cache)
    let snapshot = cache.snapshot(positionCount: 64)
    #expect(snapshot.positionCount == 64)
    cache.rollBack(to: 32)
    try append([Float](repeating: 7, count: 32), to: cache)
    #expect(try mean(cache) == 4)
    let other = makeCache()
    other.restore(snapshot)
    #expect(try mean(other) == 1)
  }

  @Test func `a snapshot may end within a block, which its users copy before they write`() throws {
    let cache = makeCache()
    try append([Float](repeating: 1, count: 64) + [5, 5], to: cache)
    let snapshot = cache.snapshot(positionCount: 66)
    let shorter = cache.snapshot(positionCount: 32)
    try append([100, 100], to: cache)
    let other = makeCache()
    other.restore(snapshot)
    #expect(other.positionCount == 66)
    #expect(try mean(other) == (64 + 10) / 66)
    other.rollBack(to: 65)
    try append([9], to: other)
    #expect(try mean(other) == (64 + 5 + 9) / 66)
    #expect(try mean(cache) == (64 + 10 + 200) / 68)
    other.restore(shorter)
    try append([Float](repeating: 3, count: 32), to: other)
    #expect(try mean(other) == 2)
    #expect(try mean(cache) == (64 + 10 + 200) / 68)
    other.restore(snapshot)
    #expect(try mean(other) == (64 + 10) / 66)
  }

  /// Both kinds of cache and both types of element, byte by byte.
  @Test(arguments: [ComputeType.f32, .bf16])
  func `what is shared stays as it was, whatever its users go on to do`(
    _ type: ComputeType
  ) throws {
    let rows = try Activations(rowCapacity: 70, columnCount: 6).rows(70)
    for row in 0..<70 { for column in 0..<6 { rows[row, column] = Float(row * 6 + column) } }
    for device in try TestDevices.allPaths() + [device] {
      let pair = KeyValueCache(headCount: 2, headDimension: 3, computeType: type)
      let latent = LatentCache(latentRank: 4, rotaryDimension: 2, computeType: type)
      func append(_ rows: ActivationView) throws {
        try device.append(keys: rows, values: rows, to: pair)
        try device.append(latents: rows, to: latent)
      }
      for cache in [pair, latent] as [any LayerCache] {
        pair.rollBack(to: 0)
        latent.rollBack(to: 0)
        try append(rows)
        let snapshot = cache.snapshot(positionCount: 69)
        let bytes = snapshot.blocks.map { $0.copyBytes(0..<cache.blockByteCount) }
        for kept in [0, 5, 64, 66] {
          cache.restore(snapshot)
          cache.rollBack(to: kept)
          let other: any LayerCache = cache === pair ? latent : pair
          other.rollBack(to: 0)
          try append(rows.rows(1..<64))
          #expect(cache.positionCount == kept + 63)
          #expect(snapshot.blocks.map { $0.copyBytes(0..<cache.blockByteCount) } == bytes)
        }
        cache.rollBack(to: 0)
        cache.restore(snapshot)
        #expect(cache.positionCount == 69)
      }
    }
  }

  @Test func `bytes are those of whole blocks`() throws {
    let cache = KeyValueCache(headCount: 2, headDimension: 8, computeType: .bf16)
    #expect(cache.byteCount == 0)
    try cache.reserve(65)
    #expect(cache.byteCount == 2 * (2 * 2 * 64 * 8 * 2))
    let latent = LatentCache(latentRank: 16, rotaryDimension: 4, computeType: .f32)
    try latent.reserve(1)
    #expect(latent.byteCount == 64 * 20 * 4)
  }
}
