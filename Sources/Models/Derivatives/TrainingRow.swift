// SPDX-License-Identifier: Apache-2.0

/// Tokens that see each other, and what each of them is to predict.
public struct TrainingSequence: Sendable, Hashable {
  /// The tokens.
  public var ids: [Int32]
  /// The token after each.
  public var targets: [Int32]
  /// Which of the targets count; nil for all.
  public var counts: [Bool]?

  /// Creates a sequence.
  ///
  /// - Precondition: Each token has a target, and where some count, each says so.
  public init(ids: [Int32], targets: [Int32], counts: [Bool]? = nil) {
    precondition(ids.count == targets.count && counts.map { $0.count == ids.count } ?? true)
    self.ids = ids
    self.targets = targets
    self.counts = counts
  }

  /// How many targets count.
  public var targetCount: Int { counts?.lazy.filter { $0 }.count ?? targets.count }
}

/// A row of a batch: one sequence, or several that do not see each other.
public struct TrainingRow: Sendable, Hashable {
  /// The sequences, in order.
  public var sequences: [TrainingSequence]

  /// Creates a row.
  public init(_ sequences: [TrainingSequence]) { self.sequences = sequences }

  /// How many tokens it has.
  public var tokenCount: Int { sequences.reduce(0) { $0 + $1.ids.count } }

  /// How many targets count.
  public var targetCount: Int { sequences.reduce(0) { $0 + $1.targetCount } }

  /// The sum over tokens of the lengths of their sequences, of which attention sees half.
  public var attendedLengthSum: Int { sequences.reduce(0) { $0 + $1.ids.count * $1.ids.count } }
}

extension [TrainingRow] {
  /// The length of a token's sequence, in the mean of all tokens; 0 without tokens.
  public var attendedLength: Double {
    let tokenCount = reduce(0) { $0 + $1.tokenCount }
    return Double(reduce(0) { $0 + $1.attendedLengthSum }) / Double(Swift.max(tokenCount, 1))
  }
}

/// What the terms of a loss are multiplied with before they are added.
public struct LossWeights: Sendable, Hashable {
  /// One over the number of targets that count in the whole step.
  public var token: Double
  /// λ of multi-token prediction times `token`; 0 leaves it out (DeepSeek-V3, section 2.2, equation 25).
  public var prediction: Double
  /// The loss that keeps the load of experts even, if any.
  public var balance: BalanceLoss?

  /// Creates weights.
  public init(token: Double, prediction: Double = 0, balance: BalanceLoss? = nil) {
    self.token = token
    self.prediction = prediction
    self.balance = balance
  }
}

/// What some rows of a batch came to.
public struct LossSums: Sendable, Hashable {
  /// Σ −log p over the targets that count, token by token.
  public var crossEntropy = 0.0
  /// The same of the tokens after next.
  public var prediction = 0.0
  /// The balance loss of each mixture layer, weighted.
  public var balance: [Int: Double] = [:]
  /// How often each expert was chosen, for each mixture layer.
  public var loads: [Int: [Int]] = [:]

  /// Creates sums of nothing.
  public init() {}
}
