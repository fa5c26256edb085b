// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Folders that are to be there.
public enum FolderCreation {
  /// Creates a folder, and those above it that are missing; one that is there already stays.
  ///
  /// - Throws: `ComputeError` where one cannot be created.
  public static func ensure(_ path: String) throws(ComputeError) {
    if try make(path) { return }
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw ComputeError(.cannotCreate(errno: ENOENT), place: path)
    }
    try ensure(String(path[..<slash]))
    guard try make(path) else { throw ComputeError(.cannotCreate(errno: ENOENT), place: path) }
  }

  /// Creates one folder; false where the one above it is missing.
  private static func make(_ path: String) throws(ComputeError) -> Bool {
    if unsafe mkdir(path, 0o777) == 0 { return true }
    let code = errno
    if code == ENOENT { return false }
    var status = stat()
    guard code == EEXIST, unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw ComputeError(.cannotCreate(errno: code), place: path)
    }
    return true
  }
}
