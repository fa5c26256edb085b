// SPDX-License-Identifier: Apache-2.0

public import Models

/// How fast Hadal's own trainer goes on a processor whose peak was measured.
///
/// A product with a matrix of N outputs and K inputs reaches the share
///
///     1 / (1 + k/N + k/K)
///
/// of the peak: tiles have edges, and small matrices are mostly edges. The peak is what the program's
/// kernels reach in a large product (`MachineMeasurement`), not the processor's on paper. Beside
/// products there is work whose speed no peak says: a core takes its time for it, and cores share it.
public struct OwnTrainerRate: Sendable, Hashable {
  /// The width k at which edges cost as much as the inside.
  public var edgeWidth: Double
  /// Seconds of a core for each score of attention, forward and backward: exponentials and sums.
  public var secondsPerScore: Double
  /// Seconds of a core for each number of the residual stream, layer and token: norms, activations,
  /// rounding and what else goes element by element.
  public var secondsPerElement: Double
  /// Seconds of a core for each parameter and step: clearing, adding up and norm of gradients, optimizer.
  public var secondsPerUpdate: Double

  // This is the one place to calibrate. Fitted to six runs of nano's pretraining and of the 10 M and
  // 50 M configurations of BENCHMARKS.md on two threads: 9,000, 5,719 and 1,435 tokens/s at a peak of
  // 458 GFLOP/s (AVX512-BF16), 3,800, 2,276 and 568 at 112.8 (AVX2). It gives 8,594, 5,526 and 1,544,
  // and 3,983, 2,136 and 557.
  /// The values that BENCHMARKS.md's training runs give.
  public static let calibrated = OwnTrainerRate(
    edgeWidth: 20,
    secondsPerScore: 22e-9,
    secondsPerElement: 3e-9,
    secondsPerUpdate: 14e-9
  )

  /// The seconds of a trained token, forward and backward, on one processor.
  public struct TokenSeconds: Sendable, Hashable {
    /// Matrix products.
    public var products = 0.0
    /// All else.
    public var elements = 0.0
  }

  /// Seconds of a trained token, without its share of the optimizer.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - sequenceLength: The length of a token's sequence in the mean.
  ///   - trainsPrediction: Whether the multi-token-prediction modules are trained too.
  ///   - peak: Operations a second that a large product reaches.
  ///   - threadCount: How many threads compute.
  /// - Returns: Seconds.
  public func secondsPerToken(
    _ model: PlannedModel,
    sequenceLength: Double,
    trainsPrediction: Bool,
    peak: Double,
    threadCount: Int
  ) -> TokenSeconds {
    let width = Double(model.hiddenSize)
    let groups = model.groups + (trainsPrediction ? model.predictionGroups : [])
    var seconds = TokenSeconds()
    for group in groups {
      let count = Double(group.count)
      for product in group.layer.products(hiddenSize: model.hiddenSize) {
        seconds.products +=
          count * product.count * 6 * product.outputs * product.inputs
          / (peak * share(product.outputs, product.inputs))
      }
      seconds.products +=
        count * attentionSeconds(group.layer, sequenceLength: sequenceLength, peak: peak)
      // Of a causal sequence a token sees half in the mean, and itself.
      let scores = Double(group.layer.headCount) * (sequenceLength + 1) / 2
      seconds.elements +=
        count * (scores * secondsPerScore + width * secondsPerElement) / Double(threadCount)
    }
    let modules = Double(trainsPrediction ? model.predictionLayerCount : 0)
    let heads = (1 + modules) * 6 * Double(model.embeddingCount)
    seconds.products += heads / (peak * share(Double(model.vocabularySize), width))
    seconds.products += modules * 12 * width * width / (peak * share(width, 2 * width))
    return seconds
  }

  /// Seconds of a step beside its tokens.
  ///
  /// - Parameters:
  ///   - parameterCount: How many parameters are trained.
  ///   - threadCount: How many threads compute.
  /// - Returns: Seconds.
  public func secondsPerStep(parameterCount: Int, threadCount: Int) -> Double {
    Double(parameterCount) * secondsPerUpdate / Double(threadCount)
  }

