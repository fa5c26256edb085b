// SPDX-License-Identifier: Apache-2.0

/// A text that grows on the screen, broken between words at the screen's width.
///
/// Text goes in as it comes, bytes for the terminal come out. Nothing waits: a word that turns out to
/// be too long for its row is moved to the next one, a character that a late mark changes is written
/// again, and both happen within one piece of output. No row is written at the terminal's own breaks,
/// so what it thinks of a width matters for one row only.
public struct StreamingText: Sendable {
  /// How many columns the screen has.
  public private(set) var width: Int
  /// How characters stand on the screen.
  public var displayWidth: DisplayWidth
  /// Whether styles are written.
  public var hasColor: Bool
  /// How many columns stay free at the left of the rows that begin from now on.
  public var indent = 0 {
    didSet { if isRowEmpty { beginRow() } }
  }

  /// The columns before the cursor in its row; equal to `width` where the row is full.
  private(set) var column = 0
  private var isRowEmpty = true
  /// What stands in the row since the last place where it may be broken.
  private var word: [ScreenCell] = []
  private var wordColumn = 0
  /// Whether spaces that found no room are waiting for the break that they stand for.
  private var isBreakDue = false
  private var last: LastCharacter?
  private var pen = TextStyle.plain
  /// The text of the line so far and its rows, to be written again at another width.
  private var line = WrappedLine()

  /// The character that was written last, and what was before it.
  private struct LastCharacter: Sendable {
    var character: Character
    var style: TextStyle
    var isCode: Bool
    var columns: Int
    /// The state of the row before it.
    var column: Int
    var wordCount: Int
    var wordColumn: Int
    var isBreakDue: Bool
  }

  // LIMIT: what a tab is in most programs' texts; terminals' 8 leave narrow windows no room.
  private static let tabColumns = 4

  /// Creates a text at the left edge of an empty row.
  public init(width: Int, displayWidth: DisplayWidth = DisplayWidth(), hasColor: Bool = true) {
    self.width = max(width, 2)
    self.displayWidth = displayWidth
    self.hasColor = hasColor
  }

  /// Whether the cursor is at the beginning of a line.
  public var isAtLineStart: Bool { isRowEmpty && !line.hasSeveralRows }

  /// Adds text.
  ///
  /// - Parameters:
  ///   - text: It may end within a character; what belongs to that comes with the next text.
  ///   - style: How it looks.
  ///   - isCode: Whether rows are broken anywhere and keep all their spaces.
  ///   - output: Takes the bytes for the terminal.
  /// - Complexity: O(n) in the text; now and then a word more.
  public mutating func append(
    _ text: String,
    style: TextStyle = .plain,
    isCode: Bool = false,
    into output: inout [UInt8]
  ) {
    guard let last, Self.mayJoin(last.character, text) else {
      for character in text { put(character, style, isCode, &output) }
      return
    }
    let joined = String(last.character) + text
    var characters = joined.makeIterator()
    let first = characters.next() ?? last.character
    if first.unicodeScalars.count != last.character.unicodeScalars.count {
      replaceLast(with: first, last, &output)
    }
    while let character = characters.next() { put(character, style, isCode, &output) }
  }

  /// Ends the text: the look is the terminal's own, and the cursor at the beginning of a line.
  public mutating func finish(into output: inout [UInt8]) {
    setPen(.plain, &output)
    if !isAtLineStart { endLine(&output) }
    last = nil
  }

  /// Takes the terminal's new width, and writes the line that is being written anew.
  ///
  /// - Parameters:
  ///   - size: The new size of the window.
  ///   - reflows: Whether the terminal has broken longer rows, as most do, or cut them.
  ///   - output: Takes the bytes for the terminal.
  public mutating func resize(to size: WindowSize, reflows: Bool, into output: inout [UInt8]) {
    guard size.columns != width else { return }
    defer { width = size.columns }
    guard !isAtLineStart else { return }
    let rowsAbove = line.rowsAboveCursor(
      column: column,
      // A terminal that cuts rows keeps their number.
      width: reflows ? size.columns : 1 << 30
    )
    guard line.isWhole, rowsAbove < size.rows else {
      // The beginning is gone from the screen: what is there stays, and the rest goes on behind it.
      column = reflows ? column % size.columns : min(column, size.columns)
      startWord()
      last = nil
      line.forget()
      return
    }
    width = size.columns
    output.append(text: ScreenModes.atOnce.begin)
    output.moveUp(rowsAbove)
    output.moveToColumn(0)
    output.eraseToEndOfScreen()
    let items = line.items
    beginLine()
    for item in items { put(item.character, item.style, item.isCode, &output) }
    output.append(text: ScreenModes.atOnce.end)
  }

  // MARK: Characters

  // Nearly all text begins a new character by itself; to ask the whole text costs more.
  private static func mayJoin(_ character: Character, _ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    return first.value >= 0x300 || !character.isASCII
  }

