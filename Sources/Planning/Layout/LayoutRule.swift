// SPDX-License-Identifier: Apache-2.0

/// What a layout must keep to be possible at all.
enum LayoutRule {
  /// The first rule that a layout breaks, in words; nil where it keeps all.
  ///
  /// Memory is not asked for here.
  static func broken(
    by layout: ParallelLayout,
    model: PlannedModel,
    sequenceLength: Int,
    batchRowCount: Int,
    deviceCount: Int
  ) -> String? {
    let replica = layout.replicaDeviceCount
    guard replica <= deviceCount, deviceCount % replica == 0 else {
      return "\(deviceCount) devices are no multiple of the \(replica) of one replica "
        + "(tensor × pipeline × context)"
    }
    return ofModel(layout, model, sequenceLength, deviceCount)
      ?? ofBatch(layout, batchRowCount, deviceCount)
  }

  private static func ofModel(
    _ layout: ParallelLayout,
    _ model: PlannedModel,
    _ sequenceLength: Int,
    _ deviceCount: Int
  ) -> String? {
    for group in model.groups where group.layer.headCount % layout.tensor != 0 {
      return "\(group.layer.headCount) heads cannot be divided among tensor=\(layout.tensor)"
    }
    // Embedding and head may stand in the place of two layers, as in Llama 3's 126 on 16 × 8.
    let places = model.layerCount + (layout.chunks > 1 ? 2 : 0)
    guard layout.pipeline * layout.chunks <= places else {
      return "\(model.layerCount) layers are fewer than pipeline=\(layout.pipeline) stages"
        + (layout.chunks > 1 ? " of chunks=\(layout.chunks)" : "")
    }
    guard sequenceLength % layout.context == 0 else {
      return "a sequence of \(sequenceLength) cannot be divided among context=\(layout.context)"
    }
    guard layout.expert > 1 else { return nil }
    guard model.hasMixture else { return "the model has no experts for expert=\(layout.expert)" }
    for group in model.groups where group.layer.isMixture {
      guard group.layer.expertCount % layout.expert == 0 else {
        return "\(group.layer.expertCount) experts cannot be divided among expert=\(layout.expert)"
      }
    }
    guard deviceCount / layout.pipeline % layout.expert == 0 else {
      return "the \(deviceCount / layout.pipeline) devices of a stage are no multiple of "
        + "expert=\(layout.expert)"
    }
    return nil
  }

  private static func ofBatch(
    _ layout: ParallelLayout,
    _ batchRowCount: Int,
    _ deviceCount: Int
  ) -> String? {
    let data = layout.data(deviceCount)
    guard batchRowCount % (data * layout.microRows) == 0 else {
      return "a batch of \(batchRowCount) sequences cannot be divided among data=\(data) replicas"
        + (layout.microRows > 1 ? " in micro-batches of \(layout.microRows)" : "")
    }
    let microBatchCount = batchRowCount / (data * layout.microRows)
    if layout.schedule == .dualPipe, layout.pipeline > 1 {
      guard layout.pipeline % 2 == 0, microBatchCount % 2 == 0 else {
        return "dualpipe needs an even number of stages (\(layout.pipeline)) and of micro-batches "
          + "(\(microBatchCount))"
      }
      guard microBatchCount >= 2 * layout.pipeline else {
        return "dualpipe needs at least \(2 * layout.pipeline) micro-batches, twice the stages, "
          + "and there are \(microBatchCount)"
      }
    }
    if layout.chunks > 1 {
      guard layout.schedule == .oneForwardOneBackward else {
        return "chunks=\(layout.chunks) is interleaved 1f1b, not \(layout.schedule.rawValue)"
      }
      guard microBatchCount % layout.pipeline == 0 else {
        return "interleaving needs a multiple of \(layout.pipeline) micro-batches, and there are "
          + "\(microBatchCount)"
      }
    }
    return nil
  }
}
