// SPDX-License-Identifier: Apache-2.0

import Terminal

/// A small terminal: it interprets what a program writes into cells.
///
/// Breaks at the right margin wait for the next character, as in xterm, tmux and all others; it counts
/// columns by given rules, scalar by scalar as they come; what it does not know it keeps in `unknown`,
/// so that a test sees it.
struct ScreenEmulator {
  /// A column: a character, or the right half of one.
  struct Cell: Hashable {
    var text = " "
    var isRightHalf = false
    var style = ""
  }

  struct Row: Hashable {
    var cells: [Cell]
    /// Whether the terminal itself broke the row, so that the next one belongs to it.
    var isBroken = false

    init(width: Int) { cells = Array(repeating: Cell(), count: width) }

    var text: String {
      let text = cells.filter { !$0.isRightHalf }.map(\.text).joined()
      return String(text.reversed().drop { $0 == " " }.reversed())
    }

    /// How many columns up to the last character.
    var usedColumns: Int {
      (cells.lastIndex { $0.text != " " || $0.isRightHalf } ?? -1) + 1
    }
  }

  private(set) var width: Int
  private(set) var height: Int
  private(set) var rows: [Row]
  private(set) var scrolledOff: [Row] = []
  private(set) var row = 0
  private(set) var column = 0
  private(set) var unknown: [String] = []
  private(set) var bellCount = 0
  /// The modes that are on, by number.
  private(set) var modes: Set<Int> = [7, 25]
  /// What it answers.
  private(set) var answers: [UInt8] = []
  var rules: WidthRules
  var reflows = true

  private var isWrapPending = false
  private var style = ""
  private var pending: [UInt8] = []

  init(width: Int, height: Int = 24, rules: WidthRules = .scalars) {
    self.width = width
    self.height = height
    self.rules = rules
    rows = Array(repeating: Row(width: width), count: height)
  }

