// SPDX-License-Identifier: Apache-2.0

/// The rule for paths that a hub names: only such as lie inside the model's folder are used.
package enum RepositoryPath {
  // LIMIT: what file systems take, less the ending of a file that is not whole yet.
  private static let partByteLimit = 240
  private static let byteLimit = 1024

  /// Whether a path names a file below a folder, whatever the folder is.
  ///
  /// Refused are absolute paths, `.` and `..`, empty parts, backslashes, control characters (a
  /// terminal would obey them), NUL, and what is too long for a file system.
  package static func isSafe(_ path: String) -> Bool {
    guard path.utf8.count <= byteLimit, path.unicodeScalars.allSatisfy(isPrintable) else {
      return false
    }
    return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part != "." && part != ".." && part.utf8.count <= partByteLimit
    }
  }

  /// A text of a stranger as it may be shown: without what a terminal would obey.
  package static func shown(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(200) {
      result.append(isPrintable(scalar) ? scalar : "\u{FFFD}")
    }
    return String(result)
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x5C, 0x7F..<0xA0: false
    // Marks that turn the direction of writing make one name look like another.
    case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: false
    default: true
    }
  }
}
