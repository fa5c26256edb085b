// SPDX-License-Identifier: Apache-2.0

/// One file of the repository, line by line.
struct SourceFile {
  /// What a file is written in.
  enum Kind {
    case swift
    case c
    case script
    case page
    case document
  }

  /// The path below the package's folder.
  let path: String
  let kind: Kind
  let lines: [Substring]
  /// The lines without comments.
  let code: [Substring]
  /// The lines without comments and texts.
  let bareCode: [Substring]
  /// The comments of each line; of a script or a document the whole line.
  let comments: [Substring]

  init?(path: String, text: String) {
    guard let kind = Self.kind(of: path) else { return nil }
    self.path = path
    self.kind = kind
    lines = Self.split(text)
    guard kind == .swift || kind == .c else {
      (code, bareCode, comments) = (lines, lines, lines)
      return
    }
    let scanner = SourceScanner(text, isSwift: kind == .swift)
    code = Self.split(String(decoding: scanner.code, as: UTF8.self))
    bareCode = Self.split(String(decoding: scanner.bareCode, as: UTF8.self))
    comments = Self.split(String(decoding: scanner.comments, as: UTF8.self))
  }

  /// The last part of the path.
  var name: Substring { path.split(separator: "/").last ?? "" }

  /// The folder below `Sources` or `Tests`: the target that the file belongs to.
  var target: Substring? {
    let parts = path.split(separator: "/")
    guard parts.count > 2, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
    return parts[1]
  }

  /// Whether the file belongs to the program.
  var isSource: Bool { path.hasPrefix("Sources/") }

  /// Names the lines for which a rule says yes, as `path:line: line`.
  func offenses(_ lines: [Substring], where isOffense: (Substring) -> Bool) -> [String] {
    lines.indices.filter { isOffense(lines[$0]) }.map { place($0, lines[$0]) }
  }

  /// A place that a person can jump to, and what stands there.
  func place(_ index: Int, _ what: some StringProtocol) -> String {
    "\(path):\(index + 1): " + what.drop { $0 == " " }
  }

  private static func split(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  private static func kind(of path: String) -> Kind? {
    let name = path.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    switch parts.count > 1 ? parts.last : nil {
    case "swift": return .swift
    case "c", "h", "inl": return .c
    case "py", "sh": return .script
    case "js", "css": return .page
    case "md": return .document
    case nil where path.hasPrefix("scripts/") || path.hasPrefix(".ci/"): return .script
    default: return nil
    }
  }
}

extension StringProtocol {
  /// The identifiers and keywords of a line of code, in order.
  var words: [SubSequence] {
    split { !($0.isLetter || $0.isNumber || $0 == "_") }
  }
}
