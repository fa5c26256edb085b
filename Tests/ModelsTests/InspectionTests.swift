// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Diagnostics
import JSON
import Models
import TestSupport
import Testing

@Suite struct InspectionTests {
  private static let tensorCodes: Set<String> = [
    "missingTensor", "unexpectedTensor", "shapeMismatch", "unsupportedDType", "fp8ScaleMissing",
    "fp8ScaleShape", "fp8Unconfigured",
  ]

  private func check(_ folder: String) throws -> (CheckpointFolder, CheckpointCheck) {
    let source = try CheckpointFolder(path: folder)
    let architecture = try Architecture(configuration: source.configuration().root)
    return (source, CheckpointCheck(source, architecture))
  }

  private func nonFiniteWeights(in source: CheckpointFolder) -> [ModelError] {
    source.names.compactMap { CheckpointCheck.nonFiniteWeight($0, in: source) }
  }

  @Test(arguments: ModelFixtures.goodNames)
  func `a good checkpoint has no problem`(_ name: String) throws {
    let (source, check) = try check("\(ModelFixtures.checkpoints)/\(name)")
    #expect(check.problems == [])
    #expect(check.predictionProblem == nil)
    #expect(check.hasPredictionLayers == name.contains("-mtp-"))
    #expect(throws: Never.self) { try check.requireComplete() }
    #expect(nonFiniteWeights(in: source) == [])
  }

  @Test(.enabled(if: Oracles.isComplete, "needs the whole set of oracles"))
  func `all good checkpoints of the oracles are tested`() {
    #expect(ModelFixtures.goodNames.count == 33)
  }

  // Method: each checkpoint has one fault, made by hand; it must be found, be the only one of its
  // kind to be told first, and name file and tensor.
  @Test(arguments: HostileCase.all("c").filter { tensorCodes.contains($0.code) })
  func `a checkpoint with wrong tensors is refused for the right reason`(
    _ hostile: HostileCase
  ) throws {
    let (_, check) = try check(hostile.folder)
    let problem = try #require(check.problems.first)
    #expect(HostileCase.code(of: problem.reason) == hostile.code)
    #expect(problem.exitCode == .badData)
    #expect(problem.place?.isEmpty == false)
    #expect("\(problem)".contains("weight"))
    #expect(throws: problem) { try check.requireLoadable() }
  }

  @Test(arguments: HostileCase.all("v"))
  func `odd but valid checkpoints have no problem`(_ hostile: HostileCase) throws {
    let (source, check) = try check(hostile.folder)
    #expect(check.problems == [])
    #expect(nonFiniteWeights(in: source) == [])
    #expect(check.isTied == false)
  }

  @Test(arguments: HostileCase.all("c").filter { $0.code == "nonFiniteWeight" })
  func `a weight that is not finite is named with its place`(_ hostile: HostileCase) throws {
    let (source, check) = try check(hostile.folder)
    #expect(check.problems == [])
    let problems = nonFiniteWeights(in: source)
    let problem = try #require(problems.first)
    #expect(problems.count == 1)
    guard case .nonFiniteWeight(let index, _) = problem.reason else {
      Issue.record("\(problem)")
      return
    }
    let tensor = try #require(problem.tensor.flatMap { source.tensor($0) })
    #expect(!tensor.float(at: index).isFinite)
    #expect(problem.what.contains(hostile.name.contains("nan") ? "NaN" : "infinity"))
    #expect(problem.file == "model.safetensors")
  }

  @Test(arguments: HostileCase.all("g").filter { $0.code == "missingTensor" })
  func `a main model loads without the prediction layers that are absent`(
    _ hostile: HostileCase
  ) throws {
    let (_, check) = try check(hostile.folder)
    #expect(check.problems == [])
    #expect(!check.hasPredictionLayers)
    let problem = try #require(check.predictionProblem)
    #expect(HostileCase.code(of: problem.reason) == hostile.code)
    #expect(problem.what.contains("model.layers.2."))
    #expect(throws: Never.self) { try check.requireLoadable() }
    #expect(throws: problem) { try check.requireComplete() }
  }

