// SPDX-License-Identifier: Apache-2.0

import Compute
import Models
import TestSupport
import Testing
import Training

/// The derivatives of whole training losses against central differences of the same loss stated in double
/// precision: cross-entropy, multi-token prediction and balance together.
@Suite struct FiniteDifferenceTests {
  @Test(arguments: DifferenceSubject.allCases)
  func `a loss is what the equations say`(_ subject: DifferenceSubject) throws {
    let trial = try DifferenceTrial(subject)
    let loss = trial.model.loss(trial.rows, weights: trial.weights)
    let (_, sums) = try trial.gradients(TestDevices.cpu())
    // A −log p below 8 is the end of some sixteen rounded steps (the layers' norms, products and sums, the
    // head, the softmax), each off by 2⁻²⁴ of it: 16 · 2⁻²⁴ · 8 = 7.6e-6 of a mean.
    let bound = 7.6e-6
    #expect(abs(sums.crossEntropy - loss.crossEntropy) * trial.weights.token <= bound)
    #expect(abs(sums.prediction - loss.prediction) * trial.weights.token <= bound)
    #expect(sums.loads == loss.loads)
    #expect((loss.prediction > 0) == subject.predicts)
    #expect(Set(sums.balance.keys) == Set(loss.balance.keys))
    #expect(loss.balance.isEmpty == (subject.balanceWeight == 0))
    for (layer, own) in loss.balance {
      // Affinities of some eight rounded steps, in means that are taken in double precision.
      #expect(abs(try #require(sums.balance[layer]) / own - 1) <= 8 * 0x1p-24, "\(layer)")
    }
  }

  @Test(arguments: DifferenceSubject.allCases)
  func `every tensor's gradient is the slope of its loss`(_ subject: DifferenceSubject) throws {
    var trial = try DifferenceTrial(subject)
    let origin = trial.model.loss(trial.rows, weights: trial.weights)
    // Far above what a float32 logit or a step of the differences moves a score by, so that all points
    // choose the same experts; they are compared below too.
    #expect(origin.choices.margin > 1e-4)
    let kernels = try trial.gradients(TestDevices.cpu()).tensors
    let reference = try trial.gradients(ReferenceDevice<Double>()).tensors
    var samples = SplitMix64(seed: 5)
    for parameter in trial.parameters.list {
      let gradient = try #require(kernels[parameter.name])
      let twin = try #require(reference[parameter.name])
      let norm = Self.product(gradient, gradient).squareRoot()
      // Each tensor has a say in the loss, far above the noise of differences.
      #expect(norm > 1e-4, "\(parameter.name)")
      let random = gradient.map { _ in Double(samples.next() >> 11) * 0x1p-52 - 1 }
      var entry = gradient.map { _ in 0.0 }
      entry[gradient.indices.max { abs(gradient[$0]) < abs(gradient[$1]) } ?? 0] = 1
      for (label, direction) in [("gradient", gradient), ("random", random), ("entry", entry)] {
        let length = Self.product(direction, direction).squareRoot()
        let unit = direction.map { $0 / length }
        let slope = trial.slope(parameter.name, along: unit, from: origin)
        // Float32 gradients are within 1e-5 of their norm (the oracles' README), so within that along any
        // unit vector. The differences' own error is far below: h² = 1e-9 times a third derivative, and
        // 2⁻⁵² of a loss of a few units, some ten roundings of it, over h.
        let bound = 1e-5 * norm + 10 * 6 * 0x1p-52 / DifferenceTrial.step
        for (device, values) in [("kernels", gradient), ("reference", twin)] {
          let error = abs(Self.product(values, unit) - slope)
          #expect(
            error <= bound,
            "\(parameter.name) by \(device) along \(label): \(error / norm) of its norm"
          )
        }
      }
    }
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

/// A tiny model with its batch and the weights of its loss, as the product takes it and as double
/// precision does.
struct DifferenceTrial {
  /// How far the differences go along a direction of length one.
  ///
  /// Truncation grows with its square and rounding with its inverse: at 3e-5, 1e-9 and 1e-10 or so.
  static let step = 3e-5

  let parameters: Parameters
  let decoder: Decoder
  let rows: [TrainingRow]
  let weights: LossWeights
  var model: DoublePrecisionModel

