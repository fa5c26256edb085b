// SPDX-License-Identifier: Apache-2.0

/// Says which tokens an answer may go on with.
///
/// What it says depends on the tokens that were chosen alone, so that an answer under it is as
/// independent of the schedule as any other.
public protocol TokenConstraint: Sendable {
  /// What holds for the next token.
  var next: NextToken { get }
  /// Takes away what may not come next.
  ///
  /// - Parameter logits: One an id; of what may not come it becomes minus infinity.
  /// - Returns: Whether anything may come.
  mutating func restrict(_ logits: inout [Float]) -> Bool
  /// Notes a token that was chosen.
  mutating func accept(_ id: Int32)
}

/// What a constraint says of the next token.
public enum NextToken: Sendable, Hashable {
  /// Any may come.
  case free
  /// Only what `TokenConstraint.restrict` leaves.
  case restricted
  /// None: the answer is whole.
  case ended
}
