// SPDX-License-Identifier: Apache-2.0

import JSON

/// The settings of a conversation: a JSON object that the caller gives and understands.
enum Settings {
  // LIMIT: settings are options of a command; what nests or is longer is something else.
  private static let limits = JSONDocument.Limits(depth: 32, byteCount: 1_000_000)

  /// Writes an object without white space, so that what is exported and imported is equal.
  static func canonical(_ text: String) throws(StorageError) -> String {
    let root: JSONValue
    do {
      root = try JSONDocument(Array(text.utf8), limits: limits).root
    } catch {
      throw StorageError(.settingsNotJSON(error))
    }
    guard root.object != nil else { throw StorageError(.settingsNoObject) }
    return JSONText(root).text.stored
  }
}
