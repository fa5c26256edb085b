// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads the bytes of a configuration file.
package enum SettingsFile {
  // LIMIT: every option of every command with a comment takes a tenth of it.
  static let byteLimit = 1 << 16

  /// Reads a file.
  ///
  /// - Throws: `SettingsError` where it is no regular file, too long or unreadable.
  /// - Returns: Nil where nothing lies at the path.
  package static func bytes(of path: String) throws(SettingsError) -> [UInt8]? {
    // Without O_NONBLOCK a pipe without a writer would be waited for.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw SettingsError(.system(code: errno), file: path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw SettingsError(.system(code: errno), file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SettingsError(.notAFile, file: path) }
    return try bytes(from: descriptor, path: path)
  }

  private static func bytes(from descriptor: Int32, path: String) throws(SettingsError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw SettingsError(.system(code: errno), file: path)
      }
      bytes += chunk[..<count]
      guard bytes.count <= byteLimit else {
        throw SettingsError(.tooLong(limit: byteLimit), file: path)
      }
    }
  }
}
