// SPDX-License-Identifier: Apache-2.0

/// Decides whether an answer is right, by code alone.
///
/// It is made once and used from any number of threads.
public struct Verifier: Sendable {
  private let probe: IdentityProbe

  /// Creates a verifier; it takes some milliseconds.
  ///
  /// - Parameter allowed: The names whose identity an answer may claim.
  public init(allowed: [String] = IdentityProbe.ownNames) {
    probe = IdentityProbe(allowed: allowed)
  }

  /// Judges an answer.
  ///
  /// An answer without a visible character is never right.
  ///
  /// - Parameters:
  ///   - question: What was asked.
  ///   - answer: What was answered, without the reasoning.
  ///   - reasoning: What was thought before; only claims of an identity are looked for in it.
  /// - Returns: Whether the answer is right.
  public func isRight(
    _ question: EvaluationQuestion,
    answer: String,
    reasoning: String = ""
  ) -> Bool {
    let text = Self.trimmed(answer)
    guard !text.isEmpty else { return false }
    switch question.expectation {
    case .number(let number): return LastNumber.of(text) == number
    case .identity: return !probe.findsClaim(question, answer: answer, reasoning: reasoning)
    case .contains(let texts):
      let lowered = text.lowercased()
      return texts.contains { lowered.contains($0.lowercased()) }
    case .exact(let texts): return texts.contains { Self.trimmed($0) == text }
    }
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
