// SPDX-License-Identifier: Apache-2.0

/// A place in a configuration file, 1-based, columns in scalars.
package struct SettingsPosition: Hashable, Sendable {
  /// The line.
  package var line: Int
  /// The column of that line.
  package var column: Int

  /// Creates a place.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Finds the place of a byte of UTF-8.
  init(of offset: Int, in bytes: [UInt8]) {
    let before = bytes.prefix(offset)
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    column = 1 + String(decoding: before[start...], as: UTF8.self).unicodeScalars.count
  }

  /// As an error shows it.
  func place(in file: String) -> String { "\(file), line \(line), column \(column)" }
}
