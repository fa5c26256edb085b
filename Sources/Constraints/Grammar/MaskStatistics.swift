// SPDX-License-Identifier: Apache-2.0

/// What constraining an answer has done and cost.
public struct MaskStatistics: Sendable, Hashable {
  /// How many masks were made.
  public private(set) var stepCount = 0
  /// How many ids they allowed, in all.
  public private(set) var allowedCount = 0
  /// How many ids there were, in all.
  public private(set) var idCount = 0
  /// The time that they took.
  public private(set) var duration = Duration.zero

  /// Starts at nothing.
  public init() {}

  /// The share of ids that were not allowed, 0…1; 0 before the first step.
  public var maskedShare: Double {
    idCount == 0 ? 0 : 1 - Double(allowedCount) / Double(idCount)
  }

  /// Counts a mask.
  ///
  /// - Parameters:
  ///   - mask: The mask of one step.
  ///   - duration: The time that it took.
  /// - Complexity: O(ids / 64).
  public mutating func record(_ mask: TokenMask, taking duration: Duration) {
    stepCount += 1
    allowedCount += mask.allowedCount
    idCount += mask.count
    self.duration += duration
  }
}
