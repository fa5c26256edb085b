// SPDX-License-Identifier: Apache-2.0

/// Titles: one line without anything that could move a terminal's cursor.
enum ConversationTitle {
  // LIMIT: what a list of 80 columns can show beside id, model and time; a person who names a
  // conversation may say more.
  static let characterLimit = 60
  static let givenCharacterLimit = 200
  // A character may have any number of combining marks.
  private static let scalarsPerCharacter = 16

  /// Makes a title from the first message of a user, cut at a character and, where one is near, at
  /// the end of a word.
  static func made(from message: String) -> String {
    line(message, characterLimit: characterLimit)
  }

  /// Makes a line of a text: runs of white space become one space, control characters and those
  /// that turn the direction of what follows are dropped, and what is too long ends with "…".
  ///
  /// - Complexity: O(length of the line) but for what is dropped.
  static func line(_ text: String, characterLimit: Int) -> String {
    let scalarLimit = characterLimit * scalarsPerCharacter
    var scalars = String.UnicodeScalarView()
    var count = 0
    var isGap = false
    var isCut = false
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        isGap = count > 0
      } else if !isDropped(scalar) {
        isCut = count >= scalarLimit
        if isCut { break }
        if isGap { scalars.append(" ") }
        scalars.append(scalar)
        count += isGap ? 2 : 1
        isGap = false
      }
    }
    var line = String(scalars)
    if isCut {
      // Its last character may go on behind the limit.
      let whole = line.dropLast()
      if !whole.isEmpty { line = String(whole) }
    }
    guard isCut || line.count > characterLimit else { return line }
    return cut(line.prefix(characterLimit - 1)) + "…"
  }

  /// Ends a text at its last space, if that costs no more than a quarter.
  private static func cut(_ text: Substring) -> Substring {
    guard let space = text.lastIndex(of: " "),
      text.distance(from: text.startIndex, to: space) >= text.count * 3 / 4
    else { return text }
    return text[..<space]
  }

  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Left-to-right and right-to-left embeddings, overrides and isolates.
    case 0x202A...0x202E, 0x2066...0x2069: true
    // The byte-order mark.
    case 0xFEFF: true
    default: scalar.properties.generalCategory == .control
    }
  }
}
