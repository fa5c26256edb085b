// SPDX-License-Identifier: Apache-2.0

import Compute

/// Every tensor of an architecture's checkpoint, by its published name.
public struct TensorPlan: Sendable {
  /// The tensors: embedding, layers, final norm, head, then multi-token-prediction layers.
  public let tensors: [PlannedTensor]

  /// Lists the tensors.
  ///
  /// - Parameters:
  ///   - architecture: The model.
  ///   - fusedExpertLayers: The layers whose routed experts are stored as two tensors,
  ///     `mlp.experts.gate_up_proj` and `mlp.experts.down_proj`.
  /// - Complexity: O(number of tensors), at most a million.
  public init(_ architecture: Architecture, fusedExpertLayers: Set<Int> = []) {
    var lister = TensorLister(hiddenSize: architecture.hiddenSize)
    lister.fusedExpertLayers = fusedExpertLayers
    let table = [architecture.vocabularySize, architecture.hiddenSize]
    lister.add(TensorNames.embedding, table, .embedding)
    for (index, layer) in architecture.layers.enumerated() { lister.addLayer(layer, index) }
    lister.addNorm(TensorNames.finalNorm, architecture.hiddenSize)
    // Tied exactly where the head is absent, whatever the configuration says.
    lister.add(TensorNames.head, table, .head, isOptional: true)
    lister.isPrediction = true
    for (number, layer) in architecture.predictionLayers.enumerated() {
      let index = architecture.layers.count + number
      let prefix = TensorNames.layer(index)
      lister.add(prefix + TensorNames.Prediction.embeddingCopy, table, .duplicate, isOptional: true)
      lister.addNorm(prefix + TensorNames.Prediction.embeddingNorm, architecture.hiddenSize)
      lister.addNorm(prefix + TensorNames.Prediction.hiddenNorm, architecture.hiddenSize)
      lister.add(
        prefix + TensorNames.Prediction.projection,
        [architecture.hiddenSize, 2 * architecture.hiddenSize],
        .predictionProjection
      )
      lister.addLayer(layer, index)
      lister.addNorm(prefix + TensorNames.Prediction.finalNorm, architecture.hiddenSize)
      lister.add(prefix + TensorNames.Prediction.headCopy, table, .duplicate, isOptional: true)
    }
    tensors = lister.tensors
  }

  /// The name of a layer's fused gate and up projections of all routed experts, gate first.
  static func fusedExpertsName(_ index: Int) -> String {
    TensorNames.layer(index) + TensorNames.fusedGateUp
  }

  /// Whether a tensor may be there although no architecture reads it: tables of rotary frequencies
  /// that old Llama files carry.
  ///
  /// - Returns: Whether to pass over the tensor.
  public static func isIgnorable(_ name: String) -> Bool {
    name.hasSuffix("rotary_emb.inv_freq")
  }
}

/// Lists the tensors of layers.
private struct TensorLister {
  let hiddenSize: Int
  var fusedExpertLayers: Set<Int> = []
  var isPrediction = false
  var tensors: [PlannedTensor] = []

  init(hiddenSize: Int) { self.hiddenSize = hiddenSize }

  mutating func add(
    _ name: String,
    _ shape: [Int],
    _ role: TensorRole,
    mayBeBlockQuantized: Bool = false,
    isOptional: Bool = false
  ) {
    tensors.append(
      PlannedTensor(
        name: name,
        shape: shape,
        role: role,
        mayBeBlockQuantized: mayBeBlockQuantized,
        isOptional: isOptional,
        isPrediction: isPrediction
      )
    )
  }

  mutating func addNorm(_ name: String, _ count: Int) { add(name, [count], .norm) }

  /// A projection that FP8 checkpoints quantize.
  mutating func addProjection(
    _ name: String,
    _ outputs: Int,
    _ inputs: Int,
    _ role: TensorRole,
    hasBias: Bool = false
  ) {
    add(name + ".weight", [outputs, inputs], role, mayBeBlockQuantized: true)
    if hasBias { add(name + ".bias", [outputs], role) }
  }