  private mutating func put(
    _ character: Character,
    _ style: TextStyle,
    _ isCode: Bool,
    _ output: inout [UInt8]
  ) {
    if character == "\n" || character == "\r\n" || character == "\r" {
      // What ends as `\r` may go on with `\n`, which then adds nothing.
      if character == "\n", last?.character == "\r" { last = nil } else { endLine(&output) }
      if character == "\r" { last = returnMark(style) }
      return
    }
    line.append(WrappedLine.Item(character: character, style: style, isCode: isCode))
    if character == "\t" {
      let count = Self.tabColumns - max(column - currentIndent, 0) % Self.tabColumns
      for _ in 0..<count { putSpace(" ", style, isCode, &output) }
      last = nil
    } else if character == " " || character == "\u{3000}" {
      putSpace(character, style, isCode, &output)
    } else {
      putGlyph(character, style, isCode, &output)
    }
  }

  private mutating func putSpace(
    _ character: Character,
    _ style: TextStyle,
    _ isCode: Bool,
    _ output: inout [UInt8]
  ) {
    let glyph = displayWidth.glyph(for: character)
    if !isCode, isBreakDue || column + glyph.columns > width {
      // It stands for the break of the row and is not seen.
      last = lastCharacter(character, style, isCode, columns: 0)
      isBreakDue = true
      return
    }
    putGlyph(character, style, isCode, &output)
    startWord()
  }

  private mutating func putGlyph(
    _ character: Character,
    _ style: TextStyle,
    _ isCode: Bool,
    _ output: inout [UInt8]
  ) {
    var glyph = displayWidth.glyph(for: character)
    guard glyph.columns > 0 else {
      // A space without width is a place to break a row.
      if character == "\u{200B}" { startWord() }
      return
    }
    if glyph.columns > width - currentIndent { glyph = Glyph(text: "…", columns: 1) }
    if let last, last.columns > 0, !word.isEmpty,
      LineBreaking.allows(between: last.character, and: character)
    {
      startWord()
    }
    makeRoom(for: glyph.columns, isCode, &output)
    last = lastCharacter(character, style, isCode, columns: glyph.columns)
    let cell = ScreenCell(text: glyph.text, columns: glyph.columns, style: style)
    write(cell, &output)
    word.append(cell)
  }

  /// Starts a row where the present one has no room, and takes the word along.
  private mutating func makeRoom(for columns: Int, _ isCode: Bool, _ output: inout [UInt8]) {
    if isBreakDue {
      startWord()
    } else if column + columns <= width {
      return
    }
    let moved = isCode || wordColumn <= currentIndent ? [] : word
    if !moved.isEmpty {
      output.moveToColumn(wordColumn)
      output.eraseToEndOfRow()
      line.shortenRow(to: wordColumn)
    }
    startRow(&output)
    for cell in moved { write(cell, &output) }
    word = moved
    // A word of wide characters may have left a column free that it needs now.
    if column + columns > width {
      startRow(&output)
      word = []
    }
  }

  /// Writes the character that was written last in another form.
  private mutating func replaceLast(
    with character: Character,
    _ last: LastCharacter,
    _ output: inout [UInt8]
  ) {
    if last.columns > 0 {
      output.moveToColumn(last.column)
      output.eraseToEndOfRow()
      line.shortenRow(to: last.column)
    }
    column = last.column
    word.removeLast(max(word.count - last.wordCount, 0))
    wordColumn = last.wordColumn
    isBreakDue = last.isBreakDue
    line.removeLast()
    self.last = nil
    // What no screen shows of a stack of marks need not be kept either.
    let scalars = character.unicodeScalars.prefix(DisplayWidth.scalarLimit)
    put(Character(String(scalars)), last.style, last.isCode, &output)
  }

  private func lastCharacter(
    _ character: Character,
    _ style: TextStyle,
    _ isCode: Bool,
    columns: Int
  ) -> LastCharacter {
    LastCharacter(
      character: character,
      style: style,
      isCode: isCode,
      columns: columns,
      column: column,
      wordCount: word.count,
      wordColumn: wordColumn,
      isBreakDue: isBreakDue
    )
  }

  private func returnMark(_ style: TextStyle) -> LastCharacter {
    lastCharacter("\r", style, false, columns: 0)
  }

  // MARK: Rows

  private var currentIndent: Int { indent * 3 <= width ? indent : 0 }

  private mutating func write(_ cell: ScreenCell, _ output: inout [UInt8]) {
    if isRowEmpty {
      isRowEmpty = false
      if currentIndent > 0 {
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: currentIndent))
        line.add(columns: currentIndent)
      }
    }
    setPen(cell.style, &output)
    output.append(text: cell.text)
    column += cell.columns
    line.add(columns: cell.columns)
  }

  private mutating func startRow(_ output: inout [UInt8]) {
    output.startRow()
    line.startRow(at: 0)
    beginRow()
  }

  private mutating func endLine(_ output: inout [UInt8]) {
    output.startRow()
    beginLine()
  }

  private mutating func beginLine() {
    line = WrappedLine()
    beginRow()
    last = nil
  }

  private mutating func beginRow() {
    column = currentIndent
    isRowEmpty = true
    startWord()
    isBreakDue = false
  }

  private mutating func startWord() {
    word.removeAll(keepingCapacity: true)
    wordColumn = column
  }

  private mutating func setPen(_ style: TextStyle, _ output: inout [UInt8]) {
    guard hasColor, style != pen else { return }
    pen = style
    style.appendSequence(to: &output)
  }
}
