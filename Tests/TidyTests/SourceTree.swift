// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// The files that people write in this repository; fixtures are bytes and stay out.
enum SourceTree {
  /// Every file that a rule may look at.
  static let files: [SourceFile] = paths.compactMap { path in
    text(path).flatMap { SourceFile(path: path, text: $0) }
  }

  /// Swift and C, and what Swift targets hold.
  static var code: [SourceFile] { files.filter { $0.kind == .swift || $0.kind == .c } }

  /// The paths below the package's folder, fixtures too.
  static let allPaths: [String] = {
    let manager = FileManager.default
    let folders = [
      "Sources", "Tests", "Documentation", "Benchmarks", "Examples", "Recipes", "scripts", ".ci",
    ]
    let below = folders.flatMap { folder in
      (manager.enumerator(atPath: "\(Oracles.packageRoot)/\(folder)")?.allObjects ?? [])
        .compactMap { $0 as? String }
        .map { "\(folder)/\($0)" }
        // An example that was built where it lies.
        .filter { !$0.contains("/.build/") }
    }
    let top = (try? manager.contentsOfDirectory(atPath: Oracles.packageRoot)) ?? []
    return (top + below).filter { !isFolder($0) && !$0.contains("__pycache__") }.sorted()
  }()

  private static var paths: [String] { allPaths.filter { !$0.contains("/Fixtures/") } }

  /// The text of a file, nil where it is absent or not UTF-8.
  static func text(_ path: String) -> String? {
    try? String(contentsOfFile: "\(Oracles.packageRoot)/\(path)", encoding: .utf8)
  }

  /// Whether something lies at a path.
  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(Oracles.packageRoot)/\(path)")
  }

  /// Whether a file may be run.
  static func isExecutable(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "\(Oracles.packageRoot)/\(path)")
  }

  /// How many bytes a file has.
  static func byteCount(_ path: String) -> Int {
    let attributes = try? FileManager.default
      .attributesOfItem(atPath: "\(Oracles.packageRoot)/\(path)")
    return (attributes?[.size] as? Int) ?? 0
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(
      atPath: "\(Oracles.packageRoot)/\(path)",
      isDirectory: &isFolder
    )
    return exists && isFolder.boolValue
  }
}
