// SPDX-License-Identifier: Apache-2.0

extension LineEditor {
  mutating func run(_ command: Command) -> Outcome {
    switch command {
    case .insert, .paste, .newLine, .deleteBackward, .deleteForward, .transpose, .upperCase,
      .lowerCase, .titleCase, .undo:
      return runChange(command)
    case .cutToLineEnd, .cutToLineStart, .cutToSpace, .cutPreviousWord, .cutNextWord, .yank,
      .yankPrevious:
      return runCut(command)
    case .moveLeft, .moveRight, .moveUp, .moveDown, .moveToLineStart, .moveToLineEnd, .moveToStart,
      .moveToEnd, .moveToPreviousWord, .moveToNextWord:
      return runMove(command)
    case .historyBack: return recall(historyIndex - 1)
    case .historyForward: return recall(historyIndex + 1)
    case .historyFirst: return recall(0)
    case .historyLast: return recall(history.entries.count)
    case .search: return beginSearch()
    case .enter: return enter()
    case .complete: return complete()
    case .endOrDeleteForward:
      return buffer.isEmpty ? .ended : change { $0.deleteForward() }
    case .interrupt: return interrupt()
    case .suspend: return .suspended
    case .clearScreen: return .screenCleared
    case .refuse: return .refused
    case .cancel, .ignore: return .edited
    }
  }

  private mutating func runChange(_ command: Command) -> Outcome {
    switch command {
    case .insert(let text):
      return change(isTyping: true) { buffer in
        buffer.insert(text)
        return true
      }
    case .paste(let text):
      return change { buffer in
        buffer.insert(text)
        return true
      }
    case .newLine: return insertLine()
    case .deleteBackward: return change { $0.deleteBackward() }
    case .deleteForward: return change { $0.deleteForward() }
    case .transpose: return change { $0.transpose() }
    case .upperCase: return changeWord { $0.uppercased() }
    case .lowerCase: return changeWord { $0.lowercased() }
    case .titleCase:
      return changeWord { word in
        // What stands before the word has no case.
        let start = word.firstIndex(where: \.isLetter) ?? word.endIndex
        let rest = word[start...].dropFirst()
        return word[..<start] + word[start...].prefix(1).uppercased() + rest.lowercased()
      }
    default:
      guard let state = undoStack.undo(from: buffer) else { return .refused }
      buffer = state
      return .edited
    }
  }

  private mutating func insertLine() -> Outcome {
    change { buffer in
      buffer.insert("\n")
      return true
    }
  }

  private mutating func changeWord(_ body: (String) -> String) -> Outcome {
    change { buffer in
      guard buffer.nextWordEnd > buffer.cursor else { return false }
      buffer.changeWord(body)
      return true
    }
  }

  private mutating func runMove(_ command: Command) -> Outcome {
    let target: Int
    switch command {
    case .moveLeft: target = buffer.cursor - 1
    case .moveRight: target = buffer.cursor + 1
    case .moveToLineStart: target = buffer.lineStart
    case .moveToLineEnd: target = buffer.lineEnd
    case .moveToStart: target = 0
    case .moveToEnd: target = buffer.characters.count
    case .moveToPreviousWord: target = buffer.previousWordStart
    case .moveToNextWord: target = buffer.nextWordEnd
    default: return moveByRow(isUp: command == .moveUp)
    }
    guard (0...buffer.characters.count).contains(target) else { return .refused }
    buffer.move(to: target)
    return .edited
  }

  /// Moves to the row above or below, and past the first and the last one into the history.
  private mutating func moveByRow(isUp: Bool) -> Outcome {
    let layout = textLayout
    let place = layout.positions[buffer.cursor]
    let row = place.row + (isUp ? -1 : 1)
    guard layout.rows.indices.contains(row) else {
      return recall(historyIndex + (isUp ? -1 : 1))
    }
    let column = goalColumn ?? place.column
    goalColumn = column
    buffer.move(to: layout.index(atRow: row, column: column))
    return .edited
  }

