// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Storage

/// Which ledger is meant.
struct LedgerPlaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder of the ledger (default: $XDG_DATA_HOME/hadal/ledger).",
      valueName: "dir"
    )
  )
  var folder: String?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  private static var data: DataFolder {
    get throws { try DataFolder(environment: ProcessInfo.processInfo.environment) }
  }

  /// The folder's path.
  func path() throws -> String { try folder ?? Self.data.ledgerPath }

  /// The index of the rows, up to date.
  ///
  /// - Parameter isRaw: Whether to make it of all rows, in memory.
  /// - Throws: `StorageError` or `LedgerError` where the rows cannot be read.
  /// - Returns: The index.
  func index(isRaw: Bool = false) throws -> LedgerIndex {
    let path = try path()
    // Another folder's index would have to lie there, and a reader leaves nothing behind.
    guard folder == nil, !isRaw else { return try LedgerIndex(path: nil, ledger: path) }
    return try LedgerIndex.open(preferring: Self.data.ledgerIndexPath, ledger: path)
  }

  /// The index that reports are made from, up to date, and its file; nil where there is none.
  func existingIndex() throws -> (index: LedgerIndex, path: String)? {
    guard folder == nil else { return nil }
    let path = try Self.data.ledgerIndexPath
    // One that cannot be used is made anew, or passed over, by whoever asks it.
    guard let index = try? LedgerIndex.existing(path: path, ledger: self.path()) else { return nil }
    return (index, path)
  }

  /// Tells a person of lines that no figure counts.
  func warn(of index: LedgerIndex) throws {
    let count = try index.unreadableCount()
    guard count > 0 else { return }
    let lines = count == 1 ? "1 line is no row and counts" : "\(count) lines are no rows and count"
    Output.errorLine("hadal: \(lines) for nothing (\(index.folder))")
    Output.errorLine("  try: hadal ledger verify")
  }
}
