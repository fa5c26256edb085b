// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What a path names.
public enum FileKind: Sendable, Hashable {
  /// Bytes that can be mapped.
  case regularFile
  /// A folder.
  case folder
  /// A device, a pipe or a socket.
  case other

  /// Looks at what a path names, following links.
  ///
  /// - Throws: `ComputeError` where the path cannot be looked at, for example for want of
  ///   permission.
  /// - Returns: Nil if there is nothing.
  public static func of(_ path: String) throws(ComputeError) -> FileKind? {
    if let name = EmbeddedFile.name(ofPath: path) { return EmbeddedFile.kind(of: name) }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw ComputeError(.cannotOpen(errno: errno), place: path)
    }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .regularFile
    case S_IFDIR: .folder
    default: .other
    }
  }

  /// Whether a path names a symbolic link, wherever that leads; not where it names nothing.
  public static func isLink(_ path: String) -> Bool {
    guard EmbeddedFile.name(ofPath: path) == nil else { return false }
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Lists the names in a folder, sorted, without `.` and `..`.
  ///
  /// - Throws: `ComputeError` where the folder cannot be read.
  public static func names(inFolder path: String) throws(ComputeError) -> [String] {
    if let name = EmbeddedFile.name(ofPath: path) {
      let names = EmbeddedFile.entries(ofFolder: name)
      guard !names.isEmpty else { throw ComputeError(.cannotOpen(errno: ENOENT), place: path) }
      return names
    }
    guard let folder = unsafe opendir(path) else {
      throw ComputeError(.cannotOpen(errno: errno), place: path)
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      // SAFETY: the name is terminated, and it is copied before the next call overwrites it.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 1) { characters in
          unsafe String(cString: characters)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
