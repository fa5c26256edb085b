// SPDX-License-Identifier: Apache-2.0

import Identity

/// Looks for claims of another assistant's identity in what a model answers.
public struct IdentityProbe: Sendable {
  /// Who Hadal's own model may say that it is.
  public static let ownNames = ["Hadal", "nano"]

  private let guardian: IdentityGuard

  /// Creates a probe.
  ///
  /// - Parameter allowed: The names whose identity may be claimed.
  public init(allowed: [String] = Self.ownNames) {
    guardian = IdentityGuard(IdentityGuard.Settings(allowed: allowed))
  }

  /// Whether an answer, or the reasoning before it, makes a claim.
  ///
  /// The question's turns tell what the answer means; a claim in one of them is not the model's. A
  /// trace that names nobody, such as a bare knowledge cutoff, is no claim.
  ///
  /// - Complexity: O(n).
  public func findsClaim(
    _ question: EvaluationQuestion,
    answer: String,
    reasoning: String = ""
  ) -> Bool {
    let asked = question.messages.map { IdentityDocument.Turn(role: $0.role, text: $0.content) }
    let told = [reasoning, answer].filter { !$0.isEmpty }
      .map { IdentityDocument.Turn(role: "assistant", text: $0) }
    return guardian.check(IdentityDocument(turns: asked + told))
      .contains { $0.label == .claim && $0.turn >= asked.count }
  }
}
