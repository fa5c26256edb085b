// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The folder that a path lies in, and how its names reach the disk.
enum ParentFolder {
  /// The folder of a path that does not end with a slash.
  static func path(of path: String) -> String {
    let slash = path.lastIndex(of: "/")
    return slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  /// Flushes a new name to the disk; a file system that cannot sync folders is no reason to fail.
  static func flush(of path: String) {
    let descriptor = unsafe open(Self.path(of: path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
