// SPDX-License-Identifier: Apache-2.0

public import Checkpoints

/// How somebody wants tokens chosen; what is left open comes from the model's files.
public struct SamplingWish: Sendable, Hashable {
  /// What logits are divided by; 0 takes the largest logit.
  public var temperature: Double?
  /// Keep the k likeliest tokens; 0 keeps all.
  public var topK: Int?
  /// Keep the fewest likeliest tokens whose probabilities reach this sum; 1 keeps all.
  public var topP: Double?
  /// Keep tokens with at least this share of the likeliest token's probability; 0 keeps all.
  public var minP: Double?
  /// What makes tokens of prompt and answer less likely; 1 changes nothing.
  public var repetitionPenalty: Double?
  /// What makes tokens of the answer less likely, once; 0 changes nothing.
  public var presencePenalty: Double?
  /// What makes tokens of the answer less likely, each time; 0 changes nothing.
  public var frequencyPenalty: Double?
  /// What is added to the logits of single tokens.
  public var bias: [Int32: Double]
  /// The number that replays a run; drawn where it is left open and anything is drawn.
  public var seed: UInt64?

  /// Creates a wish; the defaults leave all open.
  public init(
    temperature: Double? = nil,
    topK: Int? = nil,
    topP: Double? = nil,
    minP: Double? = nil,
    repetitionPenalty: Double? = nil,
    presencePenalty: Double? = nil,
    frequencyPenalty: Double? = nil,
    bias: [Int32: Double] = [:],
    seed: UInt64? = nil
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.presencePenalty = presencePenalty
    self.frequencyPenalty = frequencyPenalty
    self.bias = bias
    self.seed = seed
  }

  /// The parameters of a run.
  ///
  /// A model whose files ask for no sampling, and name no temperature, is greedy.
  public func parameters(_ defaults: GenerationDefaults) -> SamplingParameters {
    let samples = defaults.samples ?? (defaults.temperature != nil)
    let temperature = temperature ?? (samples ? defaults.temperature ?? 1 : 0)
    return SamplingParameters(
      temperature: temperature,
      topK: topK ?? (samples ? defaults.topK ?? 0 : 0),
      topP: topP ?? (samples ? defaults.topP ?? 1 : 1),
      minP: minP ?? (samples ? defaults.minP ?? 0 : 0),
      penalties: LogitPenalties(
        // As transformers does, also where it does not sample.
        repetition: repetitionPenalty ?? defaults.repetitionPenalty ?? 1,
        presence: presencePenalty ?? 0,
        frequency: frequencyPenalty ?? 0,
        bias: bias
      ),
      // Half of the range, so that the number survives every JSON reader.
      seed: seed ?? (temperature > 0 ? .random(in: 0..<1 << 53) : 0)
    )
  }
}
