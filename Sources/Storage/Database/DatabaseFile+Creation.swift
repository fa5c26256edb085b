// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension DatabaseFile {
  /// Creates an empty file that nobody else may read, and the folders above it.
  ///
  /// SQLite would create it with the permissions that the process gives to any file; the files
  /// that it puts beside take those of the database. A file that exists is left alone: to open and
  /// close it here would take away locks that this process holds on it.
  static func createIfAbsent(_ path: String) throws(StorageError) {
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try createFolder(String(path[..<slash]))
    }
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o600))
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != EEXIST {
      throw StorageError(.cannotCreate(systemText(errno)), file: path)
    }
  }

  static func createFolder(_ path: String) throws(StorageError) {
    if unsafe mkdir(path, 0o700) == 0 { return }
    let code = errno
    switch code {
    case EEXIST: return
    case ENOENT:
      guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { break }
      try createFolder(String(path[..<slash]))
      // Another process may create it at the same time.
      if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
      throw StorageError(.cannotCreate(systemText(errno)), file: path)
    default: break
    }
    throw StorageError(.cannotCreate(systemText(code)), file: path)
  }

  private static func systemText(_ code: Int32) -> String {
    // SAFETY: strerror returns a terminated string; it is copied before anything else can run.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
