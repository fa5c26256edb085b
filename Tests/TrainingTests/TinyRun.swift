// SPDX-License-Identifier: Apache-2.0

import Compute
import JSON
import Models
import TestSupport
import Training

/// A V3 model of a few thousand weights, with multi-token prediction, and rows of made-up tokens.
struct TinyRun {
  var computeType = ComputeType.bf16
  var slotCount = 4
  var threadCount = 1
  var passRowCount = 2
  var path = KernelPath.best
  var settings = TinyRun.makeSettings()

  static let vocabularySize = 64

  static func makeSettings() -> TrainerSettings {
    var settings = TrainerSettings(
      length: RunLength(
        sequenceLength: 21,
        firstRowCount: 4,
        rowCount: 6,
        rampShare: 0.3,
        tokenBudget: 21 * 6 * 12
      ),
      learningRate: LearningRate(peak: 3e-3, warmUpSteps: 2, phases: LearningRate.deepseekV3)
    )
    settings.optimizer.clip = 1
    return settings
  }

  static func architecture() throws -> Architecture {
    let text = """
      {"model_type":"deepseek_v3","architectures":["DeepseekV3ForCausalLM"],"vocab_size":64,
      "hidden_size":40,"intermediate_size":56,"moe_intermediate_size":20,"num_hidden_layers":2,
      "num_attention_heads":2,"num_key_value_heads":2,"q_lora_rank":24,"kv_lora_rank":16,
      "qk_nope_head_dim":12,"qk_rope_head_dim":8,"v_head_dim":10,"n_routed_experts":8,
      "num_experts_per_tok":3,"n_shared_experts":1,"n_group":4,"topk_group":2,
      "first_k_dense_replace":1,"moe_layer_freq":1,"topk_method":"noaux_tc","scoring_func":"sigmoid",
      "norm_topk_prob":true,"routed_scaling_factor":2.5,"num_nextn_predict_layers":1,
      "hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":10000,"rope_scaling":null,
      "max_position_embeddings":64,"tie_word_embeddings":false,"attention_bias":false,
      "bos_token_id":0,"eos_token_id":1}
      """
    return try architecture(text)
  }

  static func architecture(_ configuration: String) throws -> Architecture {
    try Architecture(configuration: JSONDocument(Array(configuration.utf8)).root)
  }

  func trainer(
    _ other: Architecture? = nil,
    group: any Group = SingleGroup()
  ) throws -> Trainer {
    let architecture = try other ?? Self.architecture()
    let parameters = try Parameters(
      architecture,
      computeType: computeType,
      tiesHead: architecture.tiesEmbedding
    )
    Initialization(seed: 7, deviation: 0.1).fill(parameters)
    var settings = settings
    settings.slotCount = slotCount
    return try Trainer(
      architecture,
      parameters: parameters,
      settings: settings,
      device: CPUDevice(threadCount: threadCount, path: path),
      passRowCount: passRowCount,
      group: group
    )
  }

  /// Rows that depend on their place alone: every token is near the one before, so there is something
  /// to learn; odd rows hold two sequences.
  static func rows(from first: Int, count: Int) -> [TrainingRow] {
    (first..<first + count).map { row in
      var generator = SplitMix64(seed: UInt64(row))
      var ids: [Int32] = [Int32(generator.next() % UInt64(vocabularySize))]
      for _ in 0..<21 {
        ids.append((ids[ids.count - 1] + Int32(generator.next() % 3)) % Int32(vocabularySize))
      }
      let sequence = { (range: Range<Int>) in
        TrainingSequence(
          ids: Array(ids[range]),
          targets: Array(ids[range.lowerBound + 1..<range.upperBound + 1])
        )
      }
      return TrainingRow(row % 2 == 0 ? [sequence(0..<21)] : [sequence(0..<8), sequence(8..<21)])
    }
  }

  /// Takes the next step.
  @discardableResult
  static func step(_ trainer: Trainer) throws -> Trainer.Outcome {
    try trainer.step(rows(from: trainer.cursor.row, count: trainer.nextRowCount))
  }

  /// Everything that a run comes to, as bits.
  static func bits(_ trainer: Trainer) -> [UInt32] {
    let biases = trainer.parameters.selectionBiases.sorted { $0.key < $1.key }.map(\.value)
    let tensors =
      [
        trainer.parameters.masters, trainer.optimizer.firstMoments,
        trainer.optimizer.secondMoments,
      ] + biases
    return tensors.flatMap { $0.floats.map(\.bitPattern) }
  }
}
