// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing

/// Collects the documents of one split and writes them in shards.
struct ShardWriter {
  private let split: DataSplit
  private let vocabularyCount: Int
  private let tokenizerDigest: [UInt8]
  private let tokensPerShard: Int

  private var documents: [UInt8] = []
  private var documentCount = 0
  private var ids: [Int32] = []
  private var lossMask: [Bool] = []
  private var largestID = -1
  private var hasLossMask = false
  private var sourceByteCount = 0
  /// The shards that are written.
  private(set) var shards: [ShardsIndex.Shard] = []

  init(
    _ split: DataSplit,
    vocabularyCount: Int,
    tokenizerDigest: [UInt8],
    tokensPerShard: Int
  ) {
    self.split = split
    self.vocabularyCount = vocabularyCount
    self.tokenizerDigest = tokenizerDigest
    self.tokensPerShard = tokensPerShard
  }

  /// Adds a sample, and writes a shard before it where the present one is full.
  ///
  /// - Parameters:
  ///   - sample: The tokens.
  ///   - document: Where they come from; its tokens are set here.
  ///   - folder: Where shards are written.
  /// - Throws: `DataError` where a shard cannot be written.
  mutating func add(
    _ sample: EncodedDocument,
    _ document: ShardDocument,
    to folder: String
  ) throws(DataError) {
    if !ids.isEmpty, ids.count + sample.ids.count > tokensPerShard { try finish(to: folder) }
    var document = document
    document.tokens = ids.count..<ids.count + sample.ids.count
    documents += document.bytes
    documentCount += 1
    sourceByteCount += document.byteCount
    ids += sample.ids
    for id in sample.ids { largestID = max(largestID, Int(id)) }
    if let mask = sample.lossMask {
      hasLossMask = true
      lossMask += mask
    } else {
      lossMask.append(contentsOf: repeatElement(true, count: sample.ids.count))
    }
  }

  /// Writes what is left.
  ///
  /// - Throws: `DataError` where it cannot be written.
  mutating func finish(to folder: String) throws(DataError) {
    guard documentCount > 0 else { return }
    let bytes = self.bytes()
    let number = String(shards.count)
    let padded = String(repeating: "0", count: max(0, 5 - number.count)) + number
    let name = "\(split.rawValue)-\(padded).tokens"
    do {
      let file = try FileWriter(path: "\(folder)/\(name)")
      try file.write(bytes)
      try file.commit()
    } catch { throw DataError(error) }
    shards.append(
      ShardsIndex.Shard(
        file: name,
        split: split,
        digest: Hexadecimal.text(SHA256Hash.digest(of: bytes)),
        byteCount: bytes.count,
        documentCount: documentCount,
        tokenCount: ids.count,
        lossCount: lossMask.lazy.filter { $0 }.count,
        sourceByteCount: sourceByteCount
      )
    )
    self = ShardWriter(self, shards: shards)
  }

  /// An empty writer that goes on where another ended.
  private init(_ other: ShardWriter, shards: [ShardsIndex.Shard]) {
    self.init(
      other.split,
      vocabularyCount: other.vocabularyCount,
      tokenizerDigest: other.tokenizerDigest,
      tokensPerShard: other.tokensPerShard
    )
    self.shards = shards
  }

  private func bytes() -> [UInt8] {
    let header = ShardHeader(
      vocabularyCount: vocabularyCount,
      tokenCount: ids.count,
      documentCount: documentCount,
      lossCount: lossMask.lazy.filter { $0 }.count,
      largestID: largestID,
      hasLossMask: hasLossMask,
      tokenizerDigest: tokenizerDigest
    )
    var bytes: [UInt8] = []
    bytes.reserveCapacity(header.fileByteCount)
    bytes += header.bytes
    bytes += documents
    pad(&bytes, to: header.idsOffset)
    if header.idByteCount == 2 {
      for id in ids {
        bytes.append(UInt8(truncatingIfNeeded: id))
        bytes.append(UInt8(truncatingIfNeeded: id >> 8))
      }
    } else {
      for id in ids { LittleEndian.append(id, to: &bytes) }
    }
    guard hasLossMask else { return bytes }
    pad(&bytes, to: header.maskOffset)
    for start in stride(from: 0, to: lossMask.count, by: 8) {
      var byte: UInt8 = 0
      for bit in 0..<min(8, lossMask.count - start) where lossMask[start + bit] {
        byte |= 1 << UInt8(bit)
      }
      bytes.append(byte)
    }
    return bytes
  }

  private func pad(_ bytes: inout [UInt8], to offset: Int) {
    bytes.append(contentsOf: repeatElement(0, count: offset - bytes.count))
  }
}
