// SPDX-License-Identifier: Apache-2.0

/// What may stand in place of the end of the text before the cursor.
public struct Completion: Hashable, Sendable {
  /// One possible text.
  public struct Candidate: Hashable, Sendable {
    /// The text.
    public var text: String
    /// A few words about it.
    public var note: String?
    /// What follows it where it is the only one: a space, or a slash behind a folder.
    public var suffix: String

    /// Creates a candidate.
    public init(_ text: String, note: String? = nil, suffix: String = " ") {
      self.text = text
      self.note = note
      self.suffix = suffix
    }
  }

  /// How many characters before the cursor the candidates replace.
  public var replacedCount: Int
  /// The possible texts, in the order in which they are shown.
  public var candidates: [Candidate]

  /// Creates a completion.
  public init(replacedCount: Int, candidates: [Candidate]) {
    self.replacedCount = replacedCount
    self.candidates = candidates
  }

  /// Creates the completion of a word by those words of a list that begin with it.
  ///
  /// - Parameters:
  ///   - word: What stands before the cursor of the word.
  ///   - list: All words.
  public init(of word: String, from list: [Candidate]) {
    self.init(replacedCount: word.count, candidates: list.filter { $0.text.hasPrefix(word) })
  }

  /// What all candidates begin with.
  public var commonPrefix: String {
    guard let first = candidates.first else { return "" }
    return candidates.dropFirst().reduce(first.text) { prefix, candidate in
      String(zip(prefix, candidate.text).prefix { $0 == $1 }.map(\.0))
    }
  }
}
