// SPDX-License-Identifier: Apache-2.0

public import Compute
import Hashing

/// A folder of shards, opened for reading.
public struct ShardFolder: Sendable {
  /// The folder's path.
  public let path: String
  /// What shards.json says.
  public let index: ShardsIndex
  /// The shards, in the list's order.
  public let files: [ShardFile]

  /// Opens a folder.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - verifies: Whether every byte is read and held against its hash; otherwise only the parts'
  ///     sizes are. Data that a run learns from are verified first.
  ///   - pool: The threads that verify; nil for this one alone.
  /// - Throws: `DataError` naming the file that is not as it was written.
  public init(
    path: String,
    verifies: Bool = true,
    pool: ThreadPool? = nil
  ) throws(DataError) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    do {
      let list = "\(self.path)/\(ShardsIndex.fileName)"
      let region = try MemoryRegion(mapping: list)
      index = try ShardsIndex(region.copyBytes(0..<region.byteCount))
    } catch let error as ComputeError {
      throw DataError(error)
    } catch let error as DataError {
      throw DataError(error.reason, place: error.place.map { "\(path)/\($0)" })
    } catch {
      throw DataError(.malformedIndex("\(error)"), place: path)
    }
    var files: [ShardFile] = []
    for shard in index.shards {
      let file = try ShardFile(path: "\(self.path)/\(shard.file)")
      try Self.compare(file, shard, index)
      files.append(file)
    }
    self.files = files
    if verifies { try verify(pool) }
  }

  /// The shards of a split.
  public func files(_ split: DataSplit) -> [ShardFile] {
    zip(index.shards, files).filter { $0.0.split == split }.map { $0.1 }
  }

  private static func compare(
    _ file: ShardFile,
    _ shard: ShardsIndex.Shard,
    _ index: ShardsIndex
  ) throws(DataError) {
    guard file.byteCount == shard.byteCount else {
      throw DataError(
        .wrongByteCount(found: file.byteCount, expected: shard.byteCount),
        place: file.path
      )
    }
    let tokenizer = Hexadecimal.text(file.header.tokenizerDigest)
    guard tokenizer == index.tokenizerDigest else {
      throw DataError(
        .otherTokenizer(found: tokenizer, expected: index.tokenizerDigest),
        place: file.path
      )
    }
    guard file.documentCount == shard.documentCount, file.tokenCount == shard.tokenCount,
      file.vocabularyCount == index.vocabularyCount, file.header.lossCount == shard.lossCount
    else {
      throw DataError(
        .malformedShard("header counts are not those of \(ShardsIndex.fileName)"),
        place: file.path
      )
    }
  }

  /// Reads every byte of all shards.
  private func verify(_ pool: ThreadPool?) throws(DataError) {
    let results = files.indices.map { _ in ShardVerdict() }
    let body = { (index: Int, _: Int) in
      results[index].record(files[index], digest: self.index.shards[index].digest)
    }
    if let pool {
      pool.run(chunkCount: files.count, body)
    } else {
      for index in files.indices { body(index, 0) }
    }
    for result in results { if let error = result.error { throw error } }
  }

  /// Checks that a run's tokenizer is the one of the shards.
  ///
  /// - Parameter digest: The SHA-256 of the run's tokenizer file, as `TokenizerDigest` gives it.
  /// - Throws: `DataError` with reason `otherTokenizer`.
  public func require(tokenizerDigest digest: String) throws(DataError) {
    guard digest == index.tokenizerDigest else {
      throw DataError(.otherTokenizer(found: index.tokenizerDigest, expected: digest), place: path)
    }
  }

  /// Checks that a model has a row for every id.
  ///
  /// - Parameter vocabularyCount: How many ids the model has.
  /// - Throws: `DataError` with reason `otherVocabulary`.
  public func require(vocabularyCount: Int) throws(DataError) {
    guard vocabularyCount >= index.vocabularyCount else {
      throw DataError(
        .otherVocabulary(found: vocabularyCount, expected: index.vocabularyCount),
        place: path
      )
    }
  }
}