  @Test func `prediction layers that are there in part are a fault`() throws {
    let text = ModelFixtures.deepseekV3(["num_nextn_predict_layers": "1"])
    let architecture = try ModelFixtures.architecture(parsing: text)
    var source = try MemorySource(TensorPlan(architecture))
    #expect(CheckpointCheck(source, architecture).problems == [])
    source.tensors["model.layers.2.enorm.weight"] = nil
    let check = CheckpointCheck(source, architecture)
    #expect(
      check.problems.first?.reason
        == .missingTensor(["model.layers.2.enorm.weight"], count: 1)
    )
    #expect(check.hasPredictionLayers)
  }

  @Test func `copies and the head may be absent`() throws {
    let text = ModelFixtures.deepseekV3(["num_nextn_predict_layers": "1"])
    let architecture = try ModelFixtures.architecture(parsing: text)
    var source = try MemorySource(TensorPlan(architecture))
    for name in ["lm_head", "model.layers.2.embed_tokens", "model.layers.2.shared_head.head"] {
      source.tensors[name + ".weight"] = nil
    }
    let check = CheckpointCheck(source, architecture)
    #expect(check.problems == [])
    #expect(check.isTied && check.hasPredictionLayers)
  }

  @Test func `fused experts stand for those of their layer`() throws {
    let architecture = try ModelFixtures.architecture(parsing: ModelFixtures.deepseekV3())
    let source = try MemorySource(TensorPlan(architecture, fusedExpertLayers: [1]))
    let check = CheckpointCheck(source, architecture)
    #expect(check.problems == [])
    #expect(check.fusedExpertLayers == [1])
    #expect(source.tensors["model.layers.1.mlp.experts.gate_up_proj"]?.shape == [4, 8, 8])
  }

  @Test func `many missing tensors are named in part and counted`() throws {
    let architecture = try ModelFixtures.architecture(parsing: ModelFixtures.llama())
    let check = CheckpointCheck(MemorySource(), architecture)
    let problem = try #require(check.problems.first)
    #expect(problem.what.hasPrefix("11 tensors are absent: model.embed_tokens.weight, "))
    #expect(problem.what.hasSuffix(" and 6 more"))
  }

  @Test(arguments: zip([ElementType.f8e8m0, .u8, .f32, .i32], [true, true, true, false]))
  func `block scales may be numbers or powers of two`(_ type: ElementType, _ isGood: Bool) throws {
    let text = ModelFixtures.deepseekV3([
      "quantization_config":
        #"{"quant_method": "fp8", "weight_block_size": [128, 128], "scale_fmt": "ue8m0"}"#
    ])
    let architecture = try ModelFixtures.architecture(parsing: text)
    var source = try MemorySource(TensorPlan(architecture))
    let name = "model.layers.0.self_attn.o_proj.weight"
    source.tensors[name] = try MemorySource.tensor(.f8e4m3, [8, 8])
    source.tensors[name + "_scale_inv"] = try MemorySource.tensor(type, [1, 1])
    let problems = CheckpointCheck(source, architecture).problems
    #expect(problems.isEmpty == isGood)
  }
}

/// Tensors of zeros by name.
private struct MemorySource: TensorSource {
  var tensors: [String: Tensor] = [:]
  let label = "memory"

  init() {}

  init(_ plan: TensorPlan) throws {
    for planned in plan.tensors {
      tensors[planned.name] = try Self.tensor(.bf16, planned.shape)
    }
  }

  static func tensor(_ type: ElementType, _ shape: [Int]) throws -> Tensor {
    let byteCount = shape.reduce(type.byteCount, *)
    return Tensor(
      region: try MemoryRegion(zeroed: byteCount),
      byteOffset: 0,
      elementType: type,
      shape: shape
    )
  }

  var names: [String] { tensors.keys.sorted() }
  func tensor(_ name: String) -> Tensor? { tensors[name] }
  func file(of name: String) -> String? { tensors[name] == nil ? nil : label }
}