  /// The rows down to the last one that is not empty.
  var lines: [String] {
    var lines = rows.map(\.text)
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  /// All rows that ever were, also those that scrolled away.
  var allLines: [String] { scrolledOff.map(\.text) + lines }

  // MARK: Reading

  mutating func write(_ bytes: some Sequence<UInt8>) {
    pending.append(contentsOf: bytes)
    var position = 0
    while position < pending.count, let count = step(pending[position...]) { position += count }
    pending.removeFirst(position)
  }

  /// Reads one command or character; nil where more bytes are needed.
  private mutating func step(_ bytes: ArraySlice<UInt8>) -> Int? {
    let first = bytes[bytes.startIndex]
    switch first {
    case 0x1B: return command(bytes)
    case 0x0D: (column, isWrapPending) = (0, false)
    case 0x0A: lineFeed()
    case 0x07: bellCount += 1
    case 0x20..<0x7F: print(Unicode.Scalar(first))
    case 0x80...:
      let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
      guard bytes.count >= count else { return nil }
      for scalar in String(decoding: bytes.prefix(count), as: UTF8.self).unicodeScalars {
        if scalar.value < 0xA0 { unknown.append("C1 \(scalar.value)") } else { print(scalar) }
      }
      return count
    default: unknown.append("C0 \(first)")
    }
    return 1
  }

  private mutating func command(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count > 1 else { return nil }
    guard bytes[bytes.startIndex + 1] == UInt8(ascii: "[") else {
      unknown.append("ESC \(bytes[bytes.startIndex + 1])")
      return 2
    }
    guard let end = bytes.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else {
      return nil
    }
    let body = String(decoding: bytes[(bytes.startIndex + 2)..<end], as: UTF8.self)
    run(Character(Unicode.Scalar(bytes[end])), body)
    return end + 1 - bytes.startIndex
  }

  private mutating func run(_ final: Character, _ body: String) {
    let number = Int(body) ?? 1
    switch (final, body) {
    case ("A", _): row = max(row - number, 0)
    case ("B", _): row = min(row + number, height - 1)
    case ("G", _): column = min(number - 1, width - 1)
    case ("H", ""): (row, column) = (0, 0)
    case ("K", ""): erase(row, from: column)
    case ("J", ""):
      erase(row, from: column)
      for below in rows.indices.dropFirst(row + 1) { erase(below, from: 0) }
    case ("J", "2"): for index in rows.indices { erase(index, from: 0) }
    case ("m", _): style = body == "0" || body == "" ? "" : body
    case ("n", "6"): answers += Array("\u{1B}[\(row + 1);\(column + 1)R".utf8)
    case ("h", _), ("l", _):
      guard body.first == "?", let mode = Int(body.dropFirst()) else {
        unknown.append("CSI \(body)\(final)")
        return
      }
      if final == "h" { modes.insert(mode) } else { modes.remove(mode) }
    default: unknown.append("CSI \(body)\(final)")
    }
    if final != "m", final != "h", final != "l" { isWrapPending = false }
  }

  // MARK: Cells

  private mutating func print(_ scalar: Unicode.Scalar) {
    let measure = DisplayWidth(rules: rules)
    if let base = baseColumn {
      let before = rows[row].cells[base].text
      let joined = before + String(scalar)
      let added = joined.count == 1 ? measure.columns(of: joined) - measure.columns(of: before) : -1
      let own = columns(of: scalar, measure)
      if before != " ", added == 0 || own == 0 {
        rows[row].cells[base].text = joined
        if added > 0 { put("", columns: added, isRightHalf: true) }
        return
      }
    }
    put(String(scalar), columns: columns(of: scalar, measure), isRightHalf: false)
  }

  /// The column of the character before the cursor.
  private var baseColumn: Int? {
    var base = isWrapPending ? column : column - 1
    while base >= 0, rows[row].cells[base].isRightHalf { base -= 1 }
    return base >= 0 ? base : nil
  }

  private func columns(of scalar: Unicode.Scalar, _ measure: DisplayWidth) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark, .format:
      // Beside a letter, since alone it would get one.
      measure.columns(of: "\u{915}" + String(scalar)) - 1
    default: measure.columns(of: String(scalar))
    }
  }

  private mutating func put(_ text: String, columns count: Int, isRightHalf: Bool) {
    guard count > 0 else { return }
    if isWrapPending, modes.contains(7) { wrap() }
    if column + count > width {
      if modes.contains(7) { wrap() } else { column = width - count }
    }
    for offset in 0..<count {
      clearHalves(at: column + offset)
      rows[row].cells[column + offset] = Cell(
        text: offset == 0 ? text : "",
        isRightHalf: isRightHalf || offset > 0,
        style: style
      )
    }
    column += count
    if column >= width {
      column = width - 1
      isWrapPending = true
    }
  }

  /// A character of which a half is overwritten is gone.
  private mutating func clearHalves(at target: Int) {
    var base = target
    while base > 0, rows[row].cells[base].isRightHalf { base -= 1 }
    if base < target { rows[row].cells[base] = Cell() }
    var next = target + 1
    while next < width, rows[row].cells[next].isRightHalf {
      rows[row].cells[next] = Cell()
      next += 1
    }
  }

  private mutating func wrap() {
    rows[row].isBroken = true
    column = 0
    lineFeed()
  }

  private mutating func lineFeed() {
    isWrapPending = false
    if row + 1 < height {
      row += 1
    } else {
      scrolledOff.append(rows.removeFirst())
      rows.append(Row(width: width))
    }
  }

  private mutating func erase(_ index: Int, from start: Int) {
    if index == row, start > 0, start < width { clearHalves(at: start) }
    for column in start..<width { rows[index].cells[column] = Cell() }
    rows[index].isBroken = false
  }

  // MARK: Another size

  mutating func resize(width newWidth: Int, height newHeight: Int) {
    var all = scrolledOff + rows
    let cursorRow = scrolledOff.count + row
    let used = all.lastIndex { $0.usedColumns > 0 } ?? 0
    all.removeLast(all.count - 1 - max(used, cursorRow))
    let (broken, place) =
      reflows ? reflow(all, cursorRow, newWidth) : (all.map { cut($0, newWidth) }, cursorRow)
    let hidden = max(broken.count - newHeight, 0)
    scrolledOff = Array(broken[..<hidden])
    rows = Array(broken[hidden...])
    while rows.count < newHeight { rows.append(Row(width: newWidth)) }
    row = min(max(place - hidden, 0), newHeight - 1)
    (width, height) = (newWidth, newHeight)
    column = min(column, width - 1)
    isWrapPending = false
  }

  private func cut(_ row: Row, _ newWidth: Int) -> Row {
    var new = Row(width: newWidth)
    for column in 0..<min(newWidth, row.cells.count) { new.cells[column] = row.cells[column] }
    return new
  }

  /// Breaks the rows anew, and moves the cursor with its character.
  private mutating func reflow(
    _ all: [Row],
    _ cursorRow: Int,
    _ newWidth: Int
  ) -> (rows: [Row], cursorRow: Int) {
    var new: [Row] = []
    var (newCursorRow, newCursorColumn) = (0, column)
    var current = Row(width: newWidth)
    var place = 0
    for (index, row) in all.enumerated() {
      let count = max(row.usedColumns, index == cursorRow ? column : 0)
      for source in 0..<count {
        let cell = row.cells[source]
        let isWide = source + 1 < row.cells.count && row.cells[source + 1].isRightHalf
        if place + (isWide ? 2 : 1) > newWidth, !cell.isRightHalf {
          current.isBroken = true
          new.append(current)
          (current, place) = (Row(width: newWidth), 0)
        }
        if index == cursorRow, source == column {
          (newCursorRow, newCursorColumn) = (new.count, place)
        }
        current.cells[place] = cell
        place += 1
      }
      if index == cursorRow, column >= count {
        (newCursorRow, newCursorColumn) = (new.count, place)
        if place >= newWidth { newCursorColumn = newWidth - 1 }
      }
      if !row.isBroken {
        new.append(current)
        (current, place) = (Row(width: newWidth), 0)
      }
    }
    if place > 0 { new.append(current) }
    column = newCursorColumn
    return (new, newCursorRow)
  }
}
