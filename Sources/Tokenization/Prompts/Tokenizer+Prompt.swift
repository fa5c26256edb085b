// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// Returns the ids of a rendered prompt.
  ///
  /// Added tokens, special or not, are found in each stretch that the template wrote, the leftmost
  /// first and the longest of those that begin there; never in what came with the data, and never
  /// across the two. The text between two of them is encoded as one, so a prompt whose data holds no
  /// control string has the ids of an ordinary encoding. Nothing is added at its ends.
  ///
  /// - Parameter prompt: The prompt.
  /// - Throws: `TokenizationError` with reason `patternTooCostly`.
  /// - Returns: The ids.
  public func encode(_ prompt: RenderedPrompt) throws(TokenizationError) -> [Int32] {
    var bytes: [UInt8] = []
    var stretches: [Range<Int>] = []
    for run in prompt.marked.runs {
      let start = bytes.count
      for scalar in prompt.marked.scalars[run.range] { bytes.appendScalar(scalar.value) }
      if run.origin == .template { stretches.append(start..<bytes.count) }
    }
    return try withState(byteCount: bytes.count) { state throws(TokenizationError) in
      try parts.encode(bytes.span, controlWithin: stretches, &state)
    }
  }
}

extension TokenizerParts {
  /// Appends the ids of a text in which added tokens are looked for within some stretches alone.
  func encode(
    _ text: Span<UInt8>,
    controlWithin stretches: [Range<Int>],
    _ state: inout EncodingState
  ) throws(TokenizationError) {
    var walk = AddedTokenWalk()
    for stretch in stretches {
      while let match = walk.next(in: text, templateMatcher, addedTokens, .all, within: stretch) {
        try encodePlain(text, walk.gapStart..<match.range.lowerBound, &state)
        state.ids.append(addedTokens[match.token].id)
        walk.gapStart = match.range.upperBound
      }
    }
    try encodePlain(text, walk.gapStart..<text.count, &state)
  }

  private func encodePlain(
    _ text: Span<UInt8>,
    _ gap: Range<Int>,
    _ state: inout EncodingState
  ) throws(TokenizationError) {
    guard !gap.isEmpty else { return }
    try encodeNormalizing(text.extracting(gap), .never, isFirst: gap.lowerBound == 0, &state)
  }
}
