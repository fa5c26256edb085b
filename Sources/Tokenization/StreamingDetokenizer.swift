// SPDX-License-Identifier: Apache-2.0

/// Turns ids into text one by one, as a model gives them, and never releases part of a character.
///
/// At most three bytes are held back. What is released joins to `Tokenizer.decode` of all ids, but
/// for one case: where a run of byte-fallback tokens stops being UTF-8 in its middle, characters
/// that are already released stay, and only the bytes that are at fault become U+FFFD.
public struct StreamingDetokenizer: Sendable {
  private let tokenizer: Tokenizer
  private let skipsSpecialTokens: Bool
  private var bytes = UTF8Accumulator()
  private var hasPiece = false
  /// How many times the decoder still strips its text from the beginning.
  private var stripsLeft: Int
  /// What may turn out to be text to strip, or not.
  private var undecided: [UInt8] = []
  // Kept from token to token, so that a token asks for no memory.
  private var text: [UInt8] = []
  private var raw: [UInt8] = []

  /// Starts a text.
  ///
  /// - Parameters:
  ///   - tokenizer: The tokenizer of the ids.
  ///   - skipsSpecialTokens: Whether tokens that the file marks as special are left out.
  public init(_ tokenizer: Tokenizer, skipsSpecialTokens: Bool = false) {
    self.tokenizer = tokenizer
    self.skipsSpecialTokens = skipsSpecialTokens
    if case .text(let rules) = tokenizer.parts.decoder, let strip = rules.strip {
      self.stripsLeft = strip.count
    } else {
      self.stripsLeft = 0
    }
  }

  /// Takes an id.
  ///
  /// - Returns: The text that is certain now; often empty.
  public mutating func append(_ id: Int32) -> String {
    let parts = tokenizer.parts
    guard !skipsSpecialTokens || !parts.specialIDs.contains(id),
      let piece = parts.vocabulary.piece(of: id)
    else { return "" }
    let isFirst = !hasPiece
    hasPiece = true
    text.removeAll(keepingCapacity: true)
    switch parts.decoder {
    case .byteLevel:
      raw.removeAll(keepingCapacity: true)
      ByteAlphabet.appendBytes(of: piece, to: &raw)
      for byte in raw { bytes.append(byte, to: &text) }
    case .text(let rules):
      if let byte = rules.byte(of: piece) {
        appendFallback(byte)
      } else {
        bytes.finishByteByByte(into: &text)
        rules.appendText(of: piece, isFirst: isFirst, to: &text)
      }
      if stripsLeft > 0 { text = stripped(text, rules) }
    case .none:
      if !isFirst { text.append(0x20) }
      text += piece
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Ends the text.
  ///
  /// - Returns: What was still held: U+FFFD where it is no whole character.
  public mutating func finish() -> String {
    var released: [UInt8] = []
    if case .text(let rules) = tokenizer.parts.decoder {
      bytes.finishByteByByte(into: &released)
      released = stripped(released, rules)
      released = undecided + released
      undecided = []
    } else {
      bytes.finish(into: &released)
    }
    return String(decoding: released, as: UTF8.self)
  }

  /// Takes a byte of a run: bytes that turn out to be at fault become one U+FFFD each.
  private mutating func appendFallback(_ byte: UInt8) {
    // The accumulator gives one U+FFFD for a whole faulty part; here each of its bytes gets one.
    if !bytes.accepts(byte) { bytes.finishByteByByte(into: &text) }
    bytes.append(byte, to: &text)
  }

  /// Removes what the decoder strips from the beginning of the whole text.
  private mutating func stripped(
    _ text: [UInt8],
    _ rules: TextDecoder.TextRules
  ) -> [UInt8] {
    guard stripsLeft > 0, let content = rules.strip?.content, !content.isEmpty else { return text }
    var rest = (undecided + text)[...]
    undecided = []
    while stripsLeft > 0 {
      if rest.starts(with: content) {
        rest = rest.dropFirst(content.count)
        stripsLeft -= 1
      } else if content.starts(with: rest) {
        undecided = Array(rest)
        return []
      } else {
        stripsLeft = 0
      }
    }
    return Array(rest)
  }
}
