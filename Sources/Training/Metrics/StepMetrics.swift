// SPDX-License-Identifier: Apache-2.0

public import JSON

/// What one step of training was like.
public struct StepMetrics: Sendable, Hashable {
  /// The step's number, from 1.
  public var step: Int
  /// Tokens that were trained on so far, this step's included.
  public var tokens: Int
  /// Cross-entropy of the step in nats a token, without the other losses.
  public var loss: Double
  /// Cross-entropy on the validation documents after the step, where it was measured.
  public var validationLoss: Double?
  /// Cross-entropy of the multi-token-prediction modules in nats a token, before its weight.
  public var predictionLoss: Double?
  /// The sequence-wise balance loss, its weight included.
  public var balanceLoss: Double?
  /// The learning rate of the step.
  public var learningRate: Double
  /// The global norm of the gradient before clipping.
  public var gradientNorm: Double
  /// Tokens a second, without checkpoints, validation and samples.
  public var tokensPerSecond: Double?
  /// The share of the machine's peak that `tokensPerSecond` means.
  public var shareOfPeak: Double?
  /// How long the step took, in seconds.
  public var seconds: Double
  /// The loads of the MoE layers, in order; empty for dense models.
  public var expertLoads: [ExpertLoad]

  /// Creates the metrics of a step; what is left out was not measured.
  public init(
    step: Int,
    tokens: Int,
    loss: Double,
    validationLoss: Double? = nil,
    predictionLoss: Double? = nil,
    balanceLoss: Double? = nil,
    learningRate: Double,
    gradientNorm: Double,
    tokensPerSecond: Double? = nil,
    shareOfPeak: Double? = nil,
    seconds: Double,
    expertLoads: [ExpertLoad] = []
  ) {
    self.step = step
    self.tokens = tokens
    self.loss = loss
    self.validationLoss = validationLoss
    self.predictionLoss = predictionLoss
    self.balanceLoss = balanceLoss
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
    self.tokensPerSecond = tokensPerSecond
    self.shareOfPeak = shareOfPeak
    self.seconds = seconds
    self.expertLoads = expertLoads
  }
}

/// How a step's tokens were divided among the routed experts of one layer.
public struct ExpertLoad: Sendable, Hashable {
  /// The layer's index in the model; of a multi-token-prediction module as its tensors are named.
  public var layer: Int
  /// How many tokens each expert had.
  public var counts: [Int]
  /// The largest absolute selection bias, nil for routers without one.
  public var biasDrift: Double?

  /// Creates the load of a layer.
  public init(layer: Int, counts: [Int], biasDrift: Double? = nil) {
    self.layer = layer
    self.counts = counts
    self.biasDrift = biasDrift
  }

  /// MaxVio: how far the fullest expert is above the mean, 0 for equal loads (arXiv 2408.15664).
  public var maxViolation: Double {
    let sum = counts.reduce(0, +)
    guard sum > 0, let most = counts.max() else { return 0 }
    return Double(most) * Double(counts.count) / Double(sum) - 1
  }
}

extension StepMetrics {
  /// The metrics as one JSON object; a number that is not finite is `null`.
  public var json: JSONText {
    func number(_ value: Double?) -> JSONText { value.map(JSONText.double) ?? .null }
    return .object([
      ("step", .integer(step)), ("tokens", .integer(tokens)), ("loss", .double(loss)),
      ("validation_loss", number(validationLoss)), ("mtp_loss", number(predictionLoss)),
      ("balance_loss", number(balanceLoss)), ("learning_rate", .double(learningRate)),
      ("gradient_norm", .double(gradientNorm)), ("tokens_per_s", number(tokensPerSecond)),
      ("share_of_peak", number(shareOfPeak)), ("seconds", .double(seconds)),
      ("layers", .array(expertLoads.map(\.json))),
    ])
  }

  /// Reads what `json` writes; nil where a field is absent or of another kind.
  ///
  /// A loss, norm or time that is `null` was not finite, and is NaN.
  public init?(_ value: JSONValue) {
    guard let step = value["step"]?.integer, let tokens = value["tokens"]?.integer,
      let loss = value["loss"]?.measured, let rate = value["learning_rate"]?.measured,
      let norm = value["gradient_norm"]?.measured, let seconds = value["seconds"]?.measured,
      let layers = value["layers"]?.array
    else { return nil }
    let loads = layers.compactMap { ExpertLoad($0) }
    guard loads.count == layers.count else { return nil }
    self.init(
      step: step,
      tokens: tokens,
      loss: loss,
      validationLoss: value["validation_loss"]?.double,
      predictionLoss: value["mtp_loss"]?.double,
      balanceLoss: value["balance_loss"]?.double,
      learningRate: rate,
      gradientNorm: norm,
      tokensPerSecond: value["tokens_per_s"]?.double,
      shareOfPeak: value["share_of_peak"]?.double,
      seconds: seconds,
      expertLoads: loads
    )
  }
}

extension ExpertLoad {
  fileprivate var json: JSONText {
    .object([
      ("layer", .integer(layer)), ("max_vio", .double(maxViolation)),
      ("bias_drift", biasDrift.map(JSONText.double) ?? .null),
      ("load", .array(counts.map(JSONText.integer))),
    ])
  }

  fileprivate init?(_ value: JSONValue) {
    guard let layer = value["layer"]?.integer, let load = value["load"]?.array else { return nil }
    let counts = load.compactMap(\.integer)
    guard counts.count == load.count else { return nil }
    self.init(layer: layer, counts: counts, biasDrift: value["bias_drift"]?.double)
  }
}

extension JSONValue {
  /// A number, or NaN for the `null` that stands for what is not finite.
  fileprivate var measured: Double? { isNull ? .nan : double }
}
