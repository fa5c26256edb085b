// SPDX-License-Identifier: Apache-2.0

/// What of a prompt the prefix cache holds for one owner, and why it holds no more.
public struct PrefixExplanation: Sendable, Hashable {
  /// Why a prompt is not held further.
  public enum Reason: Sendable, Hashable {
    /// Nothing of this owner is held.
    case nothingHeld
    /// The nearest of the owner's prefixes has another token at a place, counted from 0.
    case differs(index: Int, expected: Int32, found: Int32)
    /// The nearest of the owner's prefixes ends before a place, counted from 0.
    case ends(index: Int)
    /// All of it is held; its last token is computed all the same, for its logits.
    case whole
  }

  /// How many of the prompt's tokens would not be computed.
  public var hitCount: Int
  /// Why it is not more.
  public var reason: Reason

  /// Creates an explanation.
  public init(hitCount: Int, reason: Reason) {
    self.hitCount = hitCount
    self.reason = reason
  }
}
