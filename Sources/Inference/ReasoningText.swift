// SPDX-License-Identifier: Apache-2.0

/// The reasoning of an answer and what it says after it.
public struct ReasoningText: Sendable, Hashable {
  /// What stands between the think tags; empty where there is nothing.
  public var reasoning: String
  /// What stands after them.
  public var answer: String

  /// Takes a generated text apart.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - opensReasoning: Whether it begins inside the reasoning, as the prompt's last tokens say.
  public init(_ text: String, opensReasoning: Bool) {
    var rest = text[...]
    if !opensReasoning {
      let trimmed = text.drop(while: \.isWhitespace)
      guard trimmed.hasPrefix("<think>") else {
        reasoning = ""
        answer = text
        return
      }
      rest = trimmed.dropFirst("<think>".count)
    }
    // Without an end the answer has not begun.
    let end = rest.firstRange(of: "</think>")
    reasoning = Self.withoutLineBreaks(rest[..<(end?.lowerBound ?? rest.endIndex)])
    answer = end.map { String(rest[$0.upperBound...].drop(while: \.isNewline)) } ?? ""
  }

  private static func withoutLineBreaks(_ text: Substring) -> String {
    var text = text.drop(while: \.isNewline)
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}
