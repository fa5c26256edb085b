// SPDX-License-Identifier: Apache-2.0

import JSON

/// Trains a byte-level BPE tokenizer: counts the pieces of texts, then learns merges from them.
///
/// The result is a function of the texts and the options: neither their order nor threads change it.
public struct TokenizerTraining: Sendable {
  /// What a tokenizer shall be like.
  public struct Options: Sendable, Hashable {
    /// How many ids there shall be, control tokens and the 256 bytes included.
    public var vocabularyCount: Int
    /// How text is cut into pieces, which no merge crosses.
    public var split = SplitStyle.deepSeekV3
    /// Tokens that no text forms; they take the first ids.
    public var controlTokens = ControlToken.deepSeekV3
    /// The control token that stands before every text; nil where none does.
    public var beginningOfText: String? = ControlToken.beginningOfText.content
    /// The control token that ends a text; nil where none does.
    public var endOfText: String? = ControlToken.endOfText.content
    /// The control token that fills rows up; nil where none does.
    public var padding: String? = ControlToken.padding.content
    /// How often a pair must come to become a token.
    public var minimumCount = 2

    /// Creates options.
    public init(vocabularyCount: Int) { self.vocabularyCount = vocabularyCount }
  }

  /// The options.
  public let options: Options
  /// What cuts texts: the tokenizer that is to be, with no merges yet.
  private let parts: TokenizerParts

  /// Prepares a training.
  ///
  /// - Parameter options: What the tokenizer shall be like.
  /// - Throws: `TokenizationError` where the vocabulary is too small, or a token is named that is not
  ///   among the control tokens.
  public init(_ options: Options) throws(TokenizationError) {
    let least = options.controlTokens.count + 256
    guard options.vocabularyCount >= least, options.vocabularyCount <= Vocabulary.idLimit else {
      throw TokenizationError(.vocabularyTooSmall(options.vocabularyCount, least: least))
    }
    let contents = options.controlTokens.map(\.content)
    for (index, content) in contents.enumerated()
    where content.isEmpty || contents[..<index].contains(content) {
      throw TokenizationError(.unusableControlToken(content))
    }
    let named = [options.beginningOfText, options.endOfText, options.padding].compactMap { $0 }
    for content in named where !contents.contains(content) {
      throw TokenizationError(.unknownToken(content), place: "control tokens")
    }
    self.options = options
    let learning = MergeLearning(PieceCounts(), controlPieces: Self.controlPieces(options))
    let bare = TrainedTokenizer(options, pieces: learning.pieces, merges: [])
    parts = try bare.tokenizer().parts
  }

  private static func controlPieces(_ options: Options) -> [[UInt8]] {
    options.controlTokens.map { Array($0.content.utf8) }
  }

  /// Counts the pieces of a text.
  ///
  /// - Parameter bytes: UTF-8.
  /// - Throws: `TokenizationError` with reason `notUTF8`.
  /// - Returns: The counts, to be added to those of other texts.
  public func counts(of bytes: [UInt8]) throws(TokenizationError) -> PieceCounts {
    if let offset = UTF8Check.firstFault(in: bytes.span) {
      throw TokenizationError(.notUTF8(offset: offset))
    }
    var counts = PieceCounts()
    var state = PatternState()
    state.allowSteps(forByteCount: bytes.count)
    try parts.preTokenizer.count(bytes.span, &state, in: &counts)
    return counts
  }

  /// Learns the merges.
  ///
  /// - Parameters:
  ///   - counts: The counts of all texts.
  ///   - goesOn: Is told the number of pieces, and says whether to go on.
  /// - Returns: The tokenizer, nil where it was stopped; smaller than asked for where the texts hold
  ///   too few pairs.
  public func learn(
    from counts: PieceCounts,
    while goesOn: (Int) -> Bool = { _ in true }
  ) -> TrainedTokenizer? {
    var learning = MergeLearning(counts, controlPieces: Self.controlPieces(options))
    let isWhole = learning.run(
      vocabularyCount: options.vocabularyCount,
      minimumCount: options.minimumCount,
      while: goesOn
    )
    guard isWhole else { return nil }
    return TrainedTokenizer(options, pieces: learning.pieces, merges: learning.merges)
  }

  // LIMIT: a stretch is long enough to be worth a thread's while.
  private static let stretchByteCount = 1 << 18

  /// Cuts a text into stretches whose pieces are those of the whole, for many threads.
  ///
  /// A cut stands between a letter and a space that a letter follows; no published split has a piece
  /// across it.
  ///
  /// - Parameter text: UTF-8.
  /// - Returns: The stretches in order; one for a text without such a place.
  public static func stretches(of text: [UInt8]) -> [Range<Int>] {
    func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    var stretches: [Range<Int>] = []
    var start = 0
    while text.count - start > 2 * stretchByteCount {
      var place = start + stretchByteCount
      while place + 1 < text.count,
        !(text[place] == 0x20 && isLetter(text[place - 1]) && isLetter(text[place + 1]))
      {
        place += 1
      }
      guard place + 1 < text.count else { break }
      stretches.append(start..<place)
      start = place
    }
    stretches.append(start..<text.count)
    return stretches
  }
}
