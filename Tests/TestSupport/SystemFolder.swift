// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What lies in a folder.
public enum SystemFolder {
  /// The names of a folder's entries.
  public static func names(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path)
  }

  /// Whether something lies at a path.
  public static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// A fresh folder for one test, which the test removes.
  public static func makeTemporary() throws -> String {
    let path =
      FileManager.default.temporaryDirectory.path
      + "/hadal-test-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  /// Writes a file, its folder too where that is missing.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    try FileManager.default.createDirectory(atPath: "/" + folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// Copies a folder and all in it.
  public static func copy(_ source: String, to target: String) throws {
    try FileManager.default.copyItem(atPath: source, toPath: target)
  }

  /// Makes a symbolic link.
  public static func link(_ target: String, at path: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  /// Gives a file a second name.
  public static func addName(_ target: String, of source: String) throws {
    try FileManager.default.linkItem(atPath: source, toPath: target)
  }

  /// Moves a file or a folder.
  public static func move(_ source: String, to target: String) throws {
    try FileManager.default.moveItem(atPath: source, toPath: target)
  }

  /// How many bytes a file has; 0 where there is none.
  public static func byteCount(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }

  /// Who may do what with a file or folder, as in `chmod`.
  public static func permissions(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  /// Removes a folder and all in it.
  public static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
