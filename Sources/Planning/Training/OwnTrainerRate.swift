// SPDX-License-Identifier: Apache-2.0

public import Models

/// How fast Hadal's own trainer goes on a processor whose peak was measured.
///
/// A product with a matrix of N outputs and K inputs reaches the share
///
///     u / (1 + k/N + k/K)
///
/// of the peak: tiles have edges, and small matrices are mostly edges. The peak is what the program's
/// kernels reach in a large product (`MachineMeasurement`), not the processor's on paper. Beside
/// products there are elementwise operations, which wait for memory.
public struct OwnTrainerRate: Sendable, Hashable {
  /// The share of the measured peak that a large product reaches within a step.
  public var largeShare: Double
  /// The width k at which edges cost as much as the inside.
  public var edgeWidth: Double
  /// Bytes that pass the memory for each number of the residual stream, layer and token.
  public var bytesPerElement: Double

  // This is the one place to calibrate. Found on the 10 M and 50 M configurations of BENCHMARKS.md
  // (5,719 and 1,435 tokens/s in rows of 512, peak 458 GFLOP/s, 2026-11-26): 5,384 and 1,442.
  /// The values that BENCHMARKS.md's training runs give.
  public static let calibrated = OwnTrainerRate(
    largeShare: 0.65,
    edgeWidth: 40,
    bytesPerElement: 200
  )

  /// Seconds of a trained token, forward and backward.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - sequenceLength: The length of a token's sequence in the mean.
  ///   - trainsPrediction: Whether the multi-token-prediction modules are trained too.
  ///   - peak: Operations a second that a large product reaches.
  ///   - bandwidth: Bytes a second from memory.
  /// - Returns: Seconds.
  public func secondsPerToken(
    _ model: PlannedModel,
    sequenceLength: Double,
    trainsPrediction: Bool,
    peak: Double,
    bandwidth: Double
  ) -> Double {
    let width = Double(model.hiddenSize)
    let groups = model.groups + (trainsPrediction ? model.predictionGroups : [])
    var seconds = 0.0
    for group in groups {
      var layer = 0.0
      for product in group.layer.products(hiddenSize: model.hiddenSize) {
        layer +=
          product.count * 6 * product.outputs * product.inputs
          / (peak * share(product.outputs, product.inputs))
      }
      layer += attentionSeconds(group.layer, sequenceLength: sequenceLength, peak: peak)
      layer += bytesPerElement * width / bandwidth
      seconds += Double(group.count) * layer
    }
    let modules = Double(trainsPrediction ? model.predictionLayerCount : 0)
    let heads = (1 + modules) * 6 * Double(model.embeddingCount)
    seconds += heads / (peak * share(Double(model.vocabularySize), width))
    seconds += modules * 12 * width * width / (peak * share(width, 2 * width))
    return seconds
  }

  // Where nobody measured it: one socket's part of a server. A few percent of a step depend on it.
  private static let usualBandwidth = 50e9

  /// The share of the peak that training reaches, counted as `OperationCount` counts.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - shape: The run.
  ///   - peak: Operations a second that a large product reaches.
  ///   - bandwidth: Bytes a second from memory, nil where nobody measured.
  /// - Returns: The share.
  public func shareOfPeak(
    _ architecture: Architecture,
    _ shape: TrainingShape,
    peak: Double,
    bandwidth: Double? = nil
  ) -> Double {
    let model = PlannedModel(architecture)
    let seconds = secondsPerToken(
      model,
      sequenceLength: shape.attendedLength,
      trainsPrediction: shape.trainsPrediction,
      peak: peak,
      bandwidth: bandwidth ?? Self.usualBandwidth
    )
    let count = OperationCount(
      model,
      sequenceLength: shape.attendedLength,
      trainsPrediction: shape.trainsPrediction
    )
    return count.total / seconds / peak
  }

  private func share(_ outputs: Double, _ inputs: Double) -> Double {
    largeShare / (1 + edgeWidth / outputs + edgeWidth / inputs)
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
