// SPDX-License-Identifier: Apache-2.0

/// Walks over the matches of a splitter in a stretch of text, each once, empty ones included.
struct MatchWalk {
  let splitter: Splitter
  let bounds: Range<Int>
  private var position: Int
  private var lastEnd: Int

  init(_ splitter: Splitter, _ bounds: Range<Int>) {
    self.splitter = splitter
    self.bounds = bounds
    self.position = bounds.lowerBound
    self.lastEnd = -1
  }

  /// Returns the next match; nil after the last.
  mutating func next(
    in text: Span<UInt8>,
    _ state: inout PatternState
  ) throws(TokenizationError) -> Range<Int>? {
    while position <= bounds.upperBound {
      guard
        let match = try splitter.firstMatch(in: text, bounds, from: position, &state)
      else {
        position = bounds.upperBound + 1
        return nil
      }
      guard match.isEmpty else {
        position = match.upperBound
        lastEnd = position
        return match
      }
      let isAtEnd = match.lowerBound >= bounds.upperBound
      position = match.lowerBound + (isAtEnd ? 1 : text.scalar(at: match.lowerBound).length)
      // An empty match right behind another is not one.
      if match.lowerBound != lastEnd {
        lastEnd = match.lowerBound
        return match
      }
    }
    return nil
  }
}
