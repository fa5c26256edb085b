// SPDX-License-Identifier: Apache-2.0

/// The folder of a user's own data: conversations, keys, the ledger, models.
public struct DataFolder: Sendable, Hashable {
  /// The folder's path.
  public let path: String

  /// Takes a folder that the user named.
  public init(path: String) { self.path = path }

  /// Finds the folder as the XDG Base Directory Specification 0.8 says: `$XDG_DATA_HOME/hadal`,
  /// else `$HOME/.local/share/hadal`.
  ///
  /// A relative path in `XDG_DATA_HOME` is passed over, as the specification asks.
  ///
  /// - Parameter environment: The process's environment.
  /// - Throws: `StorageError` where neither variable names a folder.
  public init(environment: [String: String]) throws(StorageError) {
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      path = Self.joined(data, "hadal")
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      path = Self.joined(home, ".local/share/hadal")
    } else {
      throw StorageError(.noDataFolder)
    }
  }

  /// The file of the conversations and of the API's keys.
  public var databasePath: String { Self.joined(path, "hadal.sqlite") }

  /// The folder of the ledger.
  public var ledgerPath: String { Self.joined(path, "ledger") }

  /// The file of the ledger's index, which is made anew where it is absent.
  public var ledgerIndexPath: String { Self.joined(path, "ledger-index.sqlite") }

  /// Creates the folder, and those above it, for their owner alone, where they are absent.
  ///
  /// - Throws: `StorageError` where that fails.
  public func create() throws(StorageError) { try DatabaseFile.createFolder(path) }

  private static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
