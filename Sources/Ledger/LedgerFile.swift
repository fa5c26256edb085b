// SPDX-License-Identifier: Apache-2.0

import Compute

/// The file of one chain.
public struct LedgerFile: Sendable, Hashable {
  static let ending = ".jsonl"

  /// Where it lies.
  public let path: String
  /// Whose chain it is: the file's name without `.jsonl`.
  public let writer: String

  /// Takes a file that somebody named.
  ///
  /// - Parameter path: Its path; the writer is the one of its first row, else that of its name.
  /// - Throws: `LedgerError` where it cannot be read.
  public init(path: String) throws(LedgerError) {
    self.path = path
    var bytes = try LedgerReader(path: path).bytes(0..<LedgerWriter.longestLine)
    if let feed = bytes.firstIndex(of: UInt8(ascii: "\n")) { bytes.removeSubrange(feed...) }
    let name = path.split(separator: "/").last.map { String($0) } ?? path
    let stem = name.hasSuffix(Self.ending) ? String(name.dropLast(Self.ending.count)) : name
    writer = (try? ChainedRow(line: bytes))?.writer ?? stem
  }

  private init(path: String, writer: String) {
    self.path = path
    self.writer = writer
  }

  /// Finds the chains of a folder, in the order of their names; none where there is no folder.
  ///
  /// What writers put aside and files of other names are passed over.
  ///
  /// - Throws: `LedgerError` where the folder cannot be read.
  public static func all(in folder: String) throws(LedgerError) -> [LedgerFile] {
    let names = try LedgerError.raising { () throws(ComputeError) -> [String] in
      guard try FileKind.of(folder) == .folder else { return [] }
      return try FileKind.names(inFolder: folder)
    }
    return names.compactMap { name in
      let writer = String(name.dropLast(ending.count))
      guard name.hasSuffix(ending), LedgerWriter.isName(writer) else { return nil }
      return LedgerFile(path: "\(folder)/\(name)", writer: writer)
    }
  }
}
