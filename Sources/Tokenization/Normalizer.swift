// SPDX-License-Identifier: Apache-2.0

/// What is done to a text before it is cut.
struct Normalizer: Sendable {
  enum Step: Sendable {
    /// Normalization form C.
    case composition
    case prepend([UInt8])
    case replace(Splitter, [UInt8])
  }

  var steps: [Step] = []

  /// Returns the normalized text, nil where it is the given one.
  ///
  /// - Throws: `TokenizationError` where a pattern runs out of steps.
  func normalized(
    _ text: Span<UInt8>,
    _ state: inout PatternState
  ) throws(TokenizationError) -> [UInt8]? {
    guard let first = steps.first else { return nil }
    var result = try Self.apply(first, text, &state)
    for step in steps.dropFirst() {
      if let current = result {
        result = try Self.apply(step, current.span, &state) ?? current
      } else {
        result = try Self.apply(step, text, &state)
      }
    }
    return result
  }

  private static func apply(
    _ step: Step,
    _ text: Span<UInt8>,
    _ state: inout PatternState
  ) throws(TokenizationError) -> [UInt8]? {
    switch step {
    case .composition: return CanonicalComposition.shared.composed(text)
    case .prepend(let prefix):
      guard !text.isEmpty else { return nil }
      return prefix + text.indices.map { text[$0] }
    case .replace(let splitter, let content):
      return try replaced(text, splitter, content, &state)
    }
  }

  private static func replaced(
    _ text: Span<UInt8>,
    _ splitter: Splitter,
    _ content: [UInt8],
    _ state: inout PatternState
  ) throws(TokenizationError) -> [UInt8]? {
    var walk = MatchWalk(splitter, 0..<text.count)
    guard var match = try walk.next(in: text, &state) else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(text.count + text.count / 2)
    var copied = 0
    while true {
      for index in copied..<match.lowerBound { result.append(text[index]) }
      result += content
      copied = match.upperBound
      guard let next = try walk.next(in: text, &state) else { break }
      match = next
    }
    for index in copied..<text.count { result.append(text[index]) }
    return result
  }
}
