// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads a file of any size in pieces.
final class DiskBytes {
  private let handle: FileHandle

  init(path: String) throws { handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)) }

  deinit { try? handle.close() }

  /// The next piece, nil at the end.
  func next() throws -> [UInt8]? {
    guard let data = try handle.read(upToCount: 1 << 20), !data.isEmpty else { return nil }
    return Array(data)
  }
}
