// SPDX-License-Identifier: Apache-2.0

import JSON

extension Tokenizer {
  /// Returns the text of ids; an id without a piece has none.
  ///
  /// Bytes that are no UTF-8 become U+FFFD: one for each maximal part in byte-level tokenizers, one
  /// for each byte of the run in those with byte fallback, as the published implementation does.
  ///
  /// - Parameters:
  ///   - ids: The ids.
  ///   - skipsSpecialTokens: Whether tokens that the file marks as special are left out.
  /// - Returns: The text.
  public func decode(_ ids: [Int32], skipsSpecialTokens: Bool = false) -> String {
    let kept = ids.lazy.filter { !skipsSpecialTokens || !self.parts.specialIDs.contains($0) }
    let pieces = kept.compactMap { self.parts.vocabulary.piece(of: $0) }
    switch parts.decoder {
    case .byteLevel:
      var bytes: [UInt8] = []
      for piece in pieces { ByteAlphabet.appendBytes(of: piece, to: &bytes) }
      return String(decoding: LossyText.repaired(bytes), as: UTF8.self)
    case .text(let rules):
      return String(decoding: Self.text(of: Array(pieces), rules), as: UTF8.self)
    case .none:
      return String(decoding: Array(pieces.joined(separator: [0x20])), as: UTF8.self)
    }
  }

  /// Returns the bytes that an id stands for within a text, which may be a part of a character; none
  /// where it has no piece.
  public func bytes(of id: Int32) -> [UInt8] {
    guard let piece = parts.vocabulary.piece(of: id) else { return [] }
    var bytes: [UInt8] = []
    switch parts.decoder {
    case .byteLevel: ByteAlphabet.appendBytes(of: piece, to: &bytes)
    case .text(let rules):
      if let byte = rules.byte(of: piece) { return [byte] }
      rules.appendText(of: piece, isFirst: false, to: &bytes)
    case .none: bytes += piece
    }
    return bytes
  }

  private static func text(
    of pieces: [ArraySlice<UInt8>],
    _ rules: TextDecoder.TextRules
  ) -> [UInt8] {
    var result: [UInt8] = []
    var run: [UInt8] = []
    func finishRun() {
      if UTF8Check.firstFault(in: run.span) == nil {
        result += run
      } else {
        for _ in run { result += [0xEF, 0xBF, 0xBD] }
      }
      run.removeAll(keepingCapacity: true)
    }
    for (index, piece) in pieces.enumerated() {
      if let byte = rules.byte(of: piece) {
        run.append(byte)
      } else {
        finishRun()
        rules.appendText(of: piece, isFirst: index == 0, to: &result)
      }
    }
    finishRun()
    guard let strip = rules.strip else { return result }
    var stripped = result[...]
    for _ in 0..<strip.count where stripped.starts(with: strip.content) {
      stripped = stripped.dropFirst(strip.content.count)
    }
    return Array(stripped)
  }
}
