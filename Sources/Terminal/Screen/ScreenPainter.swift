// SPDX-License-Identifier: Apache-2.0

/// Keeps some rows of the screen as they should be, and writes no more than what changes.
///
/// The rows begin where the cursor stood at the first `paint`, at the left edge. Moves are relative
/// to that place, so it does not matter where on the screen it is, nor that the screen scrolls.
public struct ScreenPainter: Sendable {
  /// Whether styles are written.
  public var hasColor: Bool
  private var shown: [ScreenRow] = []
  private var cursor = ScreenPosition(row: 0, column: 0)

  /// Creates a painter that has drawn nothing.
  public init(hasColor: Bool) { self.hasColor = hasColor }

  /// Appends what makes the screen show rows, with the cursor at a place.
  ///
  /// - Parameters:
  ///   - rows: None wider than the terminal, nor more than it has.
  ///   - place: Where the cursor goes.
  ///   - output: Takes the bytes.
  /// - Complexity: O(cells); what is written is what differs.
  public mutating func paint(
    _ rows: [ScreenRow],
    cursor place: ScreenPosition,
    into output: inout [UInt8]
  ) {
    for (index, row) in rows.enumerated() where index >= shown.count || shown[index] != row {
      update(index, to: row, &output)
    }
    if rows.count < shown.count {
      move(to: ScreenPosition(row: max(rows.count, 0), column: 0), &output)
      output.eraseToEndOfScreen()
      shown.removeLast(shown.count - rows.count)
    }
    move(to: place, &output)
  }

  /// Appends what shows rows for good, and starts the row below them; the next `paint` begins there.
  ///
  /// - Complexity: O(cells).
  public mutating func finish(_ rows: [ScreenRow], into output: inout [UInt8]) {
    // Of rows that the terminal has no room for a part is shown, and the whole has to scroll by.
    if rows.count > shown.count, !rows.starts(with: shown) { erase(into: &output) }
    let last = ScreenPosition(row: max(rows.count - 1, 0), column: 0)
    paint(rows, cursor: last, into: &output)
    output.startRow()
    forget()
  }

  /// Appends what removes the rows; the cursor stands where they began.
  public mutating func erase(into output: inout [UInt8]) {
    move(to: ScreenPosition(row: 0, column: 0), &output)
    if !shown.isEmpty { output.eraseToEndOfScreen() }
    forget()
  }

  /// Begins anew where the cursor is, at the left edge: the screen was cleared by other means.
  public mutating func forget() {
    shown = []
    cursor = ScreenPosition(row: 0, column: 0)
  }

  /// Appends what removes the rows from a terminal that has a new width.
  ///
  /// - Parameters:
  ///   - width: The new width.
  ///   - reflows: Whether the terminal has broken longer rows, as most do, or cut them.
  ///   - output: Takes the bytes.
  public mutating func resize(width: Int, reflows: Bool, into output: inout [UInt8]) {
    guard !shown.isEmpty else { return }
    var rowsAbove = cursor.row
    if reflows {
      rowsAbove = shown[..<cursor.row].reduce(0) { $0 + $1.brokenRowCount(width: width) }
      rowsAbove += shown[cursor.row].position(ofColumn: cursor.column, width: width).row
    }
    output.moveUp(rowsAbove)
    output.moveToColumn(0)
    output.eraseToEndOfScreen()
    forget()
  }

  private mutating func update(_ index: Int, to row: ScreenRow, _ output: inout [UInt8]) {
    let old = index < shown.count ? shown[index] : ScreenRow()
    var start = 0
    var column = 0
    while start < min(old.cells.count, row.cells.count), old.cells[start] == row.cells[start] {
      column += row.cells[start].columns
      start += 1
    }
    let (oldColumns, newColumns) = (old.columns, row.columns)
    let isCertain = old.isCertain && row.isCertain
    var end = row.cells.count
    if isCertain, oldColumns == newColumns {
      // What stands behind the change at the same columns stays.
      var oldEnd = old.cells.count
      while end > start, oldEnd > start, old.cells[oldEnd - 1] == row.cells[end - 1] {
        end -= 1
        oldEnd -= 1
      }
    }
    move(to: ScreenPosition(row: index, column: column), &output)
    // Behind a full row the cursor stands on its last character, which must not go.
    if !isCertain { output.eraseToEndOfRow() }
    write(row.cells[start..<end], &output)
    if isCertain, newColumns < oldColumns { output.eraseToEndOfRow() }
    if index < shown.count { shown[index] = row } else { shown.append(row) }
  }

  private mutating func write(_ cells: ArraySlice<ScreenCell>, _ output: inout [UInt8]) {
    var style = TextStyle.plain
    for cell in cells {
      if hasColor, cell.style != style {
        style = cell.style
        style.appendSequence(to: &output)
      }
      output.append(text: cell.text)
      cursor.column += cell.columns
    }
    if style != .plain { TextStyle.plain.appendSequence(to: &output) }
  }

  private mutating func move(to place: ScreenPosition, _ output: inout [UInt8]) {
    if place.row < cursor.row {
      output.moveUp(cursor.row - place.row)
    } else if place.row > cursor.row {
      // Rows that are there are walked over; the terminal makes new ones, scrolling if it must.
      let last = max(shown.count - 1, cursor.row)
      output.moveDown(min(place.row, last) - cursor.row)
      for _ in last..<max(place.row, last) {
        output.startRow()
        cursor.column = 0
      }
    }
    cursor.row = place.row
    if cursor.column != place.column { reach(column: place.column, &output) }
  }

  /// Moves within the row.
  ///
  /// Behind characters that terminals count differently, the terminal finds the place by itself: it
  /// gets what stands before it once more.
  private mutating func reach(column: Int, _ output: inout [UInt8]) {
    let cells = cursor.row < shown.count ? shown[cursor.row].cells : []
    var (count, columns) = (0, 0)
    while count < cells.count, columns < column {
      columns += cells[count].columns
      count += 1
    }
    if columns == column, cells[..<count].contains(where: { !$0.isCertain }) {
      output.moveToColumn(0)
      cursor.column = 0
      write(cells[..<count], &output)
    } else {
      output.moveToColumn(column)
      cursor.column = column
    }
  }
}
