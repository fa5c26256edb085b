// SPDX-License-Identifier: Apache-2.0

/// How far a run has come: with the weights and the moments all that it needs to go on.
public struct RunCursor: Sendable, Hashable {
  /// How many steps were taken.
  public var step = 0
  /// How many of them changed the weights.
  public var updateCount = 0
  /// How many rows of the data were used: the next batch begins with this one.
  public var row = 0
  /// How many tokens' places were trained on, rows times their length.
  public var tokens = 0
  /// The running mean of losses, by which a spike is known; nil before the first.
  public var meanLoss: Double?

  /// Creates the start of a run.
  public init() {}
}
