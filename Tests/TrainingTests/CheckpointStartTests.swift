// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import JSON
import Models
import TestSupport
import Testing
import Training

/// Training that goes on from the weights of a checkpoint.
///
/// Method: the first step's loss is what the code that answers users finds on the same rows with the
/// checkpoint itself; then it falls, and what was saved is a checkpoint that answers.
@Suite struct CheckpointStartTests {
  /// A Llama with its own tokenizer, two Qwen, and V3 with multi-token prediction, one of them as
  /// published, in FP8; those that are at hand.
  private static let oracles = CheckpointOracle.all.filter {
    [
      "real-stories260K", "qwen2-tied-bf16", "qwen3-headdim-bf16", "deepseek-v3-mtp-bf16",
      "deepseek-v3-fp8-mtp-sharded",
    ].contains($0.name)
  }

  private static func recipe(
    _ checkpoint: String,
    tokenizer: String?,
    _ type: ComputeType = .bf16
  ) -> String {
    """
    compute: \(type.rawValue)
    model: {from: \(checkpoint)}
    \(tokenizer.map { "tokenizer: \($0)" } ?? "")
    data: [{shards: shards, identity: unchecked}]
    packing: continuous
    sequence: 24
    batch: 4
    steps: 8
    learning_rate: {peak: 1e-3, warm_up: 0, schedule: constant}
    checkpoints: {every: 100}
    validation: {every: 0}
    """
  }

  /// The mean loss of rows that are one sequence each.
  private func loss(_ decoder: Decoder, _ rows: [PackedRow]) throws -> Double {
    var (sum, count) = (0.0, 0)
    for row in rows {
      let sequence = TrainingSequence(
        ids: Array(row.ids.dropLast()),
        targets: Array(row.ids.dropFirst()),
        counts: Array(row.lossMask.dropFirst())
      )
      let own = try decoder.crossEntropy(of: TrainingRow([sequence]))
      sum += own.sum
      count += own.count
    }
    return sum / Double(count)
  }

  private func decoder(
    _ path: String,
    _ device: CPUDevice,
    _ type: ComputeType
  ) throws -> Decoder {
    let source = try CheckpointFolder(path: path)
    let architecture = try Architecture(
      configuration: CheckpointFolder.configuration(inFolder: path).root
    )
    try CheckpointCheck(source, architecture).requireLoadable()
    return try Decoder(architecture, source: source, device: device, computeType: type)
  }

  /// Runs, and checks the losses.
  private func train(_ folder: RecipeFolder, _ text: String, from path: String) throws {
    let recipe = try folder.recipe(text: text)
    let device = try CPUDevice(threadCount: 2)
    let materials = try RunMaterials(recipe, pool: device.pool)
    let rows = materials.training.rows(from: 0, count: 4)
    let start = try decoder(path, device, recipe.computeType)
    var steps: [StepMetrics] = []
    let run = try folder.run(
      recipe,
      out: "tuned",
      hooks: TrainingRun.Hooks(stepped: { steps.append($0) })
    )
    #expect(try run.run())
    // Equal terms, added in another order in double precision. FP8 is trained dequantized, and answers
    // with the scales on sums of blocks: the bound is the oracles' for a loss in F32.
    let bound = path.contains("fp8") ? 1e-5 : 1e-9
    let first = try loss(start, rows)
    #expect(abs(steps[0].loss - first) < bound, "\(steps[0].loss) for \(first)")
    #expect(steps[7].loss < steps[0].loss, "\(steps.map(\.loss))")
    let predictions = steps.map(\.predictionLoss)
    if start.predictsAhead {
      #expect(predictions.allSatisfy { $0 != nil })
      #expect(predictions[7] ?? 0 < predictions[0] ?? 0, "\(predictions)")
    } else {
      #expect(predictions.allSatisfy { $0 == nil })
    }
    let saved = folder.path + "/tuned/checkpoints/step-00000008"
    let end = try loss(try decoder(saved, device, recipe.computeType), rows)
    #expect(end < steps[0].loss)
    let configuration = try CheckpointFolder.configuration(inFolder: saved).root
    #expect(configuration["quantization_config"] == nil)
    let stored = recipe.computeType == .bf16 ? "bfloat16" : "float32"
    #expect(configuration["torch_dtype"].map { $0.string == stored } ?? true)
  }

  @Test(arguments: oracles)
  func `a checkpoint is trained from its weights`(_ oracle: CheckpointOracle) throws {
    let own = SystemFolder.exists(oracle.path + "/tokenizer.json")
    let folder = try RecipeFolder(tokenizerFolder: own ? oracle.path : nil)
    // Rounded to BF16, an embedding in F32 would give another first loss than as it is.
    let type: ComputeType = oracle.name.hasSuffix("bf16") ? .bf16 : .f32
    let text = Self.recipe(oracle.path, tokenizer: own ? nil : "tokenizer", type)
    try train(folder, text, from: oracle.path)
    let saved = folder.path + "/tuned/checkpoints/step-00000008/generation_config.json"
    let files = [oracle.path + "/generation_config.json", saved]
    #expect(try Oracles.bytes(at: files[0]) == Oracles.bytes(at: files[1]))
  }

  @Test func `a run goes on from another run's checkpoint, with its tokenizer and its prediction`()
    throws
  {
    let folder = try RecipeFolder()
    try folder.run(folder.recipe(), out: "first").run()
    let path = folder.path + "/first/checkpoints/step-00000006"
    try train(folder, Self.recipe(path, tokenizer: nil), from: path)
  }

  // Method: the experts of a run's checkpoint are stacked along a new first extent, gate before up, as
  // newer checkpoints of mixtures store them. The numbers are the same, so the first loss is.
  @Test func `a checkpoint with fused experts is trained from its weights`() throws {
    let folder = try RecipeFolder()
    try folder.run(folder.recipe(), out: "first").run()
    let path = folder.path + "/first/checkpoints/step-00000006"
    let source = try CheckpointFolder(path: path)
    let tensors = Dictionary(
      uniqueKeysWithValues: source.names.compactMap { name in source.tensor(name).map { (name, $0) }
      }
    )
    var writer = SafetensorsWriter()
    for (name, tensor) in tensors where !name.contains(".mlp.experts.") { writer.add(name, tensor) }
    for layer in 1...2 {
      let prefix = "model.layers.\(layer).mlp.experts."
      let stack = { (names: [String]) throws -> Tensor in
        let parts = try (0..<TinyConfiguration.expertCount).flatMap { expert in
          try names.map { try #require(tensors["\(prefix)\(expert).\($0).weight"]) }
        }
        let (rows, columns) = (names.count * parts[0].rowCount, parts[0].columnCount)
        let shape = [TinyConfiguration.expertCount, rows, columns]
        let stacked = try Tensor(zeros: shape, elementType: parts[0].elementType)
        stacked.store(parts.flatMap(\.floats))
        return stacked
      }
      writer.add(prefix + "gate_up_proj", try stack(["gate_proj", "up_proj"]))
      writer.add(prefix + "down_proj", try stack(["down_proj"]))
    }
    try writer.write(to: path + "/model.safetensors")
    let configuration = try CheckpointFolder.configuration(inFolder: path)
    let check = try CheckpointCheck(
      CheckpointFolder(path: path),
      Architecture(configuration: configuration.root)
    )
    #expect(check.fusedExpertLayers == [1, 2])
    try train(folder, Self.recipe(path, tokenizer: nil), from: path)
  }
}
