// SPDX-License-Identifier: Apache-2.0

/// A place in a file of YAML, 1-based, columns in scalars.
public struct YAMLPosition: Hashable, Sendable, CustomStringConvertible {
  /// The line.
  public var line: Int
  /// The column of that line.
  public var column: Int

  /// Creates a place.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Finds the place of a byte of UTF-8.
  public init(of offset: Int, in bytes: [UInt8]) {
    let before = bytes.prefix(offset)
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    column = 1 + String(decoding: before[start...], as: UTF8.self).unicodeScalars.count
  }

  /// As an error shows it.
  public var description: String { "line \(line), column \(column)" }

  /// As an error shows it with the file's name.
  public func place(in file: String) -> String { "\(file), \(self)" }
}
