// SPDX-License-Identifier: Apache-2.0

/// What a buffer was before its changes, the newest last.
struct UndoStack: Hashable, Sendable {
  private var states: [EditBuffer] = []
  private var characterCount = 0
  private var isTyping = false

  // LIMIT: more than anyone takes back; the second bounds what long pastes can fill.
  private static let countLimit = 500
  private static let characterLimit = 2_000_000

  /// Keeps a state before a change; letters that follow each other are one change.
  mutating func keep(_ state: EditBuffer, isTyping: Bool) {
    defer { self.isTyping = isTyping }
    if isTyping, self.isTyping { return }
    guard states.last != state else { return }
    states.append(state)
    characterCount += state.characters.count
    while states.count > Self.countLimit || states.count > 1 && characterCount > Self.characterLimit
    {
      characterCount -= states.removeFirst().characters.count
    }
  }

  /// Ends a series of letters.
  mutating func endSeries() { isTyping = false }

  /// Takes the newest state that differs from the present one.
  mutating func undo(from present: EditBuffer) -> EditBuffer? {
    isTyping = false
    while let state = states.popLast() {
      characterCount -= state.characters.count
      if state.characters != present.characters { return state }
    }
    return nil
  }
}