  /// The share of the peak that training reaches, counted as `OperationCount` counts.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - shape: The run.
  ///   - peak: Operations a second that a large product reaches.
  ///   - threadCount: How many threads compute.
  /// - Returns: The share.
  public func shareOfPeak(
    _ architecture: Architecture,
    _ shape: TrainingShape,
    peak: Double,
    threadCount: Int
  ) -> Double {
    let model = PlannedModel(architecture)
    let seconds = secondsPerToken(
      model,
      sequenceLength: shape.attendedLength,
      trainsPrediction: shape.trainsPrediction,
      peak: peak,
      threadCount: threadCount
    )
    let step = secondsPerStep(
      parameterCount: model.trainedParameterCount(withPrediction: shape.trainsPrediction),
      threadCount: threadCount
    )
    let count = OperationCount(
      model,
      sequenceLength: shape.attendedLength,
      trainsPrediction: shape.trainsPrediction
    )
    let perToken = seconds.products + seconds.elements + step / Double(max(shape.tokensPerStep, 1))
    return count.total / perToken / peak
  }

  /// The constants, as plans name them.
  var assumptions: [Assumption] {
    [
      ("edge_width", "width at which the edges of a product cost as much as its inside", edgeWidth),
      ("score_s", "seconds of a core for each score of attention", secondsPerScore),
      ("element_s", "seconds of a core for each number of a token and layer", secondsPerElement),
      ("update_s", "seconds of a core for each parameter and step", secondsPerUpdate),
    ].map { name, what, value in
      Assumption(
        name: "own_trainer_\(name)",
        what: what,
        value: value,
        source: "training runs in BENCHMARKS.md"
      )
    }
  }

  private func share(_ outputs: Double, _ inputs: Double) -> Double {
    1 / (1 + edgeWidth / outputs + edgeWidth / inputs)
  }

  /// Scores and sums are products of a head's width.
  private func attentionSeconds(
    _ layer: PlannedLayer,
    sequenceLength: Double,
    peak: Double
  ) -> Double {
    let operations =
      3 * layer.attentionOperations(sequenceLength: sequenceLength, isCausal: true)
    let headWidth = Double(layer.scoredElementCount) / Double(2 * max(layer.headCount, 1))
    return operations / (peak * share(headWidth, sequenceLength))
  }
}

extension PlannedLayer {
  /// A product that a token takes part in, so many times.
  struct Product {
    let outputs: Double
    let inputs: Double
    var count = 1.0
  }

  /// The products of a token of the layer.
  func products(hiddenSize: Int) -> [Product] {
    let width = Double(hiddenSize)
    var products: [Product] = []
    if let latent {
      let heads = Double(latent.headCount)
      let queries = heads * Double(latent.noPosition + latent.rotary)
      let values = heads * Double(latent.value)
      let rank = Double(latent.queryRank)
      products +=
        rank > 0
        ? [Product(outputs: rank, inputs: width), Product(outputs: queries, inputs: rank)]
        : [Product(outputs: queries, inputs: width)]
      products += [
        Product(outputs: Double(latent.rank + latent.rotary), inputs: width),
        Product(
          outputs: heads * Double(latent.noPosition + latent.value),
          inputs: Double(latent.rank)
        ),
        Product(outputs: width, inputs: values),
      ]
    } else {
      let queries = Double(scoredElementCount) / 2
      let keys = queries * Double(keyValueHeadCount) / Double(max(headCount, 1))
      products += [
        Product(outputs: queries, inputs: width),
        Product(outputs: keys, inputs: width, count: 2),
        Product(outputs: width, inputs: queries),
      ]
    }
    let inner = Double(intermediateSize)
    if isMixture {
      products.append(Product(outputs: Double(expertCount), inputs: width))
      products.append(Product(outputs: inner, inputs: width, count: 3 * Double(chosenCount)))
      if sharedIntermediateSize > 0 {
        products.append(
          Product(outputs: Double(sharedIntermediateSize), inputs: width, count: 3)
        )
      }
    } else if inner > 0 {
      // Two matrices in plain transformers, three where a gate is.
      let matrices = Double(denseCount) / (width * inner)
      products.append(Product(outputs: inner, inputs: width, count: matrices))
    }
    return products
  }
}
