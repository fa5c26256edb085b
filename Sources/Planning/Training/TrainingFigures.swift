// SPDX-License-Identifier: Apache-2.0

/// What a scenario comes to whatever the layout: counted once, so that a search can try thousands.
struct TrainingFigures: Sendable {
  /// Operations of a token that run in the scenario's precision.
  let lowOperations: Double
  /// Operations of a token that stay in BF16 or FP32: head, router, attention's core (V3, section 3.3).
  let highOperations: Double
  /// Seconds of a device for the products of a token at the peak.
  let peakSeconds: Double
  /// Bytes that layers keep of a token for the backward pass, all layers together.
  let keptByteCount: Double
  /// The same where layers are computed again: each layer's input.
  let recomputedByteCount: Double
  /// The most that one layer keeps of a token.
  let largestLayerByteCount: Double
  /// Parameters outside of routed experts, embedding and head.
  let residentCount: Double
  /// Parameters of routed experts.
  let routedCount: Double
  /// The embedding and the head, which lie on the ends of a pipeline.
  let embeddingCount: Double
  let headCount: Double
  /// Layers that are trained, prediction included.
  let layerCount: Double
  /// Layers with experts among them.
  let mixtureLayerCount: Double

  /// All parameters.
  var parameterCount: Double { residentCount + routedCount + embeddingCount + headCount }

  init(_ scenario: TrainingScenario) throws(PlanError) {
    let model = scenario.model
    let groups = model.groups + (scenario.trainsPrediction ? model.predictionGroups : [])
    let count = scenario.trainedCount
    // Head and router of the main model and of prediction.
    let heads = Double(1 + (scenario.trainsPrediction ? model.predictionLayerCount : 0))
    let exact =
      6 * (heads * Double(model.embeddingCount) + Double(model.sum(groups, \.routerCount)))
    let attention =
      count.attention
      + (scenario.trainsPrediction
        ? 3
          * model.predictionAttentionOperations(
            sequenceLength: Double(scenario.sequenceLength),
            isCausal: true
          ) : 0)
    highOperations = scenario.precision == .fp8 ? exact + attention : 0
    lowOperations = count.total - highOperations
    let lowPeak = try scenario.device.peak(scenario.precision)
    let highPeak = try scenario.precision == .fp8 ? scenario.device.peak(.bf16) : lowPeak
    peakSeconds = lowOperations / lowPeak + highOperations / highPeak

    // Hadal's own trainer keeps FP32 numbers whatever products take.
    let stored = scenario.device.kind == .processor ? PlanPrecision.f32 : scenario.precision
    let kept = groups.map { group in
      group.layer.keptByteCount(hiddenSize: model.hiddenSize, precision: stored)
    }
    keptByteCount = zip(groups, kept).reduce(0.0) { $0 + Double($1.0.count) * $1.1 }
    largestLayerByteCount = kept.max() ?? 0
    layerCount = Double(groups.reduce(0) { $0 + $1.count })
    mixtureLayerCount = Double(
      groups.reduce(0) { $0 + ($1.layer.isMixture ? $1.count : 0) }
    )
    recomputedByteCount =
      layerCount * stored.activationByteCount * Double(model.hiddenSize)
    let predicted = scenario.trainsPrediction ? model.predictionCount : 0
    routedCount = Double(model.routedCount(withPrediction: scenario.trainsPrediction))
    embeddingCount = Double(model.embeddingCount)
    headCount = Double(model.ownHeadCount)
    residentCount =
      Double(model.parameterCount + predicted) - routedCount - embeddingCount - headCount
  }
}

extension PlannedLayer {
  /// Bytes that the layer keeps of a token for the backward pass.
  ///
  /// Dense layers with grouped queries keep 34 d in 16 bits with fused attention (arXiv 2205.05198,
  /// equation 2, less the score matrix): 15 d around attention and norms, 19 d in the feed-forward.
  /// Latent attention and mixtures keep what DeepSeek-V3, section 3.3.3, says: the rest is computed
  /// again; in FP8 inputs of experts and of SwiGLU take a byte and attention's output one and a half.
  func keptByteCount(hiddenSize: Int, precision: PlanPrecision) -> Double {
    let width = Double(hiddenSize)
    let bytes = precision.activationByteCount
    let stored = precision == .fp8 ? 1 : bytes
    let attention: Double
    if let latent {
      let heads = Double(latent.headCount)
      attention =
        bytes * (width + Double(latent.queryRank + latent.rank + latent.rotary))
        + (precision == .fp8 ? 1.5 : bytes) * heads * Double(latent.value) + 4 * heads
    } else {
      attention = 15 / 2 * bytes * width
    }
    if isMixture {
      let shared = Double(sharedIntermediateSize)
      let sharedInput = shared > 0 ? width : 0
      return attention + bytes * width
        + stored * (Double(chosenCount) * (width + 2 * Double(intermediateSize)))
        + stored * (sharedInput + 2 * shared) + 4 * Double(expertCount)
    }
    guard latent != nil else { return attention + 19 / 2 * bytes * width }
    return attention + bytes * width + stored * (width + 2 * Double(intermediateSize))
  }
}
