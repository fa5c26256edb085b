// SPDX-License-Identifier: Apache-2.0

/// What a trainer does with each step; a recipe says it.
public struct TrainerSettings: Sendable, Hashable {
  /// What happens to a step that cannot be trusted.
  public enum Response: String, Sendable, Hashable, CaseIterable {
    /// The run stops.
    case stop
    /// The step changes no weight, and the run goes on with the next batch.
    case skip
  }

  /// Rows and tokens.
  public var length: RunLength
  /// The learning rate.
  public var learningRate: LearningRate
  /// The optimizer.
  public var optimizer = AdamWSettings()
  /// Into how many slots a batch is cut; a power of two.
  public var slotCount = 1
  /// λ of multi-token prediction before and after `prediction.changeShare` of the budget.
  public var prediction = ScheduledValue(first: 0.3, last: 0.1, changeShare: 0.676)
  /// γ of the routing bias before and after a share of the budget.
  public var biasSpeed = ScheduledValue(first: 0.001, last: 0, changeShare: 0.966)
  /// α of the sequence-wise balance loss; 0 leaves it out.
  public var balanceWeight = 0.0001
  /// Whether that loss counts the experts that were chosen, instead of the K largest affinities.
  public var balanceCountsChosen = false
  /// How many times the running mean of losses a loss may be; 0 for any.
  public var spikeFactor = 0.0
  /// What a loss above that does.
  public var onSpike = Response.stop
  /// What a loss or a gradient does that is not finite.
  public var onNonFinite = Response.stop

  /// Creates DeepSeek-V3's settings for a length and a rate.
  public init(length: RunLength, learningRate: LearningRate) {
    self.length = length
    self.learningRate = learningRate
  }
}

/// A number that changes once, at a share of the token budget.
public struct ScheduledValue: Sendable, Hashable {
  /// Before.
  public var first: Double
  /// From there on.
  public var last: Double
  /// The share of the budget.
  public var changeShare: Double

  /// Creates a value.
  public init(first: Double, last: Double, changeShare: Double) {
    self.first = first
    self.last = last
    self.changeShare = changeShare
  }

  /// The number at a share of the budget.
  public func value(at share: Double) -> Double { share < changeShare ? first : last }
}
