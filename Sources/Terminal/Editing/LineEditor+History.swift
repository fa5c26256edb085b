// SPDX-License-Identifier: Apache-2.0

extension LineEditor {
  /// Shows an entry of the history; the one behind the newest is the text that is being written.
  mutating func recall(_ index: Int) -> Outcome {
    guard (0...history.entries.count).contains(index), index != historyIndex else {
      return .refused
    }
    drafts[historyIndex] = buffer.text
    historyIndex = index
    let entry = index < history.entries.count ? history.entries[index] : ""
    buffer = EditBuffer(drafts[index] ?? entry)
    // What was done to another text cannot be taken back here.
    undoStack = UndoStack()
    goalColumn = nil
    return .edited
  }
}

/// A search through the history while its words are typed.
struct HistorySearch: Hashable, Sendable {
  /// What is looked for.
  var query = ""
  /// The entry that is shown; nil where none was found yet.
  var index: Int?
  /// Whether nothing was found for the query as it is now.
  var hasFailed = false
  /// What was there before.
  var saved: EditBuffer
  var savedIndex: Int
}

extension LineEditor {
  mutating func beginSearch() -> Outcome {
    search = HistorySearch(saved: buffer, savedIndex: historyIndex)
    return .edited
  }

  /// Does what a key asks for during a search; nil where the key ends it and is for the editor.
  mutating func handleInSearch(_ key: Key) -> Outcome? {
    guard var state = search else { return nil }
    switch Command(key) {
    case .insert(let text):
      state.query += text
      return find(&state, isBackward: true, skipsShown: false)
    case .paste(let text):
      state.query += text.split(separator: "\n").first.map(String.init) ?? ""
      return find(&state, isBackward: true, skipsShown: false)
    case .deleteBackward:
      guard !state.query.isEmpty else { return .refused }
      state.query.removeLast()
      state.index = nil
      return find(&state, isBackward: true, skipsShown: false)
    case .search:
      if state.query.isEmpty { state.query = lastQuery }
      return find(&state, isBackward: true, skipsShown: true)
    case .refuse where key == .control("s"):
      return find(&state, isBackward: false, skipsShown: true)
    case .cancel where key != Key(.escape), .interrupt:
      buffer = state.saved
      historyIndex = state.savedIndex
      search = nil
      return .edited
    case .ignore: return .edited
    default:
      let wasEscape = Command(key) == .cancel
      lastQuery = state.query
      search = nil
      return wasEscape ? .edited : nil
    }
  }

  private mutating func find(
    _ state: inout HistorySearch,
    isBackward: Bool,
    skipsShown: Bool
  ) -> Outcome {
    defer { search = state }
    guard !state.query.isEmpty else {
      state.hasFailed = false
      state.index = nil
      buffer = state.saved
      return .edited
    }
    var start = state.index ?? history.entries.count - 1
    if skipsShown, state.index != nil { start += isBackward ? -1 : 1 }
    guard let match = history.match(state.query, from: start, isBackward: isBackward) else {
      state.hasFailed = true
      return .refused
    }
    state.hasFailed = false
    state.index = match.index
    if drafts[historyIndex] == nil, historyIndex == state.savedIndex {
      drafts[historyIndex] = state.saved.text
    }
    historyIndex = match.index
    buffer = EditBuffer(history.entries[match.index])
    buffer.move(to: match.offset)
    return .edited
  }
}
