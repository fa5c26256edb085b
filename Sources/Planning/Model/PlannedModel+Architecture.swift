// SPDX-License-Identifier: Apache-2.0

import Compute
public import Models

extension PlannedModel {
  /// Takes what a plan needs of an architecture.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - name: What it is called; nil for the published class.
  public init(_ architecture: Architecture, name: String? = nil) {
    let width = architecture.hiddenSize
    self.init(
      name: name ?? architecture.name,
      groups: Self.grouped(architecture.layers.map { PlannedLayer($0, hiddenSize: width) }),
      predictionGroups: Self.grouped(
        architecture.predictionLayers.map { PlannedLayer($0, hiddenSize: width) }
      ),
      vocabularySize: architecture.vocabularySize,
      hiddenSize: width,
      tiesEmbedding: architecture.tiesEmbedding,
      outerCount: width,
      positionCount: 0,
      contextLength: architecture.contextLength,
      isPublishedInFP8: architecture.isBlockQuantized
    )
  }
}

extension PlannedLayer {
  /// Counts a layer's weights and products.
  init(_ plan: LayerPlan, hiddenSize: Int) {
    // Both norms of the residual stream.
    vectorCount = 2 * hiddenSize
    scoredElementCount = plan.scoredElementCount
    cacheElementCount = plan.attention.cacheElementsPerPosition
    switch plan.attention {
    case .groupedQuery(let attention): count(attention, hiddenSize)
    case .latent(let attention): count(attention, hiddenSize)
    }
    switch plan.feedForward {
    case .dense(let size, let hasBias):
      denseCount = 3 * hiddenSize * size
      intermediateSize = size
      if hasBias { vectorCount += 2 * size + hiddenSize }
    case .mixture(let mixture): count(mixture, hiddenSize)
    }
  }

  private mutating func count(_ plan: GroupedQueryPlan, _ hiddenSize: Int) {
    let queries = plan.headCount * plan.headDimension
    let keys = plan.keyValueHeadCount * plan.headDimension
    headCount = plan.headCount
    keyValueHeadCount = plan.keyValueHeadCount
    attentionCount = hiddenSize * (2 * queries + 2 * keys)
    if plan.hasQueryKeyValueBias { vectorCount += queries + 2 * keys }
    if plan.hasOutputBias { vectorCount += hiddenSize }
    if plan.normalizesQueriesAndKeys { vectorCount += 2 * plan.headDimension }
  }

  private mutating func count(_ plan: LatentPlan, _ hiddenSize: Int) {
    let shape = plan.shape
    let queryWidth = shape.noPositionDimension + shape.rotaryDimension
    let rank = plan.queryRank ?? 0
    headCount = shape.headCount
    keyValueHeadCount = shape.headCount
    latent = Latent(
      headCount: shape.headCount,
      queryRank: rank,
      rank: shape.latentRank,
      rotary: shape.rotaryDimension,
      noPosition: shape.noPositionDimension,
      value: shape.valueDimension
    )
    let queryCount =
      rank == 0
      ? hiddenSize * shape.headCount * queryWidth
      : hiddenSize * rank + rank * shape.headCount * queryWidth
    attentionCount =
      queryCount + hiddenSize * (shape.latentRank + shape.rotaryDimension)
      + shape.latentRank * shape.headCount * (shape.noPositionDimension + shape.valueDimension)
      + shape.headCount * shape.valueDimension * hiddenSize
    vectorCount += rank + shape.latentRank
    if plan.hasBias {
      vectorCount += rank + shape.latentRank + shape.rotaryDimension + hiddenSize
    }
  }

  private mutating func count(_ plan: MixturePlan, _ hiddenSize: Int) {
    expertCount = plan.rule.expertCount
    chosenCount = plan.rule.chosenCount
    groupLimit = plan.rule.groupCount > 1 ? plan.rule.keptGroupCount : nil
    expertWeightCount = 3 * hiddenSize * plan.expertIntermediateSize
    sharedCount = 3 * hiddenSize * plan.sharedIntermediateSize
    routerCount = expertCount * hiddenSize
    intermediateSize = plan.expertIntermediateSize
    sharedIntermediateSize = plan.sharedIntermediateSize
    if plan.hasSelectionBias { vectorCount += expertCount }
  }
}
