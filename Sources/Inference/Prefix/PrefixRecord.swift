// SPDX-License-Identifier: Apache-2.0

import Compute
import Hashing

/// What the file of a block says before the block's bytes.
///
/// All numbers are little-endian: "HDLPREFX", version, byte count of the record, hash of the model, hash
/// of the owner, name of the block before, count of ids, count of layers, the ids, a checksum for each
/// layer's bytes, a checksum of all before it. The layers' bytes follow, first to last.
package struct PrefixRecord: Hashable, Sendable {
  /// The version of the format.
  static let version: UInt32 = 1
  /// What the first block of a prefix has before it.
  static let noName = [UInt8](repeating: 0, count: 32)

  private static let magic = Array("HDLPREFX".utf8)
  private static let fixedByteCount = 8 + 4 + 4 + 32 + 32 + 32 + 4 + 4

  /// The hash of the model.
  package let key: [UInt8]
  /// Whose it is.
  package let owner: PrefixOwner
  /// The name of the block before it.
  package let previous: [UInt8]
  /// Its tokens.
  package let ids: [Int32]
  /// A checksum for each layer.
  package let checksums: [UInt64]

  /// Creates a record.
  package init(
    key: [UInt8],
    owner: PrefixOwner,
    previous: [UInt8],
    ids: [Int32],
    checksums: [UInt64]
  ) {
    self.key = key
    self.owner = owner
    self.previous = previous
    self.ids = ids
    self.checksums = checksums
  }

  /// How many bytes the record of a block takes.
  static func byteCount(idCount: Int, layerCount: Int) -> Int {
    fixedByteCount + 4 * idCount + 8 * layerCount + 8
  }

  /// Its bytes.
  package func encoded() -> [UInt8] {
    let count = Self.byteCount(idCount: ids.count, layerCount: checksums.count)
    var bytes = Self.magic
    bytes.append(Self.version)
    bytes.append(UInt32(count))
    bytes += key + owner.digest + previous
    bytes.append(UInt32(ids.count))
    bytes.append(UInt32(checksums.count))
    for id in ids { bytes.append(UInt32(bitPattern: id)) }
    for sum in checksums { bytes.append(sum) }
    bytes.append(Checksum64.of(bytes))
    return bytes
  }

  /// Reads the record at the beginning of a file.
  ///
  /// - Returns: Nil where that is anything but a whole record of this version.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.fixedByteCount, bytes.starts(with: Self.magic),
      bytes.number(UInt32.self, at: 8) == Self.version
    else { return nil }
    let count = Int(bytes.number(UInt32.self, at: 12))
    let idCount = Int(bytes.number(UInt32.self, at: 112))
    let layerCount = Int(bytes.number(UInt32.self, at: 116))
    guard count == Self.byteCount(idCount: idCount, layerCount: layerCount), count <= bytes.count,
      bytes.number(UInt64.self, at: count - 8) == Checksum64.of(Array(bytes[..<(count - 8)]))
    else { return nil }
    key = Array(bytes[16..<48])
    owner = PrefixOwner(digest: Array(bytes[48..<80]))
    previous = Array(bytes[80..<112])
    let first = Self.fixedByteCount
    ids = (0..<idCount).map { Int32(bitPattern: bytes.number(UInt32.self, at: first + 4 * $0)) }
    let second = first + 4 * idCount
    checksums = (0..<layerCount).map { bytes.number(UInt64.self, at: second + 8 * $0) }
  }

  /// The name of a block: the SHA-256 of model, owner, the name before it and its tokens.
  package static func name(
    key: [UInt8],
    owner: PrefixOwner,
    previous: [UInt8],
    ids: some Sequence<Int32>
  ) -> [UInt8] {
    var bytes = key + owner.digest + previous
    for id in ids { bytes.append(UInt32(bitPattern: id)) }
    return SHA256Hash.digest(of: bytes)
  }

  /// The name of this block.
  package var name: [UInt8] { Self.name(key: key, owner: owner, previous: previous, ids: ids) }
}

extension [UInt8] {
  /// Appends a number, its lowest byte first.
  fileprivate mutating func append(_ number: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// The number at an offset.
  fileprivate func number<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type,
    at offset: Int
  ) -> Number {
    (0..<Number.bitWidth / 8).reduce(0) { $0 | Number(self[offset + $1]) << (8 * $1) }
  }
}
