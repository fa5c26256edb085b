// SPDX-License-Identifier: Apache-2.0

/// A document in a shard, and where it comes from.
public struct ShardDocument: Sendable, Hashable {
  /// Its tokens in the shard.
  public var tokens: Range<Int>
  /// Its source in shards.json.
  public var source: Int
  /// The 1-based line of the source on which it begins.
  public var line: Int
  /// The byte of the source at which it begins.
  public var offset: Int
  /// How many bytes of the source it takes.
  public var byteCount: Int
  /// The first half of its SHA-256, white space made equal.
  public var digest: DocumentDigest

  /// The stored bytes; the tokens' end is the next document's beginning.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    LittleEndian.append(UInt64(tokens.lowerBound), to: &bytes)
    LittleEndian.append(UInt64(offset), to: &bytes)
    LittleEndian.append(UInt64(byteCount), to: &bytes)
    LittleEndian.append(UInt32(source), to: &bytes)
    LittleEndian.append(UInt32(clamping: line), to: &bytes)
    return bytes + digest.bytes
  }

  init(
    tokens: Range<Int>,
    source: Int,
    line: Int,
    offset: Int,
    byteCount: Int,
    digest: DocumentDigest
  ) {
    self.tokens = tokens
    self.source = source
    self.line = line
    self.offset = offset
    self.byteCount = byteCount
    self.digest = digest
  }

  /// Reads what was stored.
  init(_ bytes: [UInt8], tokens: Range<Int>) {
    self.init(
      tokens: tokens,
      source: Int(LittleEndian.read(UInt32.self, bytes, at: 24)),
      line: Int(LittleEndian.read(UInt32.self, bytes, at: 28)),
      offset: Int(truncatingIfNeeded: LittleEndian.read(UInt64.self, bytes, at: 8)),
      byteCount: Int(truncatingIfNeeded: LittleEndian.read(UInt64.self, bytes, at: 16)),
      digest: DocumentDigest(bytes[32..<48])
    )
  }
}
