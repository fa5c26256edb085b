// SPDX-License-Identifier: Apache-2.0

/// One pattern by one of its two paths, so that tests can hold the scanners to the general path.
package struct PatternSplit: Sendable {
  private let splitter: Splitter

  /// Reads a pattern.
  ///
  /// - Parameters:
  ///   - pattern: The regular expression.
  ///   - forcesGeneralPath: Whether a known pattern takes the general path too.
  /// - Throws: `TokenizationError` naming the construct that is not read.
  package init(_ pattern: String, forcesGeneralPath: Bool = false) throws(TokenizationError) {
    if forcesGeneralPath {
      let program = try PatternProgram(PatternParser.parse(pattern))
      self.splitter = .general(program, source: pattern)
    } else {
      self.splitter = try Splitter(pattern: pattern)
    }
  }

  /// Whether no scanner knows the pattern.
  package var takesGeneralPath: Bool { splitter.generalPattern != nil }

  /// Returns the matches in a text and the gaps between them.
  ///
  /// - Throws: `TokenizationError` with reason `patternTooCostly`.
  package func pieces(of text: String) throws(TokenizationError) -> [String] {
    let bytes = Array(text.utf8)
    var state = PatternState()
    state.allowSteps(forByteCount: bytes.count)
    var walk = MatchWalk(splitter, 0..<bytes.count)
    var ranges: [Range<Int>] = []
    var gapStart = 0
    while let match = try walk.next(in: bytes.span, &state) {
      ranges += [gapStart..<match.lowerBound, match]
      gapStart = match.upperBound
    }
    ranges.append(gapStart..<bytes.count)
    return ranges.filter { !$0.isEmpty }.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// Returns what one walk makes of a text where it takes the three splits together; nil where it
  /// does not know them.
  package static func fusedPieces(
    of text: String,
    _ splits: [PatternSplit]
  ) -> [String]? {
    guard DeepSeek3Walk.fuses(splits.map { PreTokenizer.Step(splitter: $0.splitter) }) else {
      return nil
    }
    let bytes = Array(text.utf8)
    var scanner = DeepSeek3Walk.scanner(of: bytes.span)
    var walk = DeepSeek3Walk()
    var pieces: [String] = []
    while let piece = walk.next(&scanner) {
      pieces.append(String(decoding: bytes[piece], as: UTF8.self))
    }
    return pieces
  }
}
