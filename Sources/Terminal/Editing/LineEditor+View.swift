// SPDX-License-Identifier: Apache-2.0

/// What an editor shows.
public struct EditorView: Hashable, Sendable {
  /// The rows from the prompt down, each at most as wide as the screen.
  public var rows: [ScreenRow]
  /// Where the cursor stands.
  public var cursor: ScreenPosition
  /// Which row of the whole is the first one here: more than 0 where not all have room.
  public var firstRow: Int
}

extension LineEditor {
  // LIMIT: candidates are to be read at a glance, and leave room for the text.
  private static let listRowLimit = 8

  var textLayout: TextLayout {
    // A prompt that fills its row leaves no room to write.
    let limit = max(width / 2, 1)
    let style = settings.promptStyle
    return TextLayout(
      buffer.characters,
      prompt: displayWidth.cells(of: settings.prompt, style: style, columnLimit: limit),
      continuation: displayWidth.cells(
        of: settings.continuationPrompt,
        style: style,
        columnLimit: limit
      ),
      width: width,
      displayWidth: displayWidth
    )
  }

  /// Lays out what the screen shows: the text, the hint behind it, and notes and candidates below.
  ///
  /// - Parameters:
  ///   - height: How many rows there are at most.
  ///   - firstRow: The first row of the view before, so that a long text does not jump.
  /// - Complexity: O(n) in the text.
  /// - Returns: At most `height` rows, and where the cursor stands in them.
  public func view(height: Int, firstRow: Int = 0) -> EditorView {
    let layout = textLayout
    let cursor = layout.positions[buffer.cursor]
    var rows = layout.rows
    appendHint(to: &rows[rows.count - 1])
    let height = max(height, 1)
    let notes = noteRows.prefix(max(height - 1, 0))
    let room = max(height - notes.count, 1)
    var first = min(max(firstRow, cursor.row - room + 1), cursor.row)
    first = max(min(first, rows.count - room), 0)
    let shown = rows[first..<min(first + room, rows.count)]
    return EditorView(
      rows: Array(shown) + notes,
      cursor: ScreenPosition(row: cursor.row - first, column: cursor.column),
      firstRow: first
    )
  }

  /// Returns the rows that stay on the screen once the text is entered: all of it, and nothing else.
  public var finalRows: [ScreenRow] {
    let layout = textLayout
    return layout.isSpilled ? layout.rows.dropLast() : layout.rows
  }

  private func appendHint(to row: inout ScreenRow) {
    guard search == nil, candidates.isEmpty, message == nil,
      buffer.cursor == buffer.characters.count,
      let hint = settings.hint?(buffer.text)
    else { return }
    let room = width - row.columns
    guard room > 1 else { return }
    row.cells += displayWidth.cells(of: hint, style: .dim, columnLimit: room)
  }

  private var noteRows: [ScreenRow] {
    if let search {
      let state = search.hasFailed ? "nothing found" : "search"
      return [note("\(state): \(search.query)")]
    }
    if let message { return [note(message)] }
    return candidates.isEmpty ? [] : candidateRows
  }

  private func note(_ text: String) -> ScreenRow {
    ScreenRow(displayWidth.cells(of: text, style: .dim, columnLimit: width))
  }

  private var candidateRows: [ScreenRow] {
    let columns = candidates.map { displayWidth.columns(of: $0.text) }
    let widest = (columns.max() ?? 0) + 2
    let hasNotes = candidates.contains { $0.note != nil }
    let perRow = hasNotes ? 1 : max(width / widest, 1)
    var rows: [ScreenRow] = []
    for start in stride(from: 0, to: candidates.count, by: perRow) {
      guard rows.count < Self.listRowLimit else {
        rows.append(note("… \(candidates.count - start) more"))
        break
      }
      var text = ""
      for index in start..<min(start + perRow, candidates.count) {
        let candidate = candidates[index]
        text += candidate.text
        let isLast = index + 1 == min(start + perRow, candidates.count)
        guard candidate.note != nil || !isLast else { continue }
        text += String(repeating: " ", count: widest - columns[index]) + (candidate.note ?? "")
      }
      rows.append(note(text))
    }
    return rows
  }
}
