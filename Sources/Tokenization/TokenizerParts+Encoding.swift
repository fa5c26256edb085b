// SPDX-License-Identifier: Apache-2.0

extension TokenizerParts {
  /// Appends the ids of a text: added tokens in the text as it came, then normalizing, then added
  /// tokens in the normalized text, then pieces.
  func encode(
    _ text: Span<UInt8>,
    _ rule: Tokenizer.AddedTokenRule,
    _ state: inout EncodingState
  ) throws(TokenizationError) {
    guard rule != .never, !rawMatcher.isEmpty else {
      try encodeNormalizing(text, rule, isFirst: true, &state)
      return
    }
    var walk = AddedTokenWalk()
    while let match = walk.next(in: text, rawMatcher, addedTokens, rule) {
      if walk.gapStart < match.range.lowerBound {
        let gap = text.extracting(walk.gapStart..<match.range.lowerBound)
        try encodeNormalizing(gap, rule, isFirst: walk.gapStart == 0, &state)
      }
      state.ids.append(addedTokens[match.token].id)
      walk.gapStart = match.range.upperBound
    }
    if walk.gapStart < text.count {
      let gap = text.extracting(walk.gapStart..<text.count)
      try encodeNormalizing(gap, rule, isFirst: walk.gapStart == 0, &state)
    }
  }

  func encodeNormalizing(
    _ text: Span<UInt8>,
    _ rule: Tokenizer.AddedTokenRule,
    isFirst: Bool,
    _ state: inout EncodingState
  ) throws(TokenizationError) {
    if let normalized = try normalizer.normalized(text, &state.pattern) {
      try encodeNormalized(normalized.span, rule, isFirst: isFirst, &state)
    } else {
      try encodeNormalized(text, rule, isFirst: isFirst, &state)
    }
  }

  private func encodeNormalized(
    _ text: Span<UInt8>,
    _ rule: Tokenizer.AddedTokenRule,
    isFirst: Bool,
    _ state: inout EncodingState
  ) throws(TokenizationError) {
    guard rule != .never, !normalizedMatcher.isEmpty else {
      try encodePlain(text, isFirst: isFirst, &state)
      return
    }
    var walk = AddedTokenWalk()
    while let match = walk.next(in: text, normalizedMatcher, addedTokens, rule) {
      if walk.gapStart < match.range.lowerBound {
        let gap = text.extracting(walk.gapStart..<match.range.lowerBound)
        try encodePlain(gap, isFirst: isFirst && walk.gapStart == 0, &state)
      }
      state.ids.append(addedTokens[match.token].id)
      walk.gapStart = match.range.upperBound
    }
    if walk.gapStart < text.count {
      let gap = text.extracting(walk.gapStart..<text.count)
      try encodePlain(gap, isFirst: isFirst && walk.gapStart == 0, &state)
    }
  }

  private func encodePlain(
    _ text: Span<UInt8>,
    isFirst: Bool,
    _ state: inout EncodingState
  ) throws(TokenizationError) {
    if let prepared = preTokenizer.prepared(text, isFirst: isFirst) {
      try cut(prepared.span, &state)
    } else {
      try cut(text, &state)
    }
  }

  private func cut(
    _ text: Span<UInt8>,
    _ state: inout EncodingState
  ) throws(TokenizationError) {
    guard preTokenizer.isDeepSeek3 else {
      try cut(text, 0..<text.count, step: 0, &state)
      return
    }
    var scanner = DeepSeek3Walk.scanner(of: text)
    var walk = DeepSeek3Walk()
    while let piece = walk.next(&scanner) { encodePiece(text, piece, &state) }
  }

  /// Cuts a stretch by the steps from `step` on and encodes the pieces.
  private func cut(
    _ text: Span<UInt8>,
    _ stretch: Range<Int>,
    step index: Int,
    _ state: inout EncodingState
  ) throws(TokenizationError) {
    guard index < preTokenizer.steps.count else {
      encodePiece(text, stretch, &state)
      return
    }
    let step = preTokenizer.steps[index]
    var walk = MatchWalk(step.splitter, stretch)
    var gapStart = stretch.lowerBound
    while let match = try walk.next(in: text, &state.pattern) {
      if gapStart < match.lowerBound, step.gaps == .kept {
        try cut(text, gapStart..<match.lowerBound, step: index + 1, &state)
      }
      if !match.isEmpty, step.matches == .kept {
        try cut(text, match, step: index + 1, &state)
      }
      gapStart = match.upperBound
    }
    if gapStart < stretch.upperBound, step.gaps == .kept {
      try cut(text, gapStart..<stretch.upperBound, step: index + 1, &state)
    }
  }
}
