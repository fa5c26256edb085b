// SPDX-License-Identifier: Apache-2.0

/// A short piece of a text, on one line.
enum Excerpt {
  // LIMIT: one line of a narrow terminal.
  private static let characterLimit = 72
  // Of them, what stands before the word.
  private static let leadCount = 24

  /// Cuts out what stands around a word's first place; the text's beginning where the word is
  /// found only within a character, or not at all.
  ///
  /// - Complexity: O(length of the text).
  static func of(_ text: String, around word: String) -> String {
    let characters = Array(text)
    let start = max(0, (place(of: word, in: characters) ?? 0) - leadCount)
    // White space shrinks, so there is more than the line will take.
    let piece = String(characters[start...].prefix(characterLimit * 4))
    let line = ConversationTitle.line(piece, characterLimit: characterLimit)
    return start > 0 ? "…" + line : line
  }

  private static func place(of word: String, in characters: [Character]) -> Int? {
    let wanted = word.map { $0.lowercased() }
    guard characters.count >= wanted.count else { return nil }
    return (0...characters.count - wanted.count).first { start in
      wanted.indices.allSatisfy { characters[start + $0].lowercased() == wanted[$0] }
    }
  }
}
