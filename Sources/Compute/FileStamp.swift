// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file of a folder from which others may take files at any time: its bytes and when it was last used.
///
/// Nothing here fails: what is gone is not there, and what cannot be removed stays.
public struct FileStamp: Sendable, Hashable {
  /// Its path.
  public let path: String
  /// How many bytes it has.
  public let byteCount: Int
  /// When it was written or marked, in nanoseconds since 1970.
  public let time: Int

  /// The regular files of a folder; links are none.
  public static func files(inFolder folder: String) -> [FileStamp] {
    ((try? FileKind.names(inFolder: folder)) ?? []).compactMap { name in
      let path = "\(folder)/\(name)"
      var status = stat()
      guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      #if canImport(Darwin)
      let time = status.st_mtimespec
      #else
      let time = status.st_mtim
      #endif
      return FileStamp(
        path: path,
        byteCount: Int(status.st_size),
        time: Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
      )
    }
  }

  /// The present time, in nanoseconds since 1970.
  public static var now: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }

  /// Marks a file as used at a time, in nanoseconds since 1970.
  public static func mark(_ path: String, time: Int) {
    let stamp = timespec(tv_sec: time / 1_000_000_000, tv_nsec: time % 1_000_000_000)
    let times = [stamp, stamp]
    _ = unsafe utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW)
  }

  /// Removes a file.
  public static func remove(_ path: String) { _ = unsafe unlink(path) }
}
