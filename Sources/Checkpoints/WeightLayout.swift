// SPDX-License-Identifier: Apache-2.0

import Compute

/// How a folder's weights lie in files, the preferred way first.
enum WeightLayout: CaseIterable {
  case safetensors
  case safetensorsIndex
  case pickle
  case pickleIndex

  /// One file, as tensors and as bytes.
  struct File {
    var source: any TensorSource
    var region: MemoryRegion
  }

  /// The file by which the layout is known.
  var fileName: String {
    switch self {
    case .safetensors: "model.safetensors"
    case .safetensorsIndex: "model.safetensors.index.json"
    case .pickle: "pytorch_model.bin"
    case .pickleIndex: "pytorch_model.bin.index.json"
    }
  }

  /// Whether the file is an index of shards.
  var isIndex: Bool { self == .safetensorsIndex || self == .pickleIndex }

  /// Maps a file of weights and opens it.
  func open(_ name: String, in folder: String) throws(CheckpointError) -> File {
    let region: MemoryRegion
    do { region = try MemoryRegion(mapping: "\(folder)/\(name)") } catch {
      throw CheckpointError(.system(error), file: name)
    }
    return try open(region, label: name)
  }

  /// Opens a file of weights that is in memory.
  func open(_ region: MemoryRegion, label: String) throws(CheckpointError) -> File {
    let source: any TensorSource =
      switch self {
      case .safetensors, .safetensorsIndex: try SafetensorsFile(region: region, label: label)
      case .pickle, .pickleIndex: try PickledFile(region: region, label: label)
      }
    return File(source: source, region: region)
  }
}
