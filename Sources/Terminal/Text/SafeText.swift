// SPDX-License-Identifier: Apache-2.0

extension DisplayWidth {
  /// Returns a text as it may be written to a terminal: nothing in it is a command.
  ///
  /// Line breaks and tabs stay as they are; `glyph(for:)` says what the rest becomes.
  public func safe(_ text: String) -> String {
    var safe = ""
    for character in text {
      switch character {
      case "\n", "\t": safe.append(character)
      case "\r\n", "\r": safe.append("\n")
      default: safe += glyph(for: character).text
      }
    }
    return safe
  }

  /// Lays a text out in one row; line breaks and tabs become spaces.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - style: How it looks.
  ///   - columnLimit: Where the row ends; what does not fit gives way to "…".
  /// - Returns: The cells, none of which commands the terminal.
  public func cells(
    of text: String,
    style: TextStyle = .plain,
    columnLimit: Int = .max
  ) -> [ScreenCell] {
    var cells: [ScreenCell] = []
    var column = 0
    for character in text {
      let isSpace = character.isNewline || character == "\t"
      let glyph = isSpace ? Glyph(text: " ", columns: 1) : glyph(for: character)
      guard glyph.columns > 0 else { continue }
      if column + glyph.columns > columnLimit {
        while column >= columnLimit, let last = cells.popLast() { column -= last.columns }
        if columnLimit > 0 { cells.append(ScreenCell(text: "…", columns: 1, style: style)) }
        return cells
      }
      cells.append(ScreenCell(text: glyph.text, columns: glyph.columns, style: style))
      column += glyph.columns
    }
    return cells
  }
}