  // MARK: Cutting and inserting

  private mutating func runCut(_ command: Command) -> Outcome {
    let cursor = buffer.cursor
    switch command {
    case .cutToLineEnd:
      // At the end of a line its break goes.
      let end = buffer.lineEnd
      return cut(cursor..<(end == cursor ? end + 1 : end), isBefore: false)
    case .cutToLineStart:
      let start = buffer.lineStart
      return cut((start == cursor ? max(start - 1, 0) : start)..<cursor, isBefore: true)
    case .cutToSpace: return cut(buffer.previousSpaceEnd..<cursor, isBefore: true)
    case .cutPreviousWord: return cut(buffer.previousWordStart..<cursor, isBefore: true)
    case .cutNextWord: return cut(cursor..<buffer.nextWordEnd, isBefore: false)
    case .yank:
      guard let text = killRing.newest() else { return .refused }
      return insertCut(text)
    default:
      guard let count = yankedCount, let text = killRing.next() else { return .refused }
      let end = buffer.cursor
      return change { buffer in
        buffer.remove((end - count)..<end)
        return true
      } == .edited ? insertCut(text) : .refused
    }
  }

  private mutating func cut(_ range: Range<Int>, isBefore: Bool) -> Outcome {
    let range = range.clamped(to: 0..<buffer.characters.count)
    guard !range.isEmpty else { return .refused }
    undoStack.keep(buffer, isTyping: false)
    killRing.keep(buffer.remove(range), isBefore: isBefore)
    return .edited
  }

  private mutating func insertCut(_ text: String) -> Outcome {
    let start = buffer.cursor
    undoStack.keep(buffer, isTyping: false)
    buffer.insert(text)
    yankedCount = max(buffer.cursor - start, 0)
    return .edited
  }

  // MARK: Entering

  private mutating func enter() -> Outcome {
    if settings.hasQuotedBlocks, QuotedBlock.isOpen(buffer.text) { return insertLine() }
    let start = buffer.lineStart
    let slashes = buffer.characters[start..<buffer.cursor].reversed().prefix { $0 == "\\" }.count
    // A backslash at the end asks for another line; two are a text that ends with them.
    if buffer.cursor == buffer.lineEnd, !slashes.isMultiple(of: 2) {
      return change { buffer in
        buffer.remove((buffer.cursor - 1)..<buffer.cursor)
        buffer.insert("\n")
        return true
      }
    }
    let text = buffer.text
    if settings.keepsHistory { history.add(text) }
    return .submitted(settings.hasQuotedBlocks ? QuotedBlock.content(of: text) : text)
  }

  private mutating func interrupt() -> Outcome {
    if !buffer.isEmpty {
      isInterruptPending = false
      historyIndex = history.entries.count
      drafts = [:]
      replace(EditBuffer())
      return .edited
    }
    guard isInterruptPending else {
      isInterruptPending = true
      message = "Ctrl-C once more, or Ctrl-D, ends"
      return .edited
    }
    return .interrupted
  }
}

/// A text between `"""` and `"""`, in which Enter makes lines.
public enum QuotedBlock {
  private static let quotes = "\"\"\""

  /// Whether a text begins a block and does not end it.
  public static func isOpen(_ text: String) -> Bool {
    guard text.hasPrefix(quotes) else { return false }
    let rest = text.dropFirst(quotes.count)
    return !rest.hasSuffix(quotes)
  }

  /// Returns what a block holds, or the text itself where it is none.
  public static func content(of text: String) -> String {
    guard text.hasPrefix(quotes), !isOpen(text), text.count >= 2 * quotes.count else { return text }
    var content = text.dropFirst(quotes.count).dropLast(quotes.count)
    // The line breaks next to the quotes belong to them.
    if content.first == "\n" { content.removeFirst() }
    if content.last == "\n" { content.removeLast() }
    return String(content)
  }
}
