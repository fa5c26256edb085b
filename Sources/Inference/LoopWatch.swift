// SPDX-License-Identifier: Apache-2.0

/// Notices a text that only repeats its last tokens.
///
/// A loop is a run of tokens that came at least four times in a row, the last time whole, over at least
/// 128 tokens: shorter ones stand in tables, lists and poems.
public struct LoopWatch: Sendable {
  /// What a text goes round in.
  public struct Loop: Sendable, Hashable {
    /// How many tokens come again and again.
    public var tokenCount: Int
    /// How often they have come.
    public var repeatCount: Int
  }

  // LIMIT: the longest loops that models were seen in are paragraphs of some 300 tokens.
  private static let periodMax = 512
  private static let tokenCountMin = 128
  private static let repeatCountMin = 4

  private var ids: [Int32] = []
  /// At index p − 1: for how many tokens the text has equaled itself p tokens before.
  private var equalCounts = [Int](repeating: 0, count: periodMax)

  /// Creates a watch of an empty text.
  public init() {}

  /// Takes the next token.
  ///
  /// - Complexity: O(1), at most 512 comparisons.
  /// - Returns: The shortest loop in which the text stands; nil where it stands in none.
  public mutating func append(_ id: Int32) -> Loop? {
    let periodCount = min(ids.count, Self.periodMax)
    var period = 0
    for index in 0..<periodCount {
      guard ids[ids.count - 1 - index] == id else {
        equalCounts[index] = 0
        continue
      }
      equalCounts[index] += 1
      // The first time stands before what equals it.
      let covered = equalCounts[index] + index + 1
      if period == 0, covered >= Self.tokenCountMin, covered >= Self.repeatCountMin * (index + 1) {
        period = index + 1
      }
    }
    ids.append(id)
    // Only the last periodMax are compared; twice as many are kept, so that few are moved.
    if ids.count >= 2 * Self.periodMax { ids.removeFirst(ids.count - Self.periodMax) }
    guard period > 0 else { return nil }
    return Loop(tokenCount: period, repeatCount: equalCounts[period - 1] / period + 1)
  }
}
