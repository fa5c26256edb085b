// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Fills a folder aside and puts it in place when it is whole.
///
/// Until `commit` there is nothing at the path; a writer that ends before leaves nothing behind.
public final class FolderWriter {
  private let path: String
  /// Where the files are written, next to the folder's place.
  public let asidePath: String
  private var isPending = true

  /// Creates the folder aside.
  ///
  /// - Throws: `ComputeError` where something is at the path already, or the folder cannot be
  ///   created.
  public init(path: String) throws(ComputeError) {
    try EmbeddedFile.checkWritable(path)
    self.path = Self.trimmed(path)
    asidePath = "\(self.path).\(getpid()).partial"
    guard try FileKind.of(self.path) == nil else {
      isPending = false
      throw ComputeError(.alreadyThere, place: self.path)
    }
    guard unsafe mkdir(asidePath, mode_t(0o777)) == 0 else {
      isPending = false
      throw ComputeError(.cannotCreate(errno: errno), place: self.path)
    }
  }

  deinit {
    if isPending { Self.remove(asidePath) }
  }

  /// Creates a folder within the folder.
  ///
  /// - Parameter name: Its path below the folder; what lies above it is there already.
  /// - Throws: `ComputeError` where it cannot be created.
  public func makeFolder(_ name: String) throws(ComputeError) {
    guard unsafe mkdir("\(asidePath)/\(name)", mode_t(0o777)) == 0 else {
      throw ComputeError(.cannotCreate(errno: errno), place: "\(path)/\(name)")
    }
  }

  /// Puts the folder in place.
  ///
  /// - Throws: `ComputeError` where that fails, for example because something else has come there.
  public func commit() throws(ComputeError) {
    // A folder that has come there since stays, unless it is empty.
    guard unsafe rename(asidePath, path) == 0 else {
      throw ComputeError(.cannotCreate(errno: errno), place: path)
    }
    isPending = false
    ParentFolder.flush(of: path)
  }

  /// Checks that a folder's disk has room, before anything is written.
  ///
  /// - Parameters:
  ///   - byteCount: What will be written.
  ///   - path: Where the folder will be; its parent is there already.
  /// - Throws: `ComputeError` where the room is too small; a system that does not say has room.
  public static func checkRoom(for byteCount: Int, at path: String) throws(ComputeError) {
    var status = statvfs()
    guard unsafe statvfs(ParentFolder.path(of: trimmed(path)), &status) == 0 else { return }
    let available = Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    guard byteCount <= available else {
      throw ComputeError(.diskTooFull(byteCount: byteCount, available: available), place: path)
    }
  }

  /// Removes a folder with all in it, which gets another name first, so that no half of it is taken
  /// for a whole.
  ///
  /// - Throws: `ComputeError` where it cannot be given that name.
  public static func removeFolder(_ path: String) throws(ComputeError) {
    try EmbeddedFile.checkWritable(path)
    let path = trimmed(path)
    let aside = path.hasSuffix(".partial") ? path : "\(path).\(getpid()).partial"
    if path != aside {
      guard unsafe rename(path, aside) == 0 else {
        throw ComputeError(.cannotWrite(errno: errno), place: path)
      }
    }
    remove(aside)
  }

  /// A path without the slashes at its end.
  private static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }

  /// Removes a folder and all in it; what cannot be removed stays under a name that says what it is.
  private static func remove(_ path: String) {
    // Links are removed and never followed.
    if unsafe unlink(path) == 0 { return }
    for name in (try? FileKind.names(inFolder: path)) ?? [] { remove("\(path)/\(name)") }
    _ = unsafe rmdir(path)
  }
}
