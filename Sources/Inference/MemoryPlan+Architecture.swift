// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Models

extension MemoryPlan {
  /// Adds up what a checkpoint will need, before anything is allocated.
  init(
    _ architecture: Architecture,
    checkpoint: CheckpointFolder,
    computeType: ComputeType,
    residency: WeightResidency
  ) {
    let elementByteCount = computeType.cacheElementType.byteCount
    var weightByteCount = 0
    for name in checkpoint.names {
      guard let tensor = checkpoint.tensor(name) else { continue }
      weightByteCount += tensor.byteCount
      // Absorption needs the key/value up-projection dequantized, beside the mapped one.
      if tensor.elementType == .f8e4m3, name.hasSuffix("kv_b_proj.weight") {
        weightByteCount += tensor.count * elementByteCount
      }
    }
    // A pass of 512 rows: residual, norms, projections, feed-forward and the logits of one row.
    let widest = architecture.layers.map(\.bufferColumns).max() ?? 0
    let rowByteCount = 4 * (6 * architecture.hiddenSize + widest)
    self.init(
      weightByteCount: weightByteCount,
      cacheBytesPerPosition: elementByteCount
        * architecture.layers.reduce(0) { $0 + $1.attention.cacheElementsPerPosition },
      bufferByteCount: 512 * rowByteCount + 4 * architecture.vocabularySize,
      availableByteCount: SystemMemory.availableByteCount,
      modelContextLength: architecture.contextLength
    )
    self.residency = residency
  }
}

extension LayerPlan {
  /// How many numbers a row needs in the buffers of this layer.
  fileprivate var bufferColumns: Int {
    var count: Int
    switch attention {
    case .groupedQuery(let plan):
      count = 2 * (plan.headCount + plan.keyValueHeadCount) * plan.headDimension
    case .latent(let plan):
      let shape = plan.shape
      let query = shape.noPositionDimension + shape.rotaryDimension
      let latents = 2 * shape.latentRank + shape.rotaryDimension
      count = shape.headCount * (query + latents + shape.valueDimension) + (plan.queryRank ?? 0)
    }
    switch feedForward {
    case .dense(let size, _): count += 2 * size
    case .mixture(let plan):
      count += plan.rule.chosenCount * 2 * plan.expertIntermediateSize
      count += 2 * plan.sharedIntermediateSize + plan.rule.expertCount
    }
    return count
  }
}
