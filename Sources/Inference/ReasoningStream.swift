// SPDX-License-Identifier: Apache-2.0

/// Takes a growing text apart into its reasoning and the answer after it.
///
/// However the text is cut, the parts joined are those of the whole. Blank lines around the reasoning
/// and before the answer belong to neither.
public struct ReasoningStream: Sendable {
  /// More of the reasoning or of the answer.
  public enum Part: Sendable, Hashable {
    /// Between the think tags.
    case reasoning(String)
    /// After them, or where there are none.
    case answer(String)
  }

  /// Where the text stands.
  private enum Place {
    /// Nothing but white space so far: reasoning may open.
    case undecided
    case reasoning
    /// Behind the reasoning, before the answer's first character.
    case betweenLines
    case answer
  }

  private static let opening = Array("<think>".unicodeScalars)
  private static let closing = Array("</think>".unicodeScalars)

  private var place: Place
  /// What may still turn out to be a tag, or line breaks that end the reasoning.
  private var held: [Unicode.Scalar] = []
  private var hasReasoning = false

  /// Creates a stream.
  ///
  /// - Parameter opensReasoning: Whether the text begins inside the reasoning, as the prompt's last
  ///   tokens say.
  public init(opensReasoning: Bool) { place = opensReasoning ? .reasoning : .undecided }

  /// Whether the text stands inside the reasoning.
  public var isReasoning: Bool { place == .reasoning }

  /// Takes more text.
  ///
  /// - Returns: What is certain now, at most one part of each kind, in order.
  public mutating func append(_ text: String) -> [Part] {
    var output = Output()
    for scalar in text.unicodeScalars { take(scalar, &output) }
    return output.parts
  }

  /// Ends the text.
  ///
  /// - Returns: What was held back.
  public mutating func finish() -> [Part] {
    var output = Output()
    switch place {
    case .undecided: output.answer.append(contentsOf: held)
    case .reasoning: output.reasoning.append(contentsOf: withoutLastLineBreaks(held))
    case .betweenLines, .answer: break
    }
    held = []
    return output.parts
  }

  private struct Output {
    var reasoning = String.UnicodeScalarView()
    var answer = String.UnicodeScalarView()

    var parts: [Part] {
      (reasoning.isEmpty ? [] : [.reasoning(String(reasoning))])
        + (answer.isEmpty ? [] : [.answer(String(answer))])
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar, _ output: inout Output) {
    switch place {
    case .undecided: takeUndecided(scalar, &output)
    case .reasoning: takeReasoning(scalar, &output)
    case .betweenLines:
      guard !scalar.isLineBreak else { return }
      place = .answer
      output.answer.append(scalar)
    case .answer: output.answer.append(scalar)
    }
  }

  private mutating func takeUndecided(_ scalar: Unicode.Scalar, _ output: inout Output) {
    held.append(scalar)
    let text = held.drop { $0.properties.isWhitespace }
    guard !text.isEmpty, !Self.opening.starts(with: text) || text.count == Self.opening.count else {
      return
    }
    if Self.opening.elementsEqual(text) {
      place = .reasoning
    } else {
      place = .answer
      output.answer.append(contentsOf: held)
    }
    held = []
  }

  private mutating func takeReasoning(_ scalar: Unicode.Scalar, _ output: inout Output) {
    if !hasReasoning, held.isEmpty, scalar.isLineBreak { return }
    held.append(scalar)
    while !held.isEmpty {
      let rest = held.drop { $0.isLineBreak }
      if rest.elementsEqual(Self.closing) {
        held = []
        place = .betweenLines
        return
      }
      if Self.closing.starts(with: rest) { return }
      // Line breaks, and at least one character that is no tag's: certain up to the next of either.
      release(&output)
    }
  }

  /// Releases the held line breaks and the character behind them.
  private mutating func release(_ output: inout Output) {
    let breaks = held.prefix { $0.isLineBreak }.count
    // Before the reasoning's first character they belong to nothing.
    output.reasoning.append(contentsOf: held[(hasReasoning ? 0 : breaks)...breaks])
    hasReasoning = true
    held.removeFirst(breaks + 1)
  }

  private func withoutLastLineBreaks(_ scalars: [Unicode.Scalar]) -> ArraySlice<Unicode.Scalar> {
    var rest = scalars[...]
    while rest.last?.isLineBreak == true { rest.removeLast() }
    return rest
  }
}

extension Unicode.Scalar {
  /// Whether it ends a line, as `Character.isNewline` has it.
  fileprivate var isLineBreak: Bool {
    switch value {
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }
}
