// SPDX-License-Identifier: Apache-2.0

/// Finds the matches of one Split's pattern: a hand-written scanner where the pattern is known, the
/// general path where it is not.
enum Splitter: Sendable {
  /// `[set]` or `[set]+` or `[set]{1,n}`: at most `maximum` scalars of the set.
  case run(CharacterSet, maximum: Int)
  /// `\s?[set]+`: a run with the white space before it.
  case spacedRun(CharacterSet)
  /// `\s+$`: the white space at the end.
  case trailingSpace
  /// The third split of DeepSeek-V3.
  case deepSeek3
  /// The split of GPT-2, which ByteLevel also brings along.
  case gpt2
  /// The split of Qwen-2 (one digit) and Llama-3 (up to three).
  case contractions(digitsMaximum: Int)
  /// A text that matches itself.
  case literal([UInt8])
  /// A text and what follows it up to where it comes again: pieces that a metaspace begins.
  case leader([UInt8])
  /// Any other pattern.
  case general(PatternProgram, source: String)

  /// Chooses the scanner of a regular expression.
  ///
  /// - Throws: `TokenizationError` where it is unknown and the general path does not read it.
  init(pattern: String) throws(TokenizationError) {
    if let known = Self.known(pattern) {
      self = known
      return
    }
    let node = try PatternParser.parse(pattern)
    if let shape = Self.shape(of: node) {
      self = shape
    } else {
      self = .general(try PatternProgram(node), source: pattern)
    }
  }

  /// The pattern, where it takes the general path.
  var generalPattern: String? {
    if case .general(_, let source) = self { return source }
    return nil
  }

  /// Returns the leftmost match in a stretch of text; nil if there is none.
  ///
  /// - Parameters:
  ///   - text: Well-formed UTF-8.
  ///   - bounds: The stretch; nothing outside it is seen.
  ///   - start: The first position that is tried.
  ///   - state: Buffers and steps of the general path.
  /// - Throws: `TokenizationError` where the general path runs out of steps.
  /// - Returns: The match.
  func firstMatch(
    in text: Span<UInt8>,
    _ bounds: Range<Int>,
    from start: Int,
    _ state: inout PatternState
  ) throws(TokenizationError) -> Range<Int>? {
    let scanner = TextScanner(text, end: bounds.upperBound)
    switch self {
    case .run(let set, let maximum): return scanner.run(of: set, maximum: maximum, from: start)
    case .spacedRun(let set): return scanner.spacedRun(of: set, from: start)
    case .trailingSpace: return scanner.trailingSpace(from: start)
    case .deepSeek3: return scanner.first(from: start) { $0.deepSeek3($1) }
    case .gpt2: return scanner.first(from: start) { $0.gpt2($1) }
    case .contractions(let digitsMaximum):
      return scanner.first(from: start) { $0.contractions($1, digitsMaximum: digitsMaximum) }
    case .literal(let bytes): return scanner.literal(bytes, from: start)
    case .leader(let bytes):
      guard let lead = scanner.literal(bytes, from: start) else { return nil }
      let next = scanner.literal(bytes, from: lead.upperBound)
      return lead.lowerBound..<(next?.lowerBound ?? bounds.upperBound)
    case .general(let program, let source):
      let matcher = PatternMatcher(program, text, bounds: bounds)
      var position = start
      while true {
        if let end = matcher.match(at: position, &state) { return position..<end }
        guard state.stepsLeft > 0 else {
          throw TokenizationError(.patternTooCostly(pattern: source))
        }
        guard position < bounds.upperBound else { return nil }
        position += text.scalar(at: position).length
      }
    }
  }

  // The published patterns. Where a file holds the characters CR and LF and where their escapes
  // is part of the text that is compared; both are here.
  static let deepSeek3Pattern =
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|"##
    + #"[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  static let contractionsHead =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"#
  static let contractionsTail =
    #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  static let gpt2Pattern =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  private static func known(_ pattern: String) -> Splitter? {
    // Scalar by scalar: CR LF is one `Character`.
    var text = ""
    for scalar in pattern.unicodeScalars {
      switch scalar {
      case "\r": text += #"\r"#
      case "\n": text += #"\n"#
      default: text.unicodeScalars.append(scalar)
      }
    }
    switch text {
    case deepSeek3Pattern: return .deepSeek3
    case gpt2Pattern: return .gpt2
    case contractionsHead + #"\p{N}"# + contractionsTail: return .contractions(digitsMaximum: 1)
    case contractionsHead + #"\p{N}{1,3}"# + contractionsTail:
      return .contractions(digitsMaximum: 3)
    default: return nil
    }
  }

  private static func shape(of node: PatternNode) -> Splitter? {
    let space = PatternNode.set(CharacterSet([.classes(.space)]))
    let once = PatternNode.Repetition(minimum: 1, maximum: nil, order: .greedy)
    switch node {
    case .set(let set): return .run(set, maximum: 1)
    case .repetition(.set(let set), let count) where count.minimum == 1 && count.order != .lazy:
      return .run(set, maximum: count.maximum ?? .max)
    case .sequence([.repetition(space, once), .anchor(.lineEnd)]): return .trailingSpace
    case .sequence(let nodes) where nodes.count == 2:
      guard
        nodes[0] == .repetition(space, .init(minimum: 0, maximum: 1, order: .greedy)),
        case .repetition(.set(let set), once) = nodes[1]
      else { return nil }
      return .spacedRun(set)
    default: return nil
    }
  }
}
