// SPDX-License-Identifier: Apache-2.0

/// The first 128 bytes of a shard: what it holds and where.
///
/// Behind them stand the documents (48 bytes each), the ids (two bytes each, four where the
/// vocabulary needs them) and, in shards of conversations, a bit a token that says whether the model
/// is taught to say it; ids and bits begin at multiples of 64.
struct ShardHeader: Sendable, Hashable {
  static let byteCount = 128
  static let documentByteCount = 48
  static let magic = Array("HADALTOK".utf8)
  static let version: UInt32 = 1

  var vocabularyCount: Int
  var tokenCount: Int
  var documentCount: Int
  var lossCount: Int
  /// The largest id, -1 where there is no token.
  var largestID: Int
  var hasLossMask: Bool
  /// The SHA-256 of the tokenizer's file.
  var tokenizerDigest: [UInt8]

  /// How many bytes an id takes.
  var idByteCount: Int { vocabularyCount > 1 << 16 ? 4 : 2 }

  var documentsOffset: Int { Self.byteCount }
  var idsOffset: Int { Self.aligned(documentsOffset + documentCount * Self.documentByteCount) }
  var maskOffset: Int { Self.aligned(idsOffset + tokenCount * idByteCount) }
  var fileByteCount: Int {
    hasLossMask ? maskOffset + (tokenCount + 7) / 8 : idsOffset + tokenCount * idByteCount
  }

  static func aligned(_ offset: Int) -> Int { (offset + 63) / 64 * 64 }

  /// The bytes, `byteCount` of them.
  var bytes: [UInt8] {
    var bytes = Self.magic
    LittleEndian.append(Self.version, to: &bytes)
    LittleEndian.append(UInt32((idByteCount == 4 ? 1 : 0) | (hasLossMask ? 2 : 0)), to: &bytes)
    for value in [
      vocabularyCount, tokenCount, documentCount, lossCount, largestID + 1, fileByteCount,
    ] {
      LittleEndian.append(UInt64(value), to: &bytes)
    }
    bytes += tokenizerDigest
    return bytes + [UInt8](repeating: 0, count: Self.byteCount - bytes.count)
  }

  init(
    vocabularyCount: Int,
    tokenCount: Int,
    documentCount: Int,
    lossCount: Int,
    largestID: Int,
    hasLossMask: Bool,
    tokenizerDigest: [UInt8]
  ) {
    self.vocabularyCount = vocabularyCount
    self.tokenCount = tokenCount
    self.documentCount = documentCount
    self.lossCount = lossCount
    self.largestID = largestID
    self.hasLossMask = hasLossMask
    self.tokenizerDigest = tokenizerDigest
  }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - bytes: The file's first bytes, fewer than `byteCount` where it ends before.
  ///   - fileByteCount: How many bytes the file has.
  /// - Throws: `DataError` without a place.
  init(_ bytes: [UInt8], fileByteCount: Int) throws(DataError) {
    guard bytes.starts(with: Self.magic) else {
      throw DataError(.notShard(found: bytes.isEmpty ? "nothing" : "another kind of file"))
    }
    guard bytes.count >= Self.byteCount else {
      throw DataError(.wrongByteCount(found: fileByteCount, expected: Self.byteCount))
    }
    let version = LittleEndian.read(UInt32.self, bytes, at: 8)
    guard version == Self.version else { throw DataError(.notShard(found: "version \(version)")) }
    let flags = LittleEndian.read(UInt32.self, bytes, at: 12)
    let values = (0..<6).map { LittleEndian.read(UInt64.self, bytes, at: 16 + 8 * $0) }
    // LIMIT: what no file comes near, so that no sum below overflows.
    guard values.allSatisfy({ $0 < 1 << 48 }) else {
      throw DataError(.malformedShard("header has a count beyond 2^48"))
    }
    let counts = values.map { Int($0) }
    self.init(
      vocabularyCount: counts[0],
      tokenCount: counts[1],
      documentCount: counts[2],
      lossCount: counts[3],
      largestID: counts[4] - 1,
      hasLossMask: flags & 2 != 0,
      tokenizerDigest: Array(bytes[64..<96])
    )
    guard flags == (idByteCount == 4 ? 1 : 0) | (hasLossMask ? 2 : 0) else {
      throw DataError(.malformedShard("header has the unknown flags \(flags)"))
    }
    guard bytes[96..<Self.byteCount].allSatisfy({ $0 == 0 }) else {
      throw DataError(.malformedShard("header does not end with zeros"))
    }
    guard counts[5] == self.fileByteCount else {
      throw DataError(.malformedShard("header counts do not make \(counts[5]) bytes"))
    }
    guard fileByteCount == counts[5] else {
      throw DataError(.wrongByteCount(found: fileByteCount, expected: counts[5]))
    }
    guard largestID < vocabularyCount else {
      throw DataError(
        .malformedShard("largest id is \(largestID), its vocabulary ends at \(vocabularyCount - 1)")
      )
    }
  }
}
