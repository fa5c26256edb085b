// SPDX-License-Identifier: Apache-2.0

/// The line that is being written: its text, and how many columns its rows have.
struct WrappedLine: Sendable {
  /// A character of the line.
  struct Item: Sendable {
    var character: Character
    var style: TextStyle
    var isCode: Bool
  }

  /// The text, as far as it is kept.
  private(set) var items: [Item] = []
  /// Whether all of the text is kept.
  private(set) var isWhole = true
  /// The columns of each row, the last one included.
  private var rowColumns = [0]

  // LIMIT: more rows than a screen has; a line that is longer cannot be written again anyway.
  private static let itemLimit = 16_384

  var hasSeveralRows: Bool { rowColumns.count > 1 }

  mutating func append(_ item: Item) {
    guard isWhole else { return }
    items.append(item)
    if items.count > Self.itemLimit { forget() }
  }

  /// Keeps the text no longer.
  mutating func forget() { (items, isWhole) = ([], false) }

  mutating func removeLast() { _ = items.popLast() }

  mutating func add(columns: Int) { rowColumns[rowColumns.count - 1] += columns }

  mutating func shortenRow(to columns: Int) { rowColumns[rowColumns.count - 1] = columns }

  /// Begins a row that has some columns already.
  mutating func startRow(at column: Int) { rowColumns.append(column) }

  /// Returns how many rows stand above the cursor, in the last row, on a terminal of a width.
  func rowsAboveCursor(column: Int, width: Int) -> Int {
    let above = rowColumns.dropLast().reduce(0) { $0 + max(($1 + width - 1) / width, 1) }
    // Behind the last column of a row the cursor still belongs to it.
    return above + max(column - 1, 0) / width
  }
}
