// SPDX-License-Identifier: Apache-2.0

import Compute

extension Oracles {
  /// The bytes of a file.
  public static func bytes(at path: String) throws -> [UInt8] {
    let region = try MemoryRegion(mapping: path)
    return region.copyBytes(0..<region.byteCount)
  }

  /// The text of a file below the oracles' folder.
  public static func text(_ path: String) throws -> String {
    String(decoding: try bytes(at: (folder ?? "") + "/" + path), as: UTF8.self)
  }
}
