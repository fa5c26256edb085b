// SPDX-License-Identifier: Apache-2.0

import Compute

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What is done with folders and names of files, with the system's own words where it refuses.
enum DiskFolder {
  /// The folder that holds what a path names; nil for a name alone and for the root.
  static func parent(of path: String) -> String? {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return nil }
    return String(path[..<slash])
  }

  /// Gives a file or folder another name.
  static func rename(_ source: String, to target: String) throws(ComputeError) {
    guard systemRename(source, target) == 0 else {
      throw ComputeError(.cannotCreate(errno: errno), place: target)
    }
  }

  /// Gives a file a second name; where the file system has no links, moves it there.
  static func linkOrMove(_ source: String, to target: String) throws(ComputeError) {
    if unsafe link(source, target) == 0 { return }
    try rename(source, to: target)
  }

  /// Removes a file or a folder with all in it; links are removed and not followed.
  ///
  /// - Throws: `ComputeError` where something cannot be removed; what is not there is no error.
  static func remove(_ path: String) throws(ComputeError) {
    guard let status = status(path, followsLinks: false) else { return }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    if isFolder {
      for name in try FileKind.names(inFolder: path) { try remove("\(path)/\(name)") }
    }
    guard isFolder ? unsafe rmdir(path) == 0 : unsafe unlink(path) == 0 else {
      throw ComputeError(.cannotWrite(errno: errno), place: path)
    }
  }

  /// Removes folders without files, the given one last; a folder that holds something stays.
  static func removeEmpty(_ path: String) {
    for name in (try? FileKind.names(inFolder: path)) ?? [] where isFolder("\(path)/\(name)") {
      removeEmpty("\(path)/\(name)")
    }
    _ = unsafe rmdir(path)
  }

  /// Removes a folder that holds nothing at all.
  static func removeIfEmpty(_ path: String) { _ = unsafe rmdir(path) }

  /// How many bytes a regular file has, nil where there is none.
  static func byteCount(of path: String) -> Int? {
    guard let status = status(path, followsLinks: true), status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  /// How many names a file has; 0 where there is none.
  static func linkCount(of path: String) -> Int {
    status(path, followsLinks: false).map { Int($0.st_nlink) } ?? 0
  }

  /// Whether a path names a folder, or a link to one.
  static func isFolder(_ path: String) -> Bool {
    status(path, followsLinks: true).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// Whether anything has this name, a link to nothing too.
  static func exists(_ path: String) -> Bool { status(path, followsLinks: false) != nil }

  /// The regular files below a folder, as paths below it, sorted.
  static func files(below folder: String) -> [String] {
    var files: [String] = []
    var folders = [""]
    // LIMIT: no model has so many; a circle of links would.
    while let prefix = folders.popLast(), files.count < 200_000, folders.count < 10_000 {
      for name in (try? FileKind.names(inFolder: folder + "/" + prefix)) ?? [] {
        let path = prefix + name
        guard let status = status("\(folder)/\(path)", followsLinks: true) else { continue }
        if status.st_mode & S_IFMT == S_IFREG { files.append(path) }
        if status.st_mode & S_IFMT == S_IFDIR, prefix.utf8.count < 1024 {
          folders.append(path + "/")
        }
      }
    }
    return files.sorted()
  }

  /// Bytes that an ordinary user can still write where a path lies or will lie.
  static func freeByteCount(at path: String) -> Int? {
    var place = path
    while !isFolder(place), let parent = parent(of: place) { place = parent }
    var status = statvfs()
    guard unsafe statvfs(place, &status) == 0 else { return nil }
    let (bytes, overflows) = Int(clamping: status.f_bavail)
      .multipliedReportingOverflow(by: Int(status.f_frsize))
    return overflows ? .max : bytes
  }

  private static func status(_ path: String, followsLinks: Bool) -> stat? {
    var status = stat()
    let code = unsafe followsLinks ? stat(path, &status) : lstat(path, &status)
    return code == 0 ? status : nil
  }
}

// Inside the enumeration `rename` means its own function.
private func systemRename(_ source: String, _ target: String) -> Int32 {
  unsafe rename(source, target)
}
