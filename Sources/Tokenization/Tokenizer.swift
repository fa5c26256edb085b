// SPDX-License-Identifier: Apache-2.0

import JSON
import Synchronization

/// Text to token ids and back, as the tokenizer files of a Hugging Face folder say.
///
/// A tokenizer never changes after it is loaded and may be used by many tasks at once.
public final class Tokenizer: Sendable {
  /// What text may become beside the pieces of the vocabulary.
  public enum AddedTokenRule: Sendable, Hashable {
    /// Text never forms an added token, whatever the file says of the token: the rule for what a
    /// user or a document says. The letters that some vocabularies carry as added tokens then take
    /// the way of any other letter; a byte that the vocabulary lacks is left out.
    case never
    /// Text forms every added token but those that the file marks as special, which it splits.
    case nonSpecial
    /// Text forms every added token: the rule for rendered chat templates.
    case all
  }

  let parts: TokenizerParts
  /// Buffers of encodings that are over, for those to come.
  private let spareStates = Mutex<[EncodingState]>([])

  init(_ parts: TokenizerParts) { self.parts = parts }

  /// The largest id and one; a model may have more rows, which text never reaches.
  public var vocabularyCount: Int { parts.vocabulary.idCount }

  /// The tokens beside the vocabulary, in the order of the file.
  public var addedTokens: [AddedToken] { parts.addedTokens }

  /// The id of the beginning-of-text token that tokenizer_config.json names, nil if it names none.
  public var beginningOfTextID: Int32? { parts.beginningOfTextID }

  /// The id of the end-of-text token that tokenizer_config.json names, nil if it names none.
  public var endOfTextID: Int32? { parts.endOfTextID }

  /// The ids that stand before a text that is encoded with special tokens.
  public var prefixIDs: [Int32] { parts.prefix }

  /// The ids that stand behind a text that is encoded with special tokens.
  public var suffixIDs: [Int32] { parts.suffix }

  /// The first pattern that no hand-written scanner knows, for `doctor`: exact, but slower.
  public var generalPattern: String? { parts.generalPattern }

  /// Returns the id of a piece as the file writes it, or of an added token.
  public func id(of piece: String) -> Int32? {
    let bytes = Array(piece.utf8)
    return parts.vocabulary.id(of: bytes.span)
  }

  /// Returns the piece of an id as the file writes it; nil where the id has none.
  public func piece(of id: Int32) -> String? {
    parts.vocabulary.piece(of: id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Returns whether the file marks the token as special.
  public func isSpecial(_ id: Int32) -> Bool { parts.specialIDs.contains(id) }

  /// Returns the ids of a text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - addsSpecialTokens: Whether the beginning- and end-of-text tokens are added where the files
  ///     ask for them.
  ///   - addedTokens: Which added tokens the text may form.
  /// - Complexity: O(n log n) in the longest piece, O(n) in their number.
  /// - Throws: `TokenizationError` with reason `patternTooCostly`, which hand-written scanners
  ///   never do.
  /// - Returns: The ids.
  public func encode(
    _ text: String,
    addsSpecialTokens: Bool = true,
    addedTokens: AddedTokenRule = .never
  ) throws(TokenizationError) -> [Int32] {
    try encodeChecked(Array(text.utf8), addsSpecialTokens, addedTokens)
  }

  /// Returns the ids of a text that came as bytes.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8; `LossyText.repaired` makes it of anything.
  ///   - addsSpecialTokens: Whether the beginning- and end-of-text tokens are added where the files
  ///     ask for them.
  ///   - addedTokens: Which added tokens the text may form.
  /// - Throws: `TokenizationError` with reason `notUTF8` and the first byte that is at fault, or
  ///   `patternTooCostly`.
  /// - Returns: The ids.
  public func encode(
    utf8 bytes: [UInt8],
    addsSpecialTokens: Bool = true,
    addedTokens: AddedTokenRule = .never
  ) throws(TokenizationError) -> [Int32] {
    if let offset = UTF8Check.firstFault(in: bytes.span) {
      throw TokenizationError(.notUTF8(offset: offset))
    }
    return try encodeChecked(bytes, addsSpecialTokens, addedTokens)
  }

  private func encodeChecked(
    _ bytes: [UInt8],
    _ addsSpecialTokens: Bool,
    _ rule: AddedTokenRule
  ) throws(TokenizationError) -> [Int32] {
    try withState(byteCount: bytes.count) { state throws(TokenizationError) in
      if addsSpecialTokens { state.ids += parts.prefix }
      try parts.encode(bytes.span, rule, &state)
      if addsSpecialTokens { state.ids += parts.suffix }
    }
  }

  /// Returns the ids that `body` appends to the buffers of an encoding.
  func withState(
    byteCount: Int,
    _ body: (inout EncodingState) throws(TokenizationError) -> Void
  ) throws(TokenizationError) -> [Int32] {
    var state = spareStates.withLock { $0.popLast() } ?? EncodingState()
    // LIMIT: as many spare buffers as a machine has busy threads, roughly.
    defer { spareStates.withLock { if $0.count < 16 { $0.append(state) } } }
    state.begin(byteCount: byteCount)
    try body(&state)
    let ids = state.ids
    state.ids = []
    return ids
  }
}
