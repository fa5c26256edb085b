// SPDX-License-Identifier: Apache-2.0

/// Where the characters of an edited text stand in the rows of a screen.
struct TextLayout: Hashable {
  /// The rows, prompts included.
  private(set) var rows: [ScreenRow]
  /// Where each character stands, and at last where the next one would.
  private(set) var positions: [ScreenPosition]
  /// Whether the last row is there for the cursor alone, because the text fills the row before it.
  private(set) var isSpilled = false

  private let width: Int
  private let indent: Int
  private let displayWidth: DisplayWidth
  private var column = 0

  // LIMIT: as editors of programs show it; narrow screens have no room for 8.
  private static let tabColumns = 4

  /// Lays a text out.
  ///
  /// - Parameters:
  ///   - characters: The text.
  ///   - prompt: What stands before its first line.
  ///   - continuation: What stands before the others.
  ///   - width: The columns of the screen, at least 2.
  ///   - displayWidth: How characters stand on it.
  /// - Complexity: O(n).
  init(
    _ characters: [Character],
    prompt: [ScreenCell],
    continuation: [ScreenCell],
    width: Int,
    displayWidth: DisplayWidth
  ) {
    self.width = max(width, 2)
    self.displayWidth = displayWidth
    rows = [ScreenRow()]
    positions = []
    positions.reserveCapacity(characters.count + 1)
    let promptColumns = prompt.reduce(0) { $0 + $1.columns }
    // Rows that go on below each other read better, but not in a gutter.
    indent = promptColumns * 3 <= self.width ? promptColumns : 0
    for cell in prompt { place(cell, isPrompt: true) }
    for character in characters {
      if character == "\n" {
        positions.append(here)
        rows.append(ScreenRow())
        column = 0
        for cell in continuation { place(cell, isPrompt: true) }
      } else {
        positions.append(place(character))
      }
    }
    if column >= self.width {
      startRow()
      isSpilled = true
    }
    positions.append(ScreenPosition(row: rows.count - 1, column: column))
  }

  /// The index of the character in a row that a column meets, or of the row's last place.
  func index(atRow row: Int, column: Int) -> Int {
    var best: Int?
    for (index, position) in positions.enumerated() {
      if position.row == row, position.column <= column || best == nil { best = index }
      if position.row > row { break }
    }
    return best ?? positions.count - 1
  }

  /// Where the cursor stands at the end of a row: a full row keeps it at its last column.
  private var here: ScreenPosition {
    ScreenPosition(row: rows.count - 1, column: min(column, width - 1))
  }

  private mutating func place(_ character: Character) -> ScreenPosition {
    if character == "\t" {
      if column >= width { startRow() }
      let count = min(Self.tabColumns - column % Self.tabColumns, width - column)
      return place(ScreenCell(text: String(repeating: " ", count: count), columns: count))
    }
    var glyph = displayWidth.glyph(for: character)
    // Too wide for any row.
    if glyph.columns > width - indent { glyph = Glyph(text: "…", columns: 1) }
    guard glyph.columns > 0 else { return here }
    return place(ScreenCell(text: glyph.text, columns: glyph.columns))
  }

  @discardableResult
  private mutating func place(_ cell: ScreenCell, isPrompt: Bool = false) -> ScreenPosition {
    if column + cell.columns > width { startRow(isPrompt: isPrompt) }
    let position = ScreenPosition(row: rows.count - 1, column: column)
    rows[rows.count - 1].cells.append(cell)
    column += cell.columns
    return position
  }

  private mutating func startRow(isPrompt: Bool = false) {
    rows.append(ScreenRow())
    column = 0
    guard !isPrompt, indent > 0 else { return }
    let space = ScreenCell(text: " ", columns: 1)
    rows[rows.count - 1].cells = Array(repeating: space, count: indent)
    column = indent
  }
}
