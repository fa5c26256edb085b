// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JSON
import Ledger
import Storage

/// `hadal ledger export`.
struct LedgerExportCommand: ParsableCommand {
  /// The forms of an export.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    /// The rows as they stand in their chains.
    case jsonl
    /// RFC 4180, with a line of names.
    case csv
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the rows for other programs, as JSON lines or CSV.",
    discussion: """
      Every chain from its first row to its last, on standard output. JSON lines are the rows as they
      stand, hash and all; in CSV the hashes are left out and tokens are one cell of JSON.

        hadal ledger export > rows.jsonl
        hadal ledger export --format csv --kind train > train.csv
      """
  )

  @Option(help: "jsonl or csv.")
  var format = Format.jsonl

  @OptionGroup var filter: LedgerFilterOptions

  @OptionGroup var place: LedgerPlaceOptions

  func run() throws {
    if format == .csv { try Output.line(LedgerCSV.head) }
    let filter = filter.filter
    var unreadableCount = 0
    for chain in try LedgerFile.all(in: place.path()) {
      // Some rows at a time: a call of the system for each would take longer than all else.
      var text = ""
      try LedgerReader(path: chain.path).forEachLine { line in
        try Interruption.check()
        guard let chained = try? ChainedRow(line: line.bytes) else {
          unreadableCount += 1
          return true
        }
        guard filter.holds(chained.row) else { return true }
        text +=
          format == .csv ? LedgerCSV.line(chained) : String(decoding: chained.line, as: UTF8.self)
        text += "\n"
        if text.utf8.count >= 1 << 16 {
          try Output.text(text)
          text = ""
        }
        return true
      }
      try Output.text(text)
    }
    guard unreadableCount > 0 else { return }
    Output.errorLine("hadal: \(unreadableCount) lines are no rows and are left out")
    Output.errorLine("  try: hadal ledger verify")
  }
}

/// Rows as RFC 4180 writes them.
enum LedgerCSV {
  private static let columns = ChainedRow.keys.filter { !["v", "prev", "hash"].contains($0) }

  /// The names of the columns.
  static var head: String { columns.joined(separator: ",") }

  /// A row; what is unknown is an empty cell.
  static func line(_ chained: ChainedRow) -> String {
    guard let root = (try? JSONDocument(chained.line))?.root else { return "" }
    return columns.map { cell(root[$0]) }.joined(separator: ",")
  }

  private static func cell(_ value: JSONValue?) -> String {
    guard let value, !value.isNull else { return "" }
    let text = value.string ?? JSONText(value).text
    guard text.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
