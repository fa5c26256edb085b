// SPDX-License-Identifier: Apache-2.0

public import Compute
import JSON

/// Writes tensors as a safetensors file, whole or not at all.
///
/// Equal tensors and metadata give equal bytes: the file holds nothing else. Wide element types
/// come first and then names in order, so that every tensor is aligned to its elements.
public struct SafetensorsWriter {
  /// A tensor to be: what the header says, and how its rows are had.
  private struct Entry {
    var name: String
    var elementType: ElementType
    var shape: [Int]
    var byteCount: Int
    /// Rows that are made at once.
    var rowsPerPart: Int
    var make: (Range<Int>) throws(CheckpointError) -> Tensor
  }

  private var entries: [Entry] = []
  private var names: Set<String> = []
  private let metadata: [String: String]

  /// Creates a writer without tensors.
  ///
  /// - Parameter metadata: What the header says about the file; transformers wants `format`: `pt`.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor, whose bytes are read when the file is written.
  ///
  /// - Precondition: No tensor of this name was added before.
  public mutating func add(_ name: String, _ tensor: Tensor) {
    add(name, tensor.elementType, shape: tensor.shape, rowsPerPart: max(tensor.rowCount, 1)) {
      _ in tensor
    }
  }

  /// Adds a tensor whose rows are made while the file is written, a few at a time.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - elementType: How it will be stored.
  ///   - shape: Its shape.
  ///   - rowsPerPart: How many rows are made at once; no more than these are kept.
  ///   - make: Makes a run of rows in this element type.
  /// - Precondition: No tensor of this name was added before.
  public mutating func add(
    _ name: String,
    _ elementType: ElementType,
    shape: [Int],
    rowsPerPart: Int,
    make: @escaping (Range<Int>) throws(CheckpointError) -> Tensor
  ) {
    precondition(names.insert(name).inserted && rowsPerPart > 0)
    let entry = Entry(
      name: name,
      elementType: elementType,
      shape: shape,
      byteCount: shape.reduce(elementType.byteCount, *),
      rowsPerPart: rowsPerPart,
      make: make
    )
    entries.append(entry)
  }

  /// Writes the file aside, flushes it and puts it in place.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - isWanted: Is told the bytes that were just written, and says whether to go on.
  /// - Throws: `CheckpointError` where the file cannot be written.
  /// - Returns: Whether it was written to its end; else the place keeps what it had.
  @discardableResult
  public func write(
    to path: String,
    while isWanted: (Int) -> Bool = { _ in true }
  ) throws(CheckpointError) -> Bool {
    let ordered = entries.sorted {
      let (left, right) = ($0.elementType.byteCount, $1.elementType.byteCount)
      return left == right ? $0.name < $1.name : left > right
    }
    let writer = try Self.atPath(path) { () throws(ComputeError) in
      let writer = try FileWriter(path: path)
      try writer.write(header(of: ordered))
      return writer
    }
    for entry in ordered {
      let rowCount = entry.shape.first ?? 1
      for start in stride(from: 0, to: rowCount, by: entry.rowsPerPart) {
        let rows = try entry.make(start..<min(start + entry.rowsPerPart, rowCount))
        try Self.atPath(path) { () throws(ComputeError) in try writer.write(rows) }
        // Of a large mapped tensor no more than a part is kept in memory either.
        rows.releasePages()
        guard isWanted(rows.byteCount) else { return false }
      }
    }
    try Self.atPath(path) { () throws(ComputeError) in try writer.commit() }
    return true
  }

  private static func atPath<Result>(
    _ path: String,
    _ body: () throws(ComputeError) -> Result
  ) throws(CheckpointError) -> Result {
    do { return try body() } catch { throw CheckpointError(.system(error), file: path) }
  }

  private func header(of ordered: [Entry]) -> [UInt8] {
    var members: [(String, JSONText)] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { ($0.key, JSONText.string($0.value)) }
      members.append(("__metadata__", .object(pairs)))
    }
    var offset = 0
    for entry in ordered {
      let end = offset + entry.byteCount
      let fields: [(String, JSONText)] = [
        ("dtype", .string(entry.elementType.safetensorsName)),
        ("shape", .array(entry.shape.map { .integer($0) })),
        ("data_offsets", .array([.integer(offset), .integer(end)])),
      ]
      members.append((entry.name, .object(fields)))
      offset = end
    }
    var json: [UInt8] = []
    JSONText.object(members).write(to: &json)
    // Spaces after the object keep the data aligned.
    while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
    let length = UInt64(json.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + json
  }
}
