// SPDX-License-Identifier: Apache-2.0

/// A character on the screen.
public struct ScreenCell: Hashable, Sendable {
  /// What is written; nothing in it commands the terminal.
  public var text: String
  /// How many columns it takes, at least 1.
  public var columns: Int
  /// How it looks.
  public var style: TextStyle

  /// Creates a cell; the text is written as it is, so it comes from `DisplayWidth`.
  public init(text: String, columns: Int, style: TextStyle = .plain) {
    self.text = text
    self.columns = columns
    self.style = style
  }

  /// Whether all terminals agree about the columns: those of several scalars are counted variously.
  var isCertain: Bool {
    text.utf8.count == 1 || text.unicodeScalars.dropFirst().allSatisfy(\.isASCII)
  }
}

/// A row of the screen from its left edge to its last character.
public struct ScreenRow: Hashable, Sendable {
  /// The characters from the left.
  public var cells: [ScreenCell]

  /// Creates a row.
  public init(_ cells: [ScreenCell] = []) { self.cells = cells }

  /// How many columns the row takes.
  public var columns: Int { cells.reduce(0) { $0 + $1.columns } }

  /// Whether all terminals agree about the columns of every cell.
  var isCertain: Bool { cells.allSatisfy(\.isCertain) }

  /// The text of the row.
  public var text: String { cells.map(\.text).joined() }

  /// Returns how many rows a terminal needs that breaks the row at another width.
  func brokenRowCount(width: Int) -> Int { position(ofColumn: columns, width: width).row + 1 }

  /// Returns where a column of the row stands when a terminal breaks the row at another width.
  func position(ofColumn target: Int, width: Int) -> ScreenPosition {
    var place = ScreenPosition(row: 0, column: 0)
    var column = 0
    for cell in cells {
      if place.column + cell.columns > width {
        place = ScreenPosition(row: place.row + 1, column: 0)
      }
      if column >= target { return place }
      place.column += cell.columns
      column += cell.columns
    }
    return place
  }
}

/// A place on the screen, counted from the first row of what is drawn.
public struct ScreenPosition: Hashable, Sendable {
  /// The row, from 0.
  public var row: Int
  /// The column, from 0.
  public var column: Int

  /// Creates a position.
  public init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}
