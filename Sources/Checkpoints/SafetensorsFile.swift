// SPDX-License-Identifier: Apache-2.0

public import Compute

/// A mapped safetensors file whose header was checked; its tensors are views of the mapped bytes.
public struct SafetensorsFile: TensorSource {
  /// What errors call the file.
  public let label: String
  /// The header's `__metadata__`.
  public let metadata: [String: String]
  private let tensors: [String: Tensor]

  /// Maps a file and checks its header; no tensor data is read.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - label: What errors call it; the path where nil.
  /// - Throws: `CheckpointError` where the file cannot be mapped or breaks the format.
  public init(path: String, label: String? = nil) throws(CheckpointError) {
    let region: MemoryRegion
    do {
      region = try MemoryRegion(mapping: path)
    } catch {
      throw CheckpointError(.system(error), file: label ?? path)
    }
    try self.init(region: region, label: label ?? path)
  }

  /// Checks the header of a file that is in memory.
  ///
  /// - Parameters:
  ///   - region: The file's bytes.
  ///   - label: What errors call the file.
  /// - Complexity: O(n log n) in the number of tensors.
  /// - Throws: `CheckpointError` where the file breaks the format.
  public init(region: MemoryRegion, label: String) throws(CheckpointError) {
    let header = try SafetensorsHeader(of: region, file: label)
    var tensors: [String: Tensor] = [:]
    tensors.reserveCapacity(header.entries.count)
    for entry in header.entries {
      tensors[entry.name] = Tensor(
        region: region,
        byteOffset: header.dataOffset + entry.begin,
        elementType: entry.elementType,
        shape: entry.shape
      )
    }
    self.label = label
    self.metadata = header.metadata
    self.tensors = tensors
  }

  /// The names of all tensors, sorted.
  public var names: [String] { tensors.keys.sorted() }

  /// The tensor with this name, nil if the file has none.
  public func tensor(_ name: String) -> Tensor? { tensors[name] }

  /// The file itself, where it holds the tensor.
  public func file(of name: String) -> String? { tensors[name] == nil ? nil : label }
}