  mutating func addLayer(_ layer: LayerPlan, _ index: Int) {
    let prefix = TensorNames.layer(index)
    addNorm(prefix + TensorNames.inputNorm, hiddenSize)
    switch layer.attention {
    case .groupedQuery(let plan): addAttention(plan, prefix + TensorNames.attention)
    case .latent(let plan): addAttention(plan, prefix + TensorNames.attention)
    }
    addNorm(prefix + TensorNames.postAttentionNorm, hiddenSize)
    switch layer.feedForward {
    case .dense(let size, let hasBias):
      addMLP(prefix + TensorNames.feedForward, size, .dense, hasBias: hasBias)
    case .mixture(let plan): addMixture(plan, index)
    }
  }

  private mutating func addAttention(_ plan: GroupedQueryPlan, _ prefix: String) {
    let queries = plan.headCount * plan.headDimension
    let keys = plan.keyValueHeadCount * plan.headDimension
    let hasBias = plan.hasQueryKeyValueBias
    addProjection(prefix + "q_proj", queries, hiddenSize, .attention, hasBias: hasBias)
    addProjection(prefix + "k_proj", keys, hiddenSize, .attention, hasBias: hasBias)
    addProjection(prefix + "v_proj", keys, hiddenSize, .attention, hasBias: hasBias)
    addProjection(
      prefix + "o_proj",
      hiddenSize,
      queries,
      .attention,
      hasBias: plan.hasOutputBias
    )
    if plan.normalizesQueriesAndKeys {
      addNorm(prefix + "q_norm.weight", plan.headDimension)
      addNorm(prefix + "k_norm.weight", plan.headDimension)
    }
  }

  private mutating func addAttention(_ plan: LatentPlan, _ prefix: String) {
    let shape = plan.shape
    let queries = shape.headCount * (shape.noPositionDimension + shape.rotaryDimension)
    if let rank = plan.queryRank {
      addProjection(prefix + "q_a_proj", rank, hiddenSize, .attention, hasBias: plan.hasBias)
      addNorm(prefix + "q_a_layernorm.weight", rank)
      addProjection(prefix + "q_b_proj", queries, rank, .attention)
    } else {
      addProjection(prefix + "q_proj", queries, hiddenSize, .attention)
    }
    addProjection(
      prefix + "kv_a_proj_with_mqa",
      shape.latentRank + shape.rotaryDimension,
      hiddenSize,
      .attention,
      hasBias: plan.hasBias
    )
    addNorm(prefix + "kv_a_layernorm.weight", shape.latentRank)
    addProjection(
      prefix + "kv_b_proj",
      shape.headCount * (shape.noPositionDimension + shape.valueDimension),
      shape.latentRank,
      .attention
    )
    addProjection(
      prefix + "o_proj",
      hiddenSize,
      shape.headCount * shape.valueDimension,
      .attention,
      hasBias: plan.hasBias
    )
  }

  private mutating func addMLP(
    _ prefix: String,
    _ size: Int,
    _ role: TensorRole,
    hasBias: Bool = false
  ) {
    addProjection(prefix + "gate_proj", size, hiddenSize, role, hasBias: hasBias)
    addProjection(prefix + "up_proj", size, hiddenSize, role, hasBias: hasBias)
    addProjection(prefix + "down_proj", hiddenSize, size, role, hasBias: hasBias)
  }

  private mutating func addMixture(_ plan: MixturePlan, _ index: Int) {
    let prefix = TensorNames.layer(index)
    let count = plan.rule.expertCount
    let size = plan.expertIntermediateSize
    add(prefix + TensorNames.router, [count, hiddenSize], .router)
    if plan.hasSelectionBias { add(prefix + TensorNames.selectionBias, [count], .selectionBias) }
    if fusedExpertLayers.contains(index) {
      add(prefix + TensorNames.fusedGateUp, [count, 2 * size, hiddenSize], .routedExpert)
      add(prefix + TensorNames.fusedDown, [count, hiddenSize, size], .routedExpert)
    } else {
      for expert in 0..<count {
        addMLP(prefix + TensorNames.expert(expert), size, .routedExpert)
      }
    }
    if plan.sharedIntermediateSize > 0 {
      addMLP(prefix + TensorNames.sharedExperts, plan.sharedIntermediateSize, .sharedExpert)
    }
  }
}
