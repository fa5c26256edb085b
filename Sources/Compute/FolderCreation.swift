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
  /// - Parameters:
  ///   - path: The folder.
  ///   - isPrivate: Whether nobody else may look into those that are created.
  /// - Throws: `ComputeError` where one cannot be created.
  public static func ensure(_ path: String, isPrivate: Bool = false) throws(ComputeError) {
    let mode: mode_t = isPrivate ? 0o700 : 0o777
    if try make(path, mode) { return }
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw ComputeError(.cannotCreate(errno: ENOENT), place: path)
    }
    try ensure(String(path[..<slash]), isPrivate: isPrivate)
    guard try make(path, mode) else {
      throw ComputeError(.cannotCreate(errno: ENOENT), place: path)
    }
  }

  /// Creates one folder; false where the one above it is missing.
  private static func make(_ path: String, _ mode: mode_t) throws(ComputeError) -> Bool {
    if unsafe mkdir(path, mode) == 0 { return true }
    let code = errno
    if code == ENOENT { return false }
    var status = stat()
    guard code == EEXIST, unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw ComputeError(.cannotCreate(errno: code), place: path)
    }
    return true
  }
}
