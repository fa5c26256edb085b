// SPDX-License-Identifier: Apache-2.0

extension String {
  /// The text as the database can hold it: U+0000, at which SQLite's functions and GRDB end a text,
  /// becomes U+FFFD, as in CommonMark.
  var stored: String {
    guard utf8.contains(0) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
  }
}
