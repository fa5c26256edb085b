// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Storage

/// Where the keys lie, and how commands about them print.
struct KeysPlaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The database of the keys (default: hadal.sqlite in $XDG_DATA_HOME/hadal).",
      valueName: "file"
    )
  )
  var database: String?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  /// Opens the keys.
  ///
  /// - Throws: `StorageError` where the database cannot be opened.
  func open() throws -> KeyStore { try Self.open(database) }

  /// Opens the keys of a database, or of the user's own.
  static func open(_ database: String?) throws -> KeyStore {
    let path =
      try database ?? DataFolder(environment: ProcessInfo.processInfo.environment).databasePath
    return try KeyStore(path: path)
  }
}
