// SPDX-License-Identifier: Apache-2.0

public import JSON

/// Bytes that one device holds in training, by part (reference/costs.md, section 3.3).
///
/// It is the fullest device of a pipeline: layers that do not divide evenly are rounded up, and the
/// first or last stage has the embedding or the head besides; DualPipe's first rank has both.
public struct DeviceMemory: Sendable, Hashable {
  /// Weights that products read.
  public let weights: Double
  /// Gradients.
  public let gradients: Double
  /// Masters and moments.
  public let optimizer: Double
  /// What the forward pass leaves for the backward pass.
  public let activations: Double
  /// Logits of a micro-batch and their gradients.
  public let logits: Double

  /// All of it.
  public var total: Double { weights + gradients + optimizer + activations + logits }

  /// Parameters of a stage on one device, before ZeRO divides them.
  let stageParameterCount: Double

  init(
    _ scenario: TrainingScenario,
    _ figures: TrainingFigures,
    _ layout: ParallelLayout
  ) {
    let copies = Double(layout.schedule.parameterCopies)
    let isCopied = layout.pipeline > 1 && copies > 1
    let layersOfStage =
      (figures.layerCount / Double(layout.pipeline)).rounded(.up) * (isCopied ? copies : 1)
    let share = layersOfStage / figures.layerCount
    let tensor = Double(layout.tensor)
    let ends: Double =
      layout.pipeline == 1 || isCopied
      ? figures.embeddingCount + figures.headCount
      : max(figures.embeddingCount, figures.headCount)
    let ofStage =
      (figures.residentCount * share + ends) / tensor
      + figures.routedCount * share / Double(layout.expert)

    stageParameterCount = ofStage
    let precision = scenario.precision
    // Every parameter's state is divided among all its replicas, whatever group they form.
    let divided = figures.parameterCount / Double(scenario.deviceCount)
    let isAlone = scenario.deviceCount == 1
    func bytes(_ perParameter: Double, dividedFrom stage: Int) -> Double {
      perParameter * (layout.zero >= stage && !isAlone ? divided : ofStage)
    }
    weights = bytes(precision.weightByteCount, dividedFrom: 3)
    gradients = bytes(precision.gradientByteCount, dividedFrom: 2)
    optimizer = bytes(precision.optimizerByteCount, dividedFrom: 1)

    let tokens =
      Double(layout.microRows) * Double(scenario.sequenceLength) / Double(layout.context) / tensor
    let inFlight = Double(
      layout.schedule.microBatchesInFlight(
        pipeline: layout.pipeline,
        microBatchCount: layout.microBatchCount(
          deviceCount: scenario.deviceCount,
          batchRowCount: scenario.batchRowCount
        )
      )
    )
    // Interleaved stages begin more chunks before the first ends (arXiv 2205.05198, section 4.2).
    let interleaving =
      layout.chunks > 1
      ? 1 + Double(layout.pipeline - 1) / Double(layout.pipeline * layout.chunks) : 1
    let layers = figures.layerCount / Double(layout.pipeline)
    let perLayer =
      (layout.recomputes ? figures.recomputedByteCount : figures.keptByteCount)
      / figures.layerCount
    activations =
      tokens
      * (inFlight * interleaving * layers.rounded(.up) * perLayer
        + (layout.recomputes ? figures.largestLayerByteCount : 0))
    // BF16 logits, replaced by their gradients, and the FP32 row sums' input: 4 bytes an id.
    logits = tokens * Double(scenario.model.vocabularySize) * 4
  }

  /// The parts by name.
  public var parts: [(name: String, byteCount: Double)] {
    [
      ("weights", weights), ("gradients", gradients), ("optimizer", optimizer),
      ("activations", activations), ("logits", logits),
    ]
  }

  /// The parts as one JSON object; a cache belongs to serving.
  public var json: JSONText {
    .object(
      parts.map { ($0.name, .integer(PlanNumber.whole($0.byteCount))) }
        + [("cache", .integer(0)), ("total", .integer(PlanNumber.whole(total)))]
    )
  }
}
