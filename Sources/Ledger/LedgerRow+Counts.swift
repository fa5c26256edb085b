// SPDX-License-Identifier: Apache-2.0

extension LedgerRow {
  /// Counts that stand among a row's `tokens` and are none: what a task came to, what was planned, and why
  /// nothing was computed.
  ///
  /// A row's form has no other place for them, and what stands in a row is chained.
  public enum Count: String, Sendable, Hashable, CaseIterable {
    /// How many answers an evaluation judged.
    case answers
    /// How many of them were right.
    case correct
    /// How many tokens a run was planned to train on, before it began.
    case plannedTokens = "planned_tokens"
    /// How many milliseconds it was planned to take.
    case plannedMilliseconds = "planned_milliseconds"
    /// The status of HTTP with which a request was refused, or 499 where its client went before it was
    /// begun.
    case refused
  }

  /// One of the counts that are no tokens; nil where the row has none.
  public subscript(count: Count) -> Int? { tokens[count.rawValue] }

  /// The counts that are tokens, by what they were for.
  public var tokenCounts: [String: Int] {
    tokens.filter { Count(rawValue: $0.key) == nil }
  }

  /// Whether the row is no work but the plan of a run.
  public var isPlan: Bool { self[.plannedTokens] != nil }
}
