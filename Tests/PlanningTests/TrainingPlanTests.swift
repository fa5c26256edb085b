// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import JSON
import Models
import Planning
import TestSupport
import Testing

/// A plan of training against figures that others published or counted.
///
/// Method: the operations of the two small models are those that the peer's script prints for them
/// (36.2 and 152.0 MFLOP a token at 512 positions), DeepSeek-V3's those of its authors (250 GFLOP at
/// 4,096 without the module for the token after next, 4 % more with it).
@Suite struct TrainingPlanTests {
  private static let peers = (Oracles.folder ?? "") + "/../peers/configs"
  private static let published = (Oracles.folder ?? "") + "/../reference/configs"

  private func architecture(_ path: String) throws -> Architecture {
    try Architecture(configuration: ConfigurationFile.read(path, label: "config.json").root)
  }

  private func plan(
    _ architecture: Architecture,
    _ shape: TrainingShape,
    rate: TrainingRate = .unknown
  ) -> TrainingPlan {
    TrainingPlan(architecture, shape: shape, rate: rate) { _, shape in 1000 * shape.tokensPerStep }
  }

  @Test(
    .enabled(if: Oracles.isComplete, "needs the whole set of oracles"),
    arguments: [("train-10m", 36.2, 10.5), ("train-50m", 152.0, 51.7)]
  )
  func `operations are the peer's script's, without norms`(
    _ name: String,
    _ megaOperations: Double,
    _ millions: Double
  ) throws {
    let architecture = try architecture("\(Self.peers)/\(name).json")
    let count = OperationCount(architecture, sequenceLength: 512, trainsPrediction: false)
    let summary = ModelSummary(architecture)
    // The script counts the gains of norms too, which are in no product of matrices.
    let scriptCount = 6 * Double(summary.parameters.active) + count.attention
    #expect((scriptCount / 1e5).rounded() / 10 == megaOperations)
    #expect((Double(summary.parameters.total) / 1e5).rounded() / 10 == millions)
    #expect(count.linear == 3 * Double(summary.linearOperationsPerToken))
    #expect(count.attention == 3 * Double(summary.attentionOperationsPerKey) * 256)
    #expect(count.prediction == 0)
    // There is no such module to train.
    #expect(OperationCount(architecture, sequenceLength: 512, trainsPrediction: true) == count)
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `DeepSeek-V3's operations are those of its authors`() throws {
    let architecture = try architecture("\(Self.published)/deepseek-v3.json")
    let plain = OperationCount(architecture, sequenceLength: 4096, trainsPrediction: false)
    #expect((250.4e9 * 0.995...250.4e9 * 1.005).contains(plain.total))
    let whole = OperationCount(architecture, sequenceLength: 4096, trainsPrediction: true)
    #expect(whole.linear == plain.linear && whole.attention == plain.attention)
    // 401.8 with the module over 385.4 TFLOP/s without (reference/costs.md).
    #expect((0.040...0.045).contains(whole.prediction / plain.total))
  }

  /// One layer of each kind, so small that a person can add it up.
  private func tiny(_ changes: String = "") throws -> Architecture {
    let text = """
      {"model_type": "deepseek_v3", "architectures": ["DeepseekV3ForCausalLM"], "vocab_size": 11,
       "hidden_size": 8, "intermediate_size": 12, "moe_intermediate_size": 4,
       "num_hidden_layers": 2, "num_attention_heads": 2, "q_lora_rank": 4, "kv_lora_rank": 4,
       "qk_nope_head_dim": 4, "qk_rope_head_dim": 4, "v_head_dim": 4, "n_routed_experts": 4,
       "num_experts_per_tok": 2, "n_shared_experts": 1, "n_group": 2, "topk_group": 1,
       "first_k_dense_replace": 1, "max_position_embeddings": 32,
       "num_nextn_predict_layers": 1\(changes)}
      """
    return try Architecture(configuration: JSONDocument(Array(text.utf8)).root)
  }

  // By hand. Attention: q_a 4×8, its norm 4, q_b 16×4, kv_a 8×8, its norm 4, kv_b 16×4, o 8×8.
  private static let attention = 32 + 4 + 64 + 64 + 4 + 64 + 64
  private static let dense = 3 * 12 * 8
  // Router 4×8, selection bias 4, experts 4 × 3×4×8, a shared one.
  private static let mixture = 32 + 4 + 5 * 96
  private static let main = 2 * (attention + 16) + dense + mixture + 8 + 2 * 88
  private static let prediction = attention + 16 + mixture + 3 * 8 + 128

  @Test func `parameters and operations of a tiny model are those counted by hand`() throws {
    let architecture = try tiny()
    let shape = TrainingShape(
      sequenceLength: 16,
      batchRowCount: 3,
      tokenCount: 100,
      computeType: .bf16,
      trainsPrediction: true
    )
    let plan = plan(architecture, shape)
    #expect(plan.parameters.total == Self.main)
    #expect(plan.parameters.prediction == Self.prediction)
    // Two experts of four are idle; the embedding is looked up, norms and the bias are no matrices.
    let active = Self.main - 2 * 96 - 88 - (2 * (8 + 16) + 8 + 4)
    #expect(plan.operationsPerToken.linear == Double(6 * active))
    // Scores over 4 + 4 and sums over 4 numbers, 2 heads, 2 layers, 8 keys in the mean.
    #expect(plan.operationsPerToken.attention == 3 * 2 * 2 * 2 * 12 * 8)
    let met = Self.prediction - 2 * 96 + 88 - (8 + 16 + 4 + 3 * 8)
    #expect(plan.operationsPerToken.prediction == Double(6 * met + 3 * 2 * 2 * 12 * 8))
    #expect(plan.operations == plan.operationsPerToken.total * 100)
    #expect(plan.shape.tokensPerStep == 48 && plan.shape.stepCount == 3)
    // Documents that do not see each other: a quarter of the keys, the same weights.
    var packed = shape
    packed.attendedLength = 4
    let parts = self.plan(architecture, packed).operationsPerToken
    #expect(parts.linear == plan.operationsPerToken.linear)
    #expect(parts.attention == plan.operationsPerToken.attention / 4)
    #expect(plan.operationsPerToken(attendedLength: 4) == parts.total)
  }

  @Test func `memory of a tiny model is that counted by hand`() throws {
    let architecture = try tiny()
    var shape = TrainingShape(
      sequenceLength: 16,
      batchRowCount: 3,
      tokenCount: 100,
      computeType: .bf16
    )
    // Norms, router and selection bias are FP32 anyway.
    let norms = 2 * (8 + 16) + 8
    let single = norms + 32 + 4
    var memory = plan(architecture, shape).memory
    #expect(memory.weights == 2 * (Self.main - single) + 4 * single)
    #expect(memory.masters == 4 * (Self.main - single))
    #expect(memory.moments == 8 * (Self.main - 4))
    #expect(memory.gradients == 4 * (Self.main - 4))
    #expect(memory.activations == 48_000)
    let parts = memory.weights + memory.masters + memory.moments + memory.gradients
    #expect(memory.total == parts + 48_000)
    shape.computeType = .f32
    shape.trainsPrediction = true
    memory = plan(architecture, shape).memory
    #expect(memory.weights == 4 * (Self.main + Self.prediction))
    #expect(memory.masters == 0)
    #expect(memory.moments == 8 * (Self.main + Self.prediction - 8))
    let tied = try tiny(#", "tie_word_embeddings": true"#)
    #expect(plan(tied, shape).memory.weights == 4 * (Self.main + Self.prediction - 88))
  }

  @Test func `time follows from a share of the peak or from a measurement`() throws {
    let architecture = try tiny()
    let shape = TrainingShape(
      sequenceLength: 16,
      batchRowCount: 4,
      tokenCount: 6400,
      computeType: .f32
    )
    let perToken = plan(architecture, shape).operationsPerToken.total
    let assumed = plan(architecture, shape, rate: .shareOfPeak(0.25, peak: perToken * 400))
    #expect(assumed.tokensPerSecond == 100)
    #expect(assumed.seconds == 64)
    #expect(assumed.secondsPerStep == 0.64)
    #expect(assumed.shareOfPeak == 0.25)
    let rate = TrainingRate.measured(tokensPerSecond: 50, peak: perToken * 400)
    let measured = plan(architecture, shape, rate: rate)
    #expect(measured.seconds == 128)
    #expect(measured.shareOfPeak == 0.125)
    #expect(measured.shareOfPeak(tokensPerSecond: 200) == 0.5)
    let unknown = plan(architecture, shape)
    #expect(unknown.seconds == nil && unknown.shareOfPeak == nil)
    #expect(unknown.lines.last == "time         unknown: nothing was measured of this machine")
  }

  @Test func `the plan is said in lines and as JSON`() throws {
    let shape = TrainingShape(
      sequenceLength: 16,
      batchRowCount: 4,
      tokenCount: 6400,
      computeType: .bf16,
      trainsPrediction: true
    )
    let plan = TrainingPlan(
      try tiny(),
      shape: shape,
      rate: .measured(tokensPerSecond: 50, peak: 1e6),
      availableByteCount: 1_000_000
    ) { _, _ in 2048 }
    #expect(plan.fitsMemory)
    let lines = plan.lines.joined(separator: "\n")
    for text in ["100 steps of 4 × 16, bf16", "2 min 8 s at 50 tokens/s", "1.0 MB are free"] {
      #expect(lines.contains(text), "\(lines)")
    }
    let root = try JSONDocument(Array(plan.json.text.utf8)).root
    #expect(root["parameters"]?["total"]?.integer == Self.main)
    #expect(root["memory_bytes"]?["total"]?.integer == plan.memory.total)
    #expect(root["operations_per_token"]?["total"]?.double == plan.operationsPerToken.total)
    #expect(root["seconds"]?.double == 128)
    #expect(root["mtp"]?.boolean == true)
  }

  @Test(arguments: [
    (0.0123, "12 ms"), (1.234, "1.23 s"), (59.6, "1 min 0 s"), (12_000, "3 h 20 min"),
    (200_000, "2 d 7 h"), (.infinity, "a very long time"),
  ])
  func `durations have two units at most`(_ seconds: Double, _ text: String) {
    #expect(PlanNumber.duration(seconds) == text)
  }

  @Test(arguments: [
    (0, "0"), (50, "50"), (1.5, "1.5"), (9999, "9999"), (12_345, "12.3 k"), (999_600, "1 M"),
    (14.8e12, "14.8 T"), (.nan, "?"),
  ])
  func `counts have three digits and a letter`(_ value: Double, _ text: String) {
    #expect(PlanNumber.text(value) == text)
  }
}
