// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing

/// A shard: the tokens of documents, mapped from its file.
public final class ShardFile: Sendable {
  /// The file's path.
  public let path: String
  let header: ShardHeader
  /// Where each document begins; one more than there are documents.
  let tokenStarts: [Int]
  private let region: MemoryRegion

  /// How many tokens the shard has.
  public var tokenCount: Int { header.tokenCount }
  /// How many documents the shard has.
  public var documentCount: Int { header.documentCount }
  /// How many ids the tokenizer has.
  public var vocabularyCount: Int { header.vocabularyCount }
  /// How many bytes the file has.
  public var byteCount: Int { region.byteCount }

  /// Maps a shard and checks that its parts fit together; `verify` looks at every byte.
  ///
  /// - Parameter path: The file.
  /// - Throws: `DataError` where it cannot be read, is no shard, or was cut.
  public init(path: String) throws(DataError) {
    self.path = path
    do { region = try MemoryRegion(mapping: path) } catch { throw DataError(error) }
    let head = region.copyBytes(0..<min(ShardHeader.byteCount, region.byteCount))
    do {
      header = try ShardHeader(head, fileByteCount: region.byteCount)
      tokenStarts = try Self.tokenStarts(region, header)
    } catch { throw DataError(error.reason, place: path) }
  }

  private static func tokenStarts(
    _ region: MemoryRegion,
    _ header: ShardHeader
  ) throws(DataError) -> [Int] {
    let size = ShardHeader.documentByteCount
    let start = header.documentsOffset
    let table = region.copyBytes(start..<start + header.documentCount * size)
    var starts: [Int] = []
    starts.reserveCapacity(header.documentCount + 1)
    for document in 0..<header.documentCount {
      let value = LittleEndian.read(UInt64.self, table, at: document * size)
      guard value <= header.tokenCount, Int(value) >= starts.last ?? 0 else {
        throw DataError(.malformedShard("document \(document) begins at token \(value)"))
      }
      starts.append(Int(value))
    }
    guard starts.first ?? 0 == 0 else {
      throw DataError(.malformedShard("first document begins at token \(starts[0])"))
    }
    return starts + [header.tokenCount]
  }

  /// Reads all bytes: their hash must be the given one, and no id beyond the vocabulary.
  ///
  /// - Parameter digest: The SHA-256 that shards.json holds.
  /// - Throws: `DataError` with the first fault.
  public func verify(digest: String) throws(DataError) {
    var hash = SHA256Hash()
    let step = 1 << 20
    for start in stride(from: 0, to: byteCount, by: step) {
      hash.update(region.copyBytes(start..<min(start + step, byteCount)))
    }
    let found = Hexadecimal.text(hash.digest)
    guard found == digest else {
      throw DataError(.wrongHash(found: found, expected: digest), place: path)
    }
    for start in stride(from: 0, to: tokenCount, by: step) {
      let ids = self.ids(start..<min(start + step, tokenCount))
      for (index, id) in ids.enumerated() where Int(id) > header.largestID || id < 0 {
        throw DataError(
          .idOutsideVocabulary(
            id: Int(id),
            position: start + index,
            vocabularyCount: header.largestID + 1
          ),
          place: path
        )
      }
    }
  }

  /// A document.
  ///
  /// - Parameter index: Which.
  /// - Returns: The document.
  public func document(_ index: Int) -> ShardDocument {
    let offset = header.documentsOffset + index * ShardHeader.documentByteCount
    return ShardDocument(
      region.copyBytes(offset..<offset + ShardHeader.documentByteCount),
      tokens: tokenStarts[index]..<tokenStarts[index + 1]
    )
  }

  /// The ids of some tokens.
  ///
  /// - Parameter range: Within the shard's tokens.
  /// - Returns: The ids.
  public func ids(_ range: Range<Int>) -> [Int32] {
    let size = header.idByteCount
    let start = header.idsOffset + range.lowerBound * size
    let bytes = region.copyBytes(start..<start + range.count * size)
    var ids: [Int32] = []
    ids.reserveCapacity(range.count)
    if size == 2 {
      for index in 0..<range.count {
        ids.append(Int32(bytes[2 * index]) | Int32(bytes[2 * index + 1]) << 8)
      }
    } else {
      for index in 0..<range.count {
        ids.append(Int32(bitPattern: LittleEndian.read(UInt32.self, bytes, at: 4 * index)))
      }
    }
    return ids
  }

  /// Of some tokens, whether the model is taught to say them.
  ///
  /// - Parameter range: Within the shard's tokens.
  /// - Returns: A value a token.
  public func lossMask(_ range: Range<Int>) -> [Bool] {
    guard header.hasLossMask, !range.isEmpty else {
      return [Bool](repeating: true, count: range.count)
    }
    let first = range.lowerBound / 8
    let start = header.maskOffset + first
    let end = header.maskOffset + (range.upperBound + 7) / 8
    let bytes = region.copyBytes(start..<end)
    return range.map { bytes[$0 / 8 - first] >> UInt8($0 % 8) & 1 == 1 }
  }
}
