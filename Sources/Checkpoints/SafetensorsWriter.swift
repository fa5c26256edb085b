// SPDX-License-Identifier: Apache-2.0

public import Compute
import JSON

/// Writes tensors as a safetensors file, whole or not at all.
///
/// Equal tensors and metadata give equal bytes: the file holds nothing else. Wide element types
/// come first and then names in order, so that every tensor is aligned to its elements.
public struct SafetensorsWriter {
  private var tensors: [(name: String, tensor: Tensor)] = []
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
    precondition(!tensors.contains { $0.name == name })
    tensors.append((name, tensor))
  }

  /// Writes the file aside, flushes it and puts it in place.
  ///
  /// - Throws: `CheckpointError` where the file cannot be written.
  public func write(to path: String) throws(CheckpointError) {
    let ordered = tensors.sorted {
      let (left, right) = ($0.tensor.elementType.byteCount, $1.tensor.elementType.byteCount)
      return left == right ? $0.name < $1.name : left > right
    }
    do {
      let writer = try FileWriter(path: path)
      try writer.write(header(of: ordered))
      for (_, tensor) in ordered { try writer.write(tensor) }
      try writer.commit()
    } catch {
      throw CheckpointError(.system(error), file: path)
    }
  }

  private func header(of ordered: [(name: String, tensor: Tensor)]) -> [UInt8] {
    var members: [(String, JSONText)] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { ($0.key, JSONText.string($0.value)) }
      members.append(("__metadata__", .object(pairs)))
    }
    var offset = 0
    for (name, tensor) in ordered {
      let end = offset + tensor.byteCount
      let entry: [(String, JSONText)] = [
        ("dtype", .string(tensor.elementType.safetensorsName)),
        ("shape", .array(tensor.shape.map { .integer($0) })),
        ("data_offsets", .array([.integer(offset), .integer(end)])),
      ]
      members.append((name, .object(entry)))
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