  init(_ subject: DifferenceSubject) throws {
    let architecture = try subject.architecture()
    parameters = try Parameters(
      architecture,
      computeType: .f32,
      tiesHead: architecture.tiesEmbedding
    )
    // Wide enough that scores and routers leave their linear parts.
    Initialization(seed: 1, deviation: 0.2).fill(parameters)
    var samples = SplitMix64(seed: 1)
    let noise = { (values: [Float], size: Float) in
      values.map { $0 + size * (Float(samples.next() >> 40) * 0x1p-23 - 1) }
    }
    // Norms and biases start at ones and zeros, where too much is equal.
    for parameter in parameters.list where parameter.shape.count < 2 {
      parameters.set(parameter, to: noise(parameters.master(parameter).floats, 0.3))
    }
    for (_, bias) in parameters.selectionBiases.sorted(by: { $0.key < $1.key }) {
      bias.store(noise(bias.floats, 0.1))
    }
    decoder = try Decoder(
      architecture,
      source: parameters,
      device: TestDevices.cpu(),
      computeType: .f32,
      keepsLayers: true
    )
    rows = Self.batch
    let token = 1 / Double(rows.reduce(0) { $0 + $1.targetCount })
    weights = LossWeights(
      token: token,
      prediction: subject.predicts ? 0.3 * token : 0,
      // Far above a recipe's 0.0001, so that a wrong slope would not pass for rounding.
      balance: subject.balanceWeight == 0
        ? nil
        : BalanceLoss(
          weight: subject.balanceWeight,
          sequenceCount: rows.count,
          countsChosen: subject.countsChosen
        )
    )
    var tensors = parameters.selectionBiases.mapValues { $0.floats.map(Double.init) }
    for parameter in parameters.list {
      tensors[parameter.name] = parameters.master(parameter).floats.map(Double.init)
    }
    model = DoublePrecisionModel(
      architecture: architecture,
      scaling: subject.scaling,
      weights: tensors
    )
  }

  /// A row of one sequence, and one of three: where some targets do not count, and of one token alone,
  /// which has nothing to predict ahead from.
  private static var batch: [TrainingRow] {
    var samples = SplitMix64(seed: 3)
    let sequence = { (length: Int, counts: [Bool]?) in
      let ids = (0...length).map { _ in Int32(samples.next() % UInt64(TinyRun.vocabularySize)) }
      return TrainingSequence(
        ids: Array(ids.dropLast()),
        targets: Array(ids.dropFirst()),
        counts: counts
      )
    }
    return [
      TrainingRow([sequence(12, nil)]),
      TrainingRow([
        sequence(4, [false, true, false, true]), sequence(1, nil), sequence(7, nil),
      ]),
    ]
  }

  /// The product's gradients by tensor, and what the rows came to.
  func gradients(
    _ device: any Device
  ) throws -> (tensors: [String: [Double]], sums: LossSums) {
    let decoder = try Decoder(
      decoder.architecture,
      source: parameters,
      device: device,
      computeType: .f32,
      keepsLayers: true
    )
    let (buffer, sums) = try SlotSum(parameters, decoder: decoder).gradients(
      of: rows,
      slotCount: 1,
      passRowCount: 2,
      weights: weights
    )
    let all = buffer.all.floats
    let tensors = parameters.list.map { parameter in
      let values = all[parameter.offset..<parameter.offset + parameter.count]
      return (parameter.name, values.map(Double.init))
    }
    return (Dictionary(uniqueKeysWithValues: tensors), sums)
  }

  /// The central difference of the loss along a direction of one tensor.
  mutating func slope(
    _ name: String,
    along direction: [Double],
    from origin: DoublePrecisionModel.Loss
  ) -> Double {
    let start = model.weights[name] ?? []
    defer { model.weights[name] = start }
    let losses = [Self.step, -Self.step].map { step in
      model.weights[name] = zip(start, direction).map { $0 + step * $1 }
      let loss = model.loss(rows, weights: weights)
      #expect(loss.choices.places == origin.choices.places, "\(name)")
      return loss.total(weights)
    }
    return (losses[0] - losses[1]) / (2 * Self.step)
  }
}

/// The models whose losses are differentiated.
enum DifferenceSubject: String, CaseIterable {
  /// DeepSeek-V3 with all its losses; the balance counts the largest affinities, as printed.
  case v3
  /// The same, the balance counts the experts that were chosen.
  case v3CountingChosen
  /// Latent attention with one projection for queries, softmax routing without normalization.
  case v2
  /// The same with YaRN, which scales frequencies, rotated values and scores.
  case v2Yarn
  /// Normed queries and keys, normalized softmax routing, a tied head.
  case qwen3
  /// Shared key/value heads, biases everywhere.
  case llama

