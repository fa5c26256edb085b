// SPDX-License-Identifier: Apache-2.0

/// How the next token is chosen from the logits.
public struct SamplingParameters: Sendable, Hashable {
  /// What logits are divided by; 0 takes the largest logit.
  public var temperature: Double
  /// Keep the k likeliest tokens; 0 keeps all.
  public var topK: Int
  /// Keep the fewest likeliest tokens whose probabilities reach this sum; 1 keeps all.
  public var topP: Double
  /// Keep tokens with at least this share of the likeliest token's probability; 0 keeps all.
  public var minP: Double
  /// What becomes less likely, or likelier, before all that.
  public var penalties: LogitPenalties
  /// The number that replays a run.
  public var seed: UInt64

  /// Creates parameters; the defaults are greedy.
  public init(
    temperature: Double = 0,
    topK: Int = 0,
    topP: Double = 1,
    minP: Double = 0,
    penalties: LogitPenalties = LogitPenalties(),
    seed: UInt64 = 0
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.penalties = penalties
    self.seed = seed
  }
}
