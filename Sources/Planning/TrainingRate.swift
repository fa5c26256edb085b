// SPDX-License-Identifier: Apache-2.0

/// How fast a machine is taken to train.
public enum TrainingRate: Sendable, Hashable {
  /// A share of the machine's peak, in operations a second, for the run's compute type.
  case shareOfPeak(Double, peak: Double)
  /// Tokens a second that were measured, and the peak where it is known.
  case measured(tokensPerSecond: Double, peak: Double?)
  /// Nothing is known.
  case unknown

  /// Tokens a second for a model whose token takes so many operations; nil where that is unknown.
  public func tokensPerSecond(operationsPerToken: Double) -> Double? {
    switch self {
    case .shareOfPeak(let share, let peak):
      operationsPerToken > 0 && share * peak > 0 ? share * peak / operationsPerToken : nil
    case .measured(let rate, _): rate > 0 ? rate : nil
    case .unknown: nil
    }
  }

  /// The machine's peak in operations a second, where it is known.
  public var peak: Double? {
    switch self {
    case .shareOfPeak(_, let peak): peak
    case .measured(_, let peak): peak
    case .unknown: nil
    }
  }

  /// The share of the peak that a rate means; nil without a peak.
  public func shareOfPeak(tokensPerSecond: Double, operationsPerToken: Double) -> Double? {
    guard let peak, peak > 0 else { return nil }
    return tokensPerSecond * operationsPerToken / peak
  }
}