  var predicts: Bool { self == .v3 || self == .v3CountingChosen }
  var countsChosen: Bool { self == .v3CountingChosen }
  var balanceWeight: Double { self == .llama ? 0 : 0.05 }

  func architecture() throws -> Architecture {
    switch self {
    case .v3, .v3CountingChosen: try TinyRun.architecture()
    case .v2: try TinyRun.architecture(Self.v2Configuration(scaling: "null"))
    case .v2Yarn:
      try TinyRun.architecture(
        Self.v2Configuration(
          scaling: """
            {"type":"yarn","factor":4,"original_max_position_embeddings":16,"beta_fast":32,
            "beta_slow":1,"mscale":0.9,"mscale_all_dim":0.7}
            """
        )
      )
    case .qwen3:
      try TinyRun.architecture(
        """
        {"model_type":"qwen3_moe","architectures":["Qwen3MoeForCausalLM"],"vocab_size":64,
        "hidden_size":24,"intermediate_size":40,"moe_intermediate_size":20,"num_hidden_layers":1,
        "num_attention_heads":4,"num_key_value_heads":2,"head_dim":8,"num_experts":6,
        "num_experts_per_tok":2,"norm_topk_prob":true,"decoder_sparse_step":1,"mlp_only_layers":[],
        "hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":10000,"rope_scaling":null,
        "max_position_embeddings":64,"tie_word_embeddings":true,"attention_bias":false}
        """
      )
    case .llama:
      try TinyRun.architecture(
        """
        {"model_type":"llama","architectures":["LlamaForCausalLM"],"vocab_size":64,
        "hidden_size":24,"intermediate_size":40,"num_hidden_layers":2,"num_attention_heads":4,
        "num_key_value_heads":2,"head_dim":8,"hidden_act":"silu","rms_norm_eps":1e-5,
        "rope_theta":10000,"rope_scaling":null,"max_position_embeddings":64,
        "tie_word_embeddings":false,"attention_bias":true,"mlp_bias":true}
        """
      )
    }
  }

  /// YaRN's figures for `v2Yarn`, worked out by hand with the form of DeepSeek-V2's published code.
  ///
  /// Of d = 8 dimensions, pair d · ln(16 / 2πβ) / (2 ln 10,000) turns β times in 16 positions: pair −1.1
  /// 32 times, pair 0.4 once. So the ramp goes from pair 0, which is not stretched, to pair 1, which is
  /// stretched by 4 like those behind it. m(4, k) = 0.1 k ln 4 + 1.
  var scaling: DoublePrecisionModel.RotationScaling {
    guard self == .v2Yarn else { return DoublePrecisionModel.RotationScaling() }
    let (partial, all) = (1.124_766_492_500_790_1, 1.097_040_605_278_392_3)
    return DoublePrecisionModel.RotationScaling(
      divisors: [1, 4, 4, 4],
      factor: partial / all,
      scoreFactor: all * all
    )
  }

  private static func v2Configuration(scaling: String) -> String {
    """
    {"model_type":"deepseek_v2","architectures":["DeepseekV2ForCausalLM"],"vocab_size":64,
    "hidden_size":24,"intermediate_size":40,"moe_intermediate_size":20,"num_hidden_layers":2,
    "num_attention_heads":2,"num_key_value_heads":2,"q_lora_rank":null,"kv_lora_rank":16,
    "qk_nope_head_dim":12,"qk_rope_head_dim":8,"v_head_dim":10,"n_routed_experts":6,
    "num_experts_per_tok":2,"n_shared_experts":2,"n_group":3,"topk_group":2,
    "first_k_dense_replace":1,"moe_layer_freq":1,"topk_method":"group_limited_greedy",
    "scoring_func":"softmax","norm_topk_prob":false,"routed_scaling_factor":1.5,
    "hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":10000,"rope_scaling":\(scaling),
    "max_position_embeddings":64,"tie_word_embeddings":false,"attention_bias":false}
    """
  }
}
