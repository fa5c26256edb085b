// SPDX-License-Identifier: Apache-2.0

/// The order of the targets in `Package.swift`, from the bottom of the house to its top.
struct PackageLayout {
  /// The targets' names in order.
  let targets: [Substring]

  init(manifest: String) {
    let start = manifest.firstRange(of: "\n  targets: [")?.upperBound ?? manifest.startIndex
    let names = manifest[start...].matches(
      of: #/(?:target|tests|Target|testTarget)\(\s*(?:name: )?"(\w+)"/#
    )
    targets = names.map { $0.1 }
  }

  /// The layout of this repository.
  static let own = PackageLayout(manifest: SourceTree.text("Package.swift") ?? "")

  /// Whether a target may import a module; modules of other packages are not judged here.
  func allows(_ module: Substring, in target: Substring) -> Bool {
    guard let imported = targets.firstIndex(of: module) else { return true }
    guard let importer = targets.firstIndex(of: target) else { return false }
    return imported < importer
  }

  /// The modules that a file imports, with the line of each.
  static func imports(of file: SourceFile) -> [(line: Int, module: Substring)] {
    guard file.kind == .swift else { return [] }
    return file.bareCode.enumerated().compactMap { index, line in
      // `@testable public import struct Module.Name`
      let words = line.words
      guard let place = words.firstIndex(of: "import"),
        words[..<place].allSatisfy({ Self.modifiers.contains($0) })
      else { return nil }
      let rest = words[(place + 1)...].drop { Self.kinds.contains($0) }
      return rest.first.map { (index, $0) }
    }
  }

  private static let modifiers: Set<Substring> = [
    "public", "package", "internal", "private", "fileprivate", "testable", "preconcurrency",
    "_exported", "_spi",
  ]
  private static let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var"]
}
