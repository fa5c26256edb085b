// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Files that nobody but their owner may read, and that are written once.
public enum PrivateFile {
  /// Creates a file with all its bytes, unless something is there.
  ///
  /// Of several processes that do it at the same time one alone creates it; it is there whole or not at
  /// all.
  ///
  /// - Throws: `ComputeError` where it cannot be created.
  /// - Returns: Whether this call created it.
  public static func create(_ path: String, _ bytes: [UInt8]) throws(ComputeError) -> Bool {
    try EmbeddedFile.checkWritable(path)
    let asidePath = "\(path).\(getpid()).partial"
    // What a process of this number left that was killed here.
    _ = unsafe unlink(asidePath)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = unsafe open(asidePath, flags, mode_t(0o600))
    guard descriptor >= 0 else { throw ComputeError(.cannotCreate(errno: errno), place: path) }
    defer {
      close(descriptor)
      _ = unsafe unlink(asidePath)
    }
    var code = unsafe bytes.withUnsafeBytes { unsafe FileWriter.writeAll($0, to: descriptor) }
    if code == 0, fsync(descriptor) != 0 { code = errno }
    guard code == 0 else { throw ComputeError(.cannotWrite(errno: code), place: path) }
    // A second name, unlike a new one, does not take the place of what is there.
    guard unsafe link(asidePath, path) == 0 else {
      if errno == EEXIST { return false }
      throw ComputeError(.cannotCreate(errno: errno), place: path)
    }
    ParentFolder.flush(of: path)
    return true
  }
}
