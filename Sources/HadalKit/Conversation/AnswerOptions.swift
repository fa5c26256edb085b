// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Inference

/// What an answer is to be.
public enum AnswerFormat: Sendable, Hashable {
  /// Any text.
  case text
  /// A JSON object; the model cannot write anything else.
  case json
  /// JSON of this schema; the model cannot write anything else.
  case schema(Schema)
}

/// How answers are made; what is left open comes from the model's files.
public struct AnswerOptions: Sendable, Hashable {
  /// What logits are divided by, 0…100; 0 takes the likeliest token.
  public var temperature: Double?
  /// Keep the fewest likeliest tokens whose probabilities reach this sum, above 0 to 1.
  public var topP: Double?
  /// Keep this many of the likeliest tokens; 0 keeps all.
  public var topK: Int?
  /// Keep tokens with at least this share of the likeliest one's probability, 0…1.
  public var minP: Double?
  /// Above 1 tokens of prompt and answer get less likely, 0.01…100.
  public var repetitionPenalty: Double?
  /// Above 0 tokens of the answer get less likely, once, -100…100.
  public var presencePenalty: Double?
  /// Above 0 tokens of the answer get less likely, each time, -100…100.
  public var frequencyPenalty: Double?
  /// The number that replays an answer; drawn where it is left open, and told in ``Answer/seed``.
  public var seed: UInt64?
  /// The most tokens, reasoning included; nil for as many as the context holds.
  public var maxTokens: Int?
  /// Texts that end an answer and are no part of it.
  public var stops: [String]
  /// Whether the model thinks first, where its template has a switch for it; nil leaves it to the
  /// template.
  public var thinks: Bool?
  /// The most tokens of reasoning; nil for any number.
  public var thinkingBudget: Int?
  /// What the answer is to be.
  public var format: AnswerFormat
  /// Whether it calls tools, where there are any.
  public var toolChoice: ToolChoice
  /// Whether the model may call several tools before it is told results.
  public var allowsSeveralCalls: Bool
  /// How often in one answer the model may call tools and be told their results.
  public var toolRounds: Int
  /// How many of the likeliest tokens are told with each token, 0…20, and its log-probability; nil tells
  /// nothing.
  public var topLogProbabilities: Int?
  /// Whether an answer that only repeats its last words ends.
  public var endsLoops: Bool
  /// Whether the beginnings of earlier prompts serve it, and it leaves its own; changes no answer.
  public var usesCache: Bool
  /// Whose the answer is: owners get equal shares of the machine, and share no beginnings of prompts.
  public var owner: String

  /// Creates options; what is left out stays open.
  public init(
    temperature: Double? = nil,
    topP: Double? = nil,
    topK: Int? = nil,
    minP: Double? = nil,
    repetitionPenalty: Double? = nil,
    presencePenalty: Double? = nil,
    frequencyPenalty: Double? = nil,
    seed: UInt64? = nil,
    maxTokens: Int? = nil,
    stops: [String] = [],
    thinks: Bool? = nil,
    thinkingBudget: Int? = nil,
    format: AnswerFormat = .text,
    toolChoice: ToolChoice = .auto,
    allowsSeveralCalls: Bool = true,
    toolRounds: Int = 8,
    topLogProbabilities: Int? = nil,
    endsLoops: Bool = false,
    usesCache: Bool = true,
    owner: String = ""
  ) {
    self.temperature = temperature
    self.topP = topP
    self.topK = topK
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.presencePenalty = presencePenalty
    self.frequencyPenalty = frequencyPenalty
    self.seed = seed
    self.maxTokens = maxTokens
    self.stops = stops
    self.thinks = thinks
    self.thinkingBudget = thinkingBudget
    self.format = format
    self.toolChoice = toolChoice
    self.allowsSeveralCalls = allowsSeveralCalls
    self.toolRounds = toolRounds
    self.topLogProbabilities = topLogProbabilities
    self.endsLoops = endsLoops
    self.usesCache = usesCache
    self.owner = owner
  }
}

extension AnswerOptions {
  // LIMIT: no context holds more tokens.
  private static let mostTokens = 1 << 24

  /// Checks the values.
  func check() throws(HadalError) {
    try Self.check("temperature", temperature, 0...100)
    try Self.check("topP", topP, Double.leastNonzeroMagnitude...1)
    try Self.check("topK", topK, 0...Int(Int32.max))
    try Self.check("minP", minP, 0...1)
    try Self.check("repetitionPenalty", repetitionPenalty, 0.01...100)
    try Self.check("presencePenalty", presencePenalty, -100...100)
    try Self.check("frequencyPenalty", frequencyPenalty, -100...100)
    try Self.check("maxTokens", maxTokens, 1...Self.mostTokens)
    try Self.check("thinkingBudget", thinkingBudget, 0...Self.mostTokens)
    try Self.check("toolRounds", toolRounds, 0...1000)
    try Self.check("topLogProbabilities", topLogProbabilities, 0...20)
  }

  private static func check<Value: Comparable>(
    _ name: String,
    _ value: Value?,
    _ range: ClosedRange<Value>
  ) throws(HadalError) {
    guard let value, !range.contains(value) else { return }
    throw HadalError(
      .option,
      "'\(name)' is \(value), but must be \(range.lowerBound)…\(range.upperBound)",
      place: "AnswerOptions.\(name)"
    )
  }

  /// How tokens are chosen; a seed that is not given is drawn.
  func sampling(_ defaults: GenerationDefaults) -> SamplingParameters {
    SamplingWish(
      temperature: temperature,
      topK: topK,
      topP: topP,
      minP: minP,
      repetitionPenalty: repetitionPenalty,
      presencePenalty: presencePenalty,
      frequencyPenalty: frequencyPenalty,
      seed: seed
    ).parameters(defaults)
  }
}
