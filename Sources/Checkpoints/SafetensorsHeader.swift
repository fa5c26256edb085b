// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON

/// The checked header of a safetensors file: which bytes are which tensor.
///
/// The format: eight bytes of little-endian header length, a JSON object of that length, then the
/// data. Everything that a reader could take in two ways is refused: keys that come twice, tensors
/// that overlap, bytes that belong to none.
struct SafetensorsHeader {
  struct Entry {
    var name: String
    var dtype: String
    var elementType: ElementType
    var shape: [Int]
    /// Bytes of the data section.
    var begin: Int
    var end: Int
  }

  // LIMIT: the format's own cap.
  static let byteCountLimit = 100_000_000
  // LIMIT: a header nests three levels.
  static let depthLimit = 16

  /// In the order of the data.
  var entries: [Entry]
  var metadata: [String: String]
  /// Where the data section begins in the file.
  var dataOffset: Int

  init(of region: MemoryRegion, file: String) throws(CheckpointError) {
    guard region.byteCount >= 8 else {
      throw CheckpointError(.fileTooShort(byteCount: region.byteCount), file: file)
    }
    let length = region.copyBytes(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.byteCountLimit) else {
      throw CheckpointError(.headerTooLarge(limit: Self.byteCountLimit), file: file)
    }
    dataOffset = 8 + Int(length)
    guard dataOffset <= region.byteCount else {
      let reason = CheckpointError.Reason.headerTruncated(
        byteCount: region.byteCount,
        promised: Int(length)
      )
      throw CheckpointError(reason, file: file)
    }
    let document = try Self.document(region.copyBytes(8..<dataOffset), file: file)
    guard let members = document.root.object else {
      throw CheckpointError(.headerNotJSON("it is no JSON object"), file: file)
    }
    entries = []
    entries.reserveCapacity(members.count)
    metadata = [:]
    var hasMetadata = false
    var names: Set<String> = []
    names.reserveCapacity(members.count)
    let dataByteCount = region.byteCount - dataOffset
    for member in members {
      if member.keyEquals("__metadata__") {
        guard !hasMetadata else {
          throw CheckpointError(.duplicateKey("__metadata__"), file: file)
        }
        hasMetadata = true
        metadata = try Self.metadata(member.value, file: file)
      } else {
        let name = member.key
        // Names that differ in nothing but their Unicode normal form count as one name.
        guard names.insert(name).inserted else {
          throw CheckpointError(.duplicateKey(name), file: file, tensor: name)
        }
        let parser = EntryParser(name: name, file: file, dataByteCount: dataByteCount)
        entries.append(try parser.entry(member.value))
      }
    }
    try arrange(file: file, dataByteCount: dataByteCount)
  }

  private static func document(
    _ bytes: [UInt8],
    file: String
  ) throws(CheckpointError) -> JSONDocument {
    do {
      return try JSONDocument(
        bytes,
        limits: JSONDocument.Limits(depth: depthLimit, byteCount: byteCountLimit)
      )
    } catch {
      switch error.reason {
      case .notUTF8: throw CheckpointError(.headerNotUTF8, file: file)
      case .tooDeep: throw CheckpointError(.headerTooDeep, file: file)
      default:
        throw CheckpointError(.headerNotJSON("\(error.what), byte \(error.offset)"), file: file)
      }
    }
  }

  private static func metadata(
    _ value: JSONValue,
    file: String
  ) throws(CheckpointError) -> [String: String] {
    var result: [String: String] = [:]
    guard let members = value.object else {
      throw CheckpointError(.headerNotJSON("its metadata is no JSON object"), file: file)
    }
    for member in members {
      guard let text = member.value.string else {
        throw CheckpointError(
          .headerNotJSON("a value of its metadata is no string"),
          file: file,
          field: member.key
        )
      }
      guard result.updateValue(text, forKey: member.key) == nil else {
        throw CheckpointError(.duplicateKey(member.key), file: file, field: "__metadata__")
      }
    }
    return result
  }

  /// Sorts the entries by their bytes, and checks that these cover the data once.
  private mutating func arrange(file: String, dataByteCount: Int) throws(CheckpointError) {
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var covered = 0
    for (index, entry) in entries.enumerated() {
      if entry.begin < covered {
        let reason = CheckpointError.Reason.overlappingTensors(with: entries[index - 1].name)
        throw CheckpointError(reason, file: file, tensor: entry.name)
      }
      guard entry.begin == covered else {
        let reason = CheckpointError.Reason.gapBetweenTensors(byteCount: entry.begin - covered)
        throw CheckpointError(reason, file: file, tensor: entry.name)
      }
      covered = entry.end
    }
    guard covered == dataByteCount else {
      throw CheckpointError(.trailingBytes(byteCount: dataByteCount - covered), file: file)
    }
    for entry in entries {
      guard Self.byteCount(entry.shape, entry.elementType) == entry.end - entry.begin else {
        let reason = CheckpointError.Reason.sizeMismatch(
          dtype: entry.dtype,
          shape: entry.shape,
          byteCount: entry.end - entry.begin
        )
        throw CheckpointError(reason, file: file, tensor: entry.name)
      }
    }
  }

  /// The bytes of a shape, nil where the product overflows, also apart from extents of 0: a tensor
  /// multiplies parts of its shape.
  static func byteCount(_ shape: [Int], _ elementType: ElementType) -> Int? {
    var product = elementType.byteCount
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
      if overflow { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }
}
