// SPDX-License-Identifier: Apache-2.0

/// How tokens become text again.
enum TextDecoder: Sendable {
  /// Pieces stand for bytes in the byte alphabet.
  case byteLevel
  /// Pieces are text, with bytes as `<0xNN>` where the tokenizer falls back to them.
  case text(TextRules)
  /// The file names no decoder: pieces with a space between them.
  case none

  /// What is done to pieces that are text.
  struct TextRules: Sendable {
    /// Texts that are replaced in each piece, in order.
    var replacements: [Replacement] = []
    /// Whether `<0xNN>` is a byte.
    var hasByteFallback = false
    /// What is removed at the beginning of the whole, and how often at most.
    var strip: (content: [UInt8], count: Int)?
    /// The metaspace that the first piece loses.
    var leadingMetaspace: [UInt8]?

    /// One text and what stands for it.
    struct Replacement: Sendable {
      var from: [UInt8]
      var to: [UInt8]
    }

    /// Returns the byte that a piece stands for, nil if it is text.
    func byte(of piece: ArraySlice<UInt8>) -> UInt8? {
      guard hasByteFallback, piece.count == 6, piece.starts(with: [0x3C, 0x30, 0x78]),
        piece.last == 0x3E
      else { return nil }
      return UInt8(String(decoding: piece.dropFirst(3).prefix(2), as: UTF8.self), radix: 16)
    }

    /// Appends the text of a piece that is no byte.
    func appendText(of piece: ArraySlice<UInt8>, isFirst: Bool, to text: inout [UInt8]) {
      let start = text.count
      text += piece
      if isFirst, let leadingMetaspace {
        Self.replace(leadingMetaspace, with: [], in: &text, from: start)
      }
      for replacement in replacements {
        Self.replace(replacement.from, with: replacement.to, in: &text, from: start)
      }
    }

    private static func replace(
      _ from: [UInt8],
      with to: [UInt8],
      in text: inout [UInt8],
      from start: Int
    ) {
      var position = start
      while let match = firstMatch(of: from, in: text, from: position) {
        text.replaceSubrange(match, with: to)
        position = match.lowerBound + to.count
      }
    }

    private static func firstMatch(
      of literal: [UInt8],
      in text: [UInt8],
      from start: Int
    ) -> Range<Int>? {
      TextScanner(text.span, end: text.count).literal(literal, from: start)
    }
  }
}
