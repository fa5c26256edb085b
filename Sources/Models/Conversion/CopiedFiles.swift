// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute

/// The files of a checkpoint beside its weights and its configuration, which are copied as they are.
///
/// Weights in other formats are left out; so are hidden folders and the record of a pull, which hold
/// what tools noted about the folder, and links to folders, which could lead in circles.
struct CopiedFiles {
  // LIMIT: as for weights.
  private static let partByteCount = 32 << 20

  private let source: String
  /// Paths below the source; folders stand before what they hold.
  private var folders: [String] = []
  private var files: [String] = []
  /// What all of them take.
  private(set) var byteCount = 0

  init(of source: String) throws(ComputeError) {
    self.source = source
    try list("")
  }

  private mutating func list(_ prefix: String) throws(ComputeError) {
    for name in try FileKind.names(inFolder: "\(source)/\(prefix)") {
      let path = prefix + name
      guard path != "config.json", path != ".hadal.json", !CheckpointFolder.isWeightFile(name)
      else { continue }
      switch try FileKind.of("\(source)/\(path)") {
      case .regularFile:
        files.append(path)
        byteCount += try MemoryRegion(mapping: "\(source)/\(path)").byteCount
      case .folder:
        guard !name.hasPrefix("."), !FileKind.isLink("\(source)/\(path)") else { continue }
        folders.append(path)
        try list(path + "/")
      case .other, nil: continue
      }
    }
  }

  /// Copies them.
  ///
  /// - Parameters:
  ///   - writer: The new folder.
  ///   - isWanted: Is told the bytes that were just written, and says whether to go on.
  /// - Throws: `ComputeError` where a file cannot be read or written.
  /// - Returns: Whether all were copied.
  func copy(
    to writer: FolderWriter,
    while isWanted: (Int) -> Bool
  ) throws(ComputeError) -> Bool {
    for folder in folders { try writer.makeFolder(folder) }
    for path in files {
      let region = try MemoryRegion(mapping: "\(source)/\(path)")
      let bytes = Tensor(region: region, byteOffset: 0, elementType: .u8, shape: [region.byteCount])
      let file = try FileWriter(path: "\(writer.asidePath)/\(path)")
      for start in stride(from: 0, to: region.byteCount, by: Self.partByteCount) {
        let part = bytes.rows(start..<min(start + Self.partByteCount, region.byteCount))
        try file.write(part)
        part.releasePages()
        guard isWanted(part.byteCount) else { return false }
      }
      try file.commit()
    }
    return true
  }
}
