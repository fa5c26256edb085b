// SPDX-License-Identifier: Apache-2.0

extension PreTokenizer {
  /// Counts the pieces of a text, cut as an encoding cuts it.
  func count(
    _ text: Span<UInt8>,
    _ state: inout PatternState,
    in counts: inout PieceCounts
  ) throws(TokenizationError) {
    guard isDeepSeek3 else {
      try count(text, 0..<text.count, step: 0, &state, in: &counts)
      return
    }
    var scanner = DeepSeek3Walk.scanner(of: text)
    var walk = DeepSeek3Walk()
    while let piece = walk.next(&scanner) { counts.add(text.extracting(piece)) }
  }

  private func count(
    _ text: Span<UInt8>,
    _ stretch: Range<Int>,
    step index: Int,
    _ state: inout PatternState,
    in counts: inout PieceCounts
  ) throws(TokenizationError) {
    guard !stretch.isEmpty else { return }
    guard index < steps.count else {
      counts.add(text.extracting(stretch))
      return
    }
    let step = steps[index]
    var walk = MatchWalk(step.splitter, stretch)
    var gapStart = stretch.lowerBound
    while let match = try walk.next(in: text, &state) {
      if step.gaps == .kept {
        let gap = gapStart..<match.lowerBound
        try count(text, gap, step: index + 1, &state, in: &counts)
      }
      if step.matches == .kept {
        try count(text, match, step: index + 1, &state, in: &counts)
      }
      gapStart = match.upperBound
    }
    if step.gaps == .kept {
      let gap = gapStart..<stretch.upperBound
      try count(text, gap, step: index + 1, &state, in: &counts)
    }
  }
}
