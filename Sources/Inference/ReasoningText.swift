// SPDX-License-Identifier: Apache-2.0

/// The reasoning of an answer and what it says after it.
public struct ReasoningText: Sendable, Hashable {
  /// What stands between the think tags; empty where there is nothing.
  public var reasoning = ""
  /// What stands after them.
  public var answer = ""

  /// Takes a generated text apart.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - opensReasoning: Whether it begins inside the reasoning, as the prompt's last tokens say.
  public init(_ text: String, opensReasoning: Bool) {
    var stream = ReasoningStream(opensReasoning: opensReasoning)
    for part in stream.append(text) + stream.finish() {
      switch part {
      case .reasoning(let text): reasoning += text
      case .answer(let text): answer += text
      }
    }
  }
}
