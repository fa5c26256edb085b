// SPDX-License-Identifier: Apache-2.0

import Compute

/// The members of a zip archive that stores them as they are, as `torch.save` writes it.
///
/// The central directory alone says what there is (APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3).
/// Whatever two readers could take in two ways is refused: members that overlap or come twice,
/// bytes after the archive, records that contradict each other. Nothing is ever decompressed, so no
/// member takes more memory than its bytes in the file.
struct ZipArchive {
  struct Member {
    var name: String
    /// Where its local header begins.
    var headerOffset: Int
    /// Where its bytes begin; they end `byteCount` later.
    var dataOffset = 0
    var byteCount: Int
    var hasDescriptor: Bool
  }

  // LIMIT: published archives have a few hundred, one for each storage of a shard.
  static let memberLimit = 100_000
  // LIMIT: some 100 bytes a member.
  static let directoryByteCountLimit = 16 << 20
  // LIMIT: as texts of a pickle.
  private static let nameByteCountLimit = 1024

  /// By name.
  private(set) var members: [String: Member] = [:]
  private let region: MemoryRegion
  private let file: String

  init(of region: MemoryRegion, file: String) throws(CheckpointError) {
    self.region = region
    self.file = file
    let directory = try ZipDirectory(of: region, file: file)
    guard directory.byteCount <= Self.directoryByteCountLimit,
      directory.memberCount <= Self.memberLimit
    else { throw error("its directory is larger than any checkpoint's") }
    var cursor = ByteCursor(
      region.copyBytes(directory.offset..<directory.offset + directory.byteCount)
    )
    var ordered: [Member] = []
    for _ in 0..<directory.memberCount {
      let member = try self.member(&cursor)
      guard members.updateValue(member, forKey: member.name) == nil else {
        throw error("its member '\(member.name)' comes twice")
      }
      ordered.append(member)
    }
    guard cursor.remaining == 0 else { throw error("its directory holds more than its members") }
    try arrange(&ordered, end: directory.offset)
  }

  /// The bytes of a small member, nil if there is none.
  func bytes(of name: String) -> [UInt8]? {
    members[name].map { region.copyBytes($0.dataOffset..<$0.dataOffset + $0.byteCount) }
  }

  /// Reads an entry of the central directory.
  private func member(_ cursor: inout ByteCursor) throws(CheckpointError) -> Member {
    guard cursor.unsigned(4) == 0x0201_4B50, cursor.take(4) != nil,
      let flags = cursor.unsigned(2), let method = cursor.unsigned(2), cursor.take(8) != nil,
      let storedCount = cursor.count(4), let byteCount = cursor.count(4),
      let nameCount = cursor.count(2), let extraCount = cursor.count(2),
      let commentCount = cursor.count(2), let disk = cursor.unsigned(2), cursor.take(6) != nil,
      let offset = cursor.count(4), let nameBytes = cursor.take(nameCount),
      let extra = cursor.take(extraCount), cursor.take(commentCount) != nil
    else { throw error("its directory is cut off") }
    guard let name = String(validating: nameBytes, as: UTF8.self),
      (1...Self.nameByteCountLimit).contains(nameCount)
    else { throw error("a member's name is no text of 1 to \(Self.nameByteCountLimit) bytes") }
    guard method == 0 else { throw CheckpointError(.zipCompressed(member: name), file: file) }
    // Bits 0, 6 and 13 stand for encryption, bit 5 for patches.
    guard flags & 0x2061 == 0, disk == 0 else {
      throw error("its member '\(name)' is encrypted or lies in another file")
    }
    let wide = ZipWideFields(
      Array(extra),
      count: byteCount,
      storedCount: storedCount,
      offset: offset
    )
    guard let wide else {
      throw error("its member '\(name)' has a field of 64 bits that cannot be read")
    }
    guard wide.count == wide.storedCount else {
      throw error("its member '\(name)' is stored, but in another count of bytes than it has")
    }
    return Member(
      name: name,
      headerOffset: wide.offset,
      byteCount: wide.count,
      hasDescriptor: flags & 8 != 0
    )
  }

  /// Finds the bytes of the members, and checks that no two share any.
  private mutating func arrange(
    _ ordered: inout [Member],
    end: Int
  ) throws(CheckpointError) {
    ordered.sort { ($0.headerOffset, $0.name) < ($1.headerOffset, $1.name) }
    var covered = 0
    for var member in ordered {
      guard member.headerOffset >= covered else {
        throw error("its member '\(member.name)' shares bytes with another")
      }
      member.dataOffset = try dataOffset(of: member, end: end)
      guard member.byteCount <= end - member.dataOffset else {
        throw error("its member '\(member.name)' ends outside of the archive's data")
      }
      covered = member.dataOffset + member.byteCount
      members[member.name] = member
    }
  }

  /// Reads the header before a member's bytes, which must say what the directory says.
  private func dataOffset(of member: Member, end: Int) throws(CheckpointError) -> Int {
    let name = Array(member.name.utf8)
    let least = 30 + name.count
    guard member.headerOffset <= end - least else {
      throw error("its member '\(member.name)' lies outside of the archive's data")
    }
    var cursor = ByteCursor(
      region.copyBytes(member.headerOffset..<member.headerOffset + least)
    )
    guard cursor.unsigned(4) == 0x0403_4B50, cursor.take(4) != nil, cursor.unsigned(2) == 0,
      cursor.take(8) != nil, let storedCount = cursor.count(4), let byteCount = cursor.count(4),
      cursor.count(2) == name.count, let extraCount = cursor.count(2),
      cursor.take(name.count).map(Array.init) == name
    else { throw error("the header of its member '\(member.name)' contradicts the directory") }
    // The counts may follow the bytes instead, or stand in a field of 64 bits.
    for count in [storedCount, byteCount]
    where count != member.byteCount && count != 0xFFFF_FFFF
      && !(count == 0 && member.hasDescriptor)
    {
      throw error("the header of its member '\(member.name)' contradicts the directory")
    }
    let offset = member.headerOffset + least + extraCount
    guard offset <= end else {
      throw error("its member '\(member.name)' lies outside of the archive's data")
    }
    return offset
  }

  private func error(_ detail: String) -> CheckpointError {
    CheckpointError(.zipInvalid(detail), file: file)
  }
}

/// The numbers of a directory's entry, from its ZIP64 field where they pass 32 bits.
private struct ZipWideFields {
  var count: Int
  var storedCount: Int
  var offset: Int

  init?(_ extra: [UInt8], count: Int, storedCount: Int, offset: Int) {
    self.count = count
    self.storedCount = storedCount
    self.offset = offset
    guard [count, storedCount, offset].contains(0xFFFF_FFFF) else { return }
    var cursor = ByteCursor(extra)
    while let kind = cursor.unsigned(2), let length = cursor.count(2),
      let field = cursor.take(length)
    {
      guard kind == 1 else { continue }
      // Only the numbers that did not fit are there, in this order.
      var numbers = ByteCursor(Array(field))
      if count == 0xFFFF_FFFF {
        guard let wide = numbers.count(8) else { return nil }
        self.count = wide
      }
      if storedCount == 0xFFFF_FFFF {
        guard let wide = numbers.count(8) else { return nil }
        self.storedCount = wide
      }
      if offset == 0xFFFF_FFFF {
        guard let wide = numbers.count(8) else { return nil }
        self.offset = wide
      }
      return
    }
    return nil
  }
}
