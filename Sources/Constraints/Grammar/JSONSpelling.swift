// SPDX-License-Identifier: Apache-2.0

import JSON

/// The one spelling in which names, fixed values and patterns are written.
enum JSONSpelling {
  /// A string with its quotes.
  static func bytes(of string: String) -> [UInt8] { Array(JSONText.string(string).text.utf8) }
}
