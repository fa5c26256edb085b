// SPDX-License-Identifier: Apache-2.0

import CAssets

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file whose bytes are part of the program.
///
/// It has a path, which begins with `hadal:/`. `FileKind` and `MemoryRegion` take such a path for the
/// file, so that what reads a folder of the system reads one of the program as well; what writes
/// refuses it. A folder of the system that is called so is reached as `./hadal:/`.
public struct EmbeddedFile: Sendable, Hashable {
  /// Its name, with its folder: `nano/config.json`.
  public let name: String
  /// How many bytes it has.
  public let byteCount: Int
  private let index: Int

  private init(index: Int) {
    self.index = index
    // SAFETY: the index is less than the count; the name is terminated and is never freed.
    name = unsafe String(cString: hdl_asset_name(index))
    byteCount = hdl_asset_byte_count(index)
  }

  /// All of them, in the order of their names.
  public static let all: [EmbeddedFile] =
    (0..<hdl_asset_count()).map(EmbeddedFile.init).sorted { $0.name < $1.name }

  /// Finds a file by its name.
  ///
  /// - Returns: Nil if the program was built without it.
  public static func named(_ name: String) -> EmbeddedFile? { all.first { $0.name == name } }

  /// The path of a folder of the program.
  ///
  /// - Returns: Nil if the program was built without it.
  public static func path(ofFolder name: String) -> String? {
    kind(of: name) == .folder ? root + name : nil
  }

  /// The file's path.
  public var path: String { Self.root + name }

  /// The bytes where they lie, which nobody may write.
  public var region: MemoryRegion { MemoryRegion(self) }

  /// A copy of the bytes.
  public var bytes: [UInt8] { region.copyBytes(0..<byteCount) }

  /// Where the bytes begin.
  ///
  /// SAFETY: they are there as long as the program, and constant.
  var start: UnsafePointer<UInt8> { unsafe hdl_asset_bytes(index) }
}

/// Paths of embedded files.
extension EmbeddedFile {
  private static let root = "hadal:/"

  /// The name that a path stands for, of a file or a folder that may be absent; nil for a path of the
  /// system.
  static func name(ofPath path: String) -> String? {
    guard path.hasPrefix(root) else { return nil }
    return path.dropFirst(root.count).split(separator: "/").joined(separator: "/")
  }

  /// What a name stands for, nil where there is nothing.
  static func kind(of name: String) -> FileKind? {
    if named(name) != nil { return .regularFile }
    return entries(ofFolder: name).isEmpty ? nil : .folder
  }

  /// The names in a folder, sorted; none where there is no such folder.
  static func entries(ofFolder name: String) -> [String] {
    let prefix = name.isEmpty ? "" : name + "/"
    let below = all.filter { $0.name.hasPrefix(prefix) }.compactMap { file in
      file.name.dropFirst(prefix.count).split(separator: "/").first.map(String.init)
    }
    return Set(below).sorted()
  }

  /// Refuses a path of the program to whoever would write there.
  ///
  /// - Throws: `ComputeError` with reason `cannotCreate`.
  static func checkWritable(_ path: String) throws(ComputeError) {
    guard name(ofPath: path) == nil else {
      throw ComputeError(.cannotCreate(errno: EROFS), place: path)
    }
  }
}
