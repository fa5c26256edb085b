// SPDX-License-Identifier: Apache-2.0

/// A text and a cursor in it, between two of its characters.
///
/// Characters are grapheme clusters, line breaks are `\n`.
public struct EditBuffer: Hashable, Sendable {
  /// The text, character by character.
  public private(set) var characters: [Character]
  /// How many characters stand before the cursor.
  public private(set) var cursor: Int

  /// Creates a buffer with the cursor at its end.
  public init(_ text: String = "") {
    characters = Array(Self.withPlainBreaks(text))
    cursor = characters.count
  }

  /// The text.
  public var text: String { String(characters) }

  /// Whether there is no text.
  public var isEmpty: Bool { characters.isEmpty }

  /// The text before the cursor.
  public var textBeforeCursor: String { String(characters[..<cursor]) }

  /// The text behind the cursor.
  public var textAfterCursor: String { String(characters[cursor...]) }

  // MARK: Moving

  /// Moves the cursor, at most to the ends.
  public mutating func move(to index: Int) { cursor = min(max(index, 0), characters.count) }

  /// Where the line of the cursor begins.
  public var lineStart: Int {
    characters[..<cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
  }

  /// Where the line of the cursor ends: at its line break, or at the end of the text.
  public var lineEnd: Int { characters[cursor...].firstIndex(of: "\n") ?? characters.count }

  /// The beginning of the word before the cursor.
  public var previousWordStart: Int {
    var index = cursor
    while index > 0, !Self.isWordPart(characters[index - 1]) { index -= 1 }
    while index > 0, Self.isWordPart(characters[index - 1]) { index -= 1 }
    return index
  }

  /// The end of the word behind the cursor.
  public var nextWordEnd: Int {
    var index = cursor
    while index < characters.count, !Self.isWordPart(characters[index]) { index += 1 }
    while index < characters.count, Self.isWordPart(characters[index]) { index += 1 }
    return index
  }

  /// The beginning of what stands between white space and the cursor.
  public var previousSpaceEnd: Int {
    var index = cursor
    while index > 0, characters[index - 1].isWhitespace { index -= 1 }
    while index > 0, !characters[index - 1].isWhitespace { index -= 1 }
    return index
  }

  static func isWordPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }

  // MARK: Changing

  /// Inserts a text at the cursor and moves behind it.
  ///
  /// What it makes with its neighbors counts: a mark joins the letter before it.
  ///
  /// - Complexity: O(n) in the text and the line of the cursor.
  public mutating func insert(_ text: String) {
    let (start, end) = (lineStart, lineEnd)
    let head = String(characters[start..<cursor]) + Self.withPlainBreaks(text)
    let line = Array(head + String(characters[cursor..<end]))
    // The cursor stands behind the character in which the inserted text ends.
    var byteCount = head.utf8.count
    var count = 0
    while byteCount > 0, count < line.count {
      byteCount -= line[count].utf8.count
      count += 1
    }
    characters.replaceSubrange(start..<end, with: line)
    cursor = start + count
  }

  /// Removes what stands before the cursor: a character, or the last mark of a letter.
  ///
  /// - Returns: Whether there was something.
  public mutating func deleteBackward() -> Bool {
    guard cursor > 0 else { return false }
    let removed = characters[cursor - 1]
    remove((cursor - 1)..<cursor)
    if let rest = Self.withoutLastMark(removed) { insert(String(rest)) }
    return true
  }

  /// Removes the character at the cursor.
  ///
  /// - Returns: Whether there was one.
  public mutating func deleteForward() -> Bool {
    guard cursor < characters.count else { return false }
    remove(cursor..<(cursor + 1))
    return true
  }

  /// Removes characters and returns their text; the cursor goes where they were.
  @discardableResult
  public mutating func remove(_ range: Range<Int>) -> String {
    let range = range.clamped(to: 0..<characters.count)
    let removed = String(characters[range])
    characters.removeSubrange(range)
    cursor = range.lowerBound
    rejoin()
    return removed
  }

  /// Exchanges the character before the cursor with the one at it, and moves behind both; at the end
  /// of a line it exchanges the last two.
  ///
  /// - Returns: Whether there were two.
  public mutating func transpose() -> Bool {
    let index = cursor == lineEnd ? cursor - 1 : cursor
    guard index > lineStart else { return false }
    characters.swapAt(index - 1, index)
    cursor = index + 1
    insert("")
    return true
  }

  /// Replaces the case of the word behind the cursor, and moves behind it.
  mutating func changeWord(_ change: (String) -> String) {
    let end = nextWordEnd
    insert(change(remove(cursor..<end)))
  }

  /// What stood apart may belong together once what was between is gone.
  private mutating func rejoin() {
    guard cursor > 0, cursor < characters.count else { return }
    if !characters[cursor - 1].isASCII || !characters[cursor].isASCII { insert("") }
  }

  /// The letter without the last of its marks, so that a vowel sign can be corrected; nil for what
  /// goes as a whole: emoji, flags, syllables of Hangul, and letters without marks.
  private static func withoutLastMark(_ character: Character) -> Character? {
    var scalars = character.unicodeScalars
    guard scalars.count > 1, let first = scalars.first, let last = scalars.popLast(),
      first.properties.isAlphabetic, isMark(last)
    else { return nil }
    return Character(String(scalars))
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark: !scalar.properties.isVariationSelector
    default: false
    }
  }

  private static func withPlainBreaks(_ text: String) -> String {
    guard text.utf8.contains(0x0D) else { return text }
    var plain = ""
    for character in text {
      plain.append(character == "\r\n" || character == "\r" ? "\n" : character)
    }
    return plain
  }
}
