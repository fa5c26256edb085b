// SPDX-License-Identifier: Apache-2.0

extension TokenizerParts {
  /// Appends the ids of one piece.
  func encodePiece(_ text: Span<UInt8>, _ piece: Range<Int>, _ state: inout EncodingState) {
    guard preTokenizer.isByteLevel else {
      encodeCharacters(text, piece, &state)
      return
    }
    if piece.count == 1 {
      let id = byteIDs[Int(text[piece.lowerBound])]
      if id >= 0 { state.ids.append(id) }
      return
    }
    guard piece.count <= PieceCache.byteCountLimit else {
      mergeBytes(text, piece, &state)
      return
    }
    let hash = PieceHash.hash(text.extracting(piece), seed: 0)
    if state.cache.appendTokens(of: piece, in: text, hash: hash, to: &state.ids) { return }
    let start = state.ids.count
    mergeBytes(text, piece, &state)
    state.cache.insert(piece, in: text, hash: hash, tokens: state.ids[start...])
  }

  private func mergeBytes(_ text: Span<UInt8>, _ piece: Range<Int>, _ state: inout EncodingState) {
    if ignoresMerges, let id = wholePiece(text, piece, &state) {
      state.ids.append(id)
      return
    }
    state.merging.tokens.removeAll(keepingCapacity: true)
    for index in piece {
      let id = byteIDs[Int(text[index])]
      if id >= 0 {
        state.merging.tokens.append(id)
      } else if let unknownID {
        appendUnknown(unknownID, &state)
      }
    }
    state.merging.merge(with: merges)
    state.ids += state.merging.tokens
  }

  /// Returns the id of the piece where the vocabulary has it, written in the byte alphabet.
  private func wholePiece(
    _ text: Span<UInt8>,
    _ piece: Range<Int>,
    _ state: inout EncodingState
  ) -> Int32? {
    state.symbols.removeAll(keepingCapacity: true)
    for index in piece { state.symbols += ByteAlphabet.symbols[Int(text[index])] }
    return vocabulary.modelID(of: state.symbols.span)
  }

  /// Merges characters; one that the vocabulary lacks becomes its bytes or the unknown token.
  private func encodeCharacters(
    _ text: Span<UInt8>,
    _ piece: Range<Int>,
    _ state: inout EncodingState
  ) {
    if ignoresMerges, let id = vocabulary.modelID(of: text.extracting(piece)) {
      state.ids.append(id)
      return
    }
    state.merging.tokens.removeAll(keepingCapacity: true)
    var position = piece.lowerBound
    while position < piece.upperBound {
      let character = position..<position + text.scalar(at: position).length
      position = character.upperBound
      if let id = vocabulary.modelID(of: text.extracting(character)) {
        state.merging.tokens.append(id)
      } else if hasByteFallback, character.allSatisfy({ byteIDs[Int(text[$0])] >= 0 }) {
        for index in character { state.merging.tokens.append(byteIDs[Int(text[index])]) }
      } else if let unknownID {
        appendUnknown(unknownID, &state)
      }
    }
    state.merging.merge(with: merges)
    state.ids += state.merging.tokens
  }

  private func appendUnknown(_ id: Int32, _ state: inout EncodingState) {
    if fusesUnknown, state.merging.tokens.last == id { return }
    state.merging.tokens.append(id)
  }
}
