// SPDX-License-Identifier: Apache-2.0

public import Compute

/// The natural logarithm of a token's probability, from raw logits before any filter.
public struct TokenLogProbability: Sendable, Hashable {
  /// The token.
  public var id: Int32
  /// `(logit − maximum) − log Σ exp(logit − maximum)`.
  public var logProbability: Float

  /// Creates the pair.
  public init(id: Int32, logProbability: Float) {
    self.id = id
    self.logProbability = logProbability
  }

  /// The likeliest tokens of a row, likeliest first, of equals the lower id.
  ///
  /// - Complexity: O(ids · log count).
  public static func top(
    _ count: Int,
    of logits: Span<Float>,
    normalizer: LogSumExp
  ) -> [TokenLogProbability] {
    guard count > 0 else { return [] }
    var best: [(id: Int, logit: Float)] = []
    for id in logits.indices {
      let logit = logits[id]
      if best.count == count, logit <= best[count - 1].logit { continue }
      let place = best.firstIndex { logit > $0.logit } ?? best.count
      best.insert((id, logit), at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map {
      TokenLogProbability(
        id: Int32($0.id),
        logProbability: normalizer.logProbability(of: $0.logit)
      )
    }
  }
}
