// SPDX-License-Identifier: Apache-2.0

/// What is done to the logits of tokens by what came before them, ahead of temperature and filters.
///
/// Log-probabilities that are reported are those of the raw logits, whatever stands here.
public struct LogitPenalties: Sendable, Hashable {
  /// What logits of tokens of prompt and answer are divided by if above zero, multiplied with if below.
  ///
  /// 1 changes nothing. Keskar et al. 2019, "CTRL", section 4.1, as transformers has it.
  public var repetition: Double
  /// What is subtracted from the logits of tokens that the answer holds (OpenAI's API reference,
  /// `presence_penalty`); 0 changes nothing.
  public var presence: Double
  /// What is subtracted once for each time that the answer holds a token (`frequency_penalty`); 0
  /// changes nothing.
  public var frequency: Double
  /// What is added to the logits of single tokens (`logit_bias`).
  public var bias: [Int32: Double]

  /// Creates penalties; the defaults change nothing.
  public init(
    repetition: Double = 1,
    presence: Double = 0,
    frequency: Double = 0,
    bias: [Int32: Double] = [:]
  ) {
    self.repetition = repetition
    self.presence = presence
    self.frequency = frequency
    self.bias = bias
  }

  /// Whether they change nothing.
  public var isNeutral: Bool {
    repetition == 1 && presence == 0 && frequency == 0 && bias.isEmpty
  }
}

/// The tokens of one sequence, as its penalties count them.
struct PenalizedTokens: Sendable {
  private let penalties: LogitPenalties
  /// How often the answer holds a token; 0 for one of the prompt alone.
  private var counts: [Int32: Int] = [:]

  init(_ penalties: LogitPenalties) { self.penalties = penalties }

  /// Counts the prompt's tokens.
  mutating func notePrompt(_ ids: [Int32]) {
    guard penalties.repetition != 1 else { return }
    for id in ids { counts[id, default: 0] += 0 }
  }

  /// Counts a token of the answer.
  mutating func note(_ id: Int32) {
    guard !penalties.isNeutral else { return }
    counts[id, default: 0] += 1
  }

  /// Changes the logits, one an id.
  func apply(to logits: inout [Float]) {
    for (id, count) in counts where logits.indices.contains(Int(id)) {
      var logit = Double(logits[Int(id)])
      logit = logit > 0 ? logit / penalties.repetition : logit * penalties.repetition
      if count > 0 { logit -= penalties.presence + penalties.frequency * Double(count) }
      logits[Int(id)] = Float(logit)
    }
    for (id, bias) in penalties.bias where logits.indices.contains(Int(id)) {
      logits[Int(id)] = Float(Double(logits[Int(id)]) + bias)
    }
  }
}
