// SPDX-License-Identifier: Apache-2.0

public import Checkpoints
import Compute

/// What a comparison of a checkpoint's tensors with their plan found; no weights are read.
public struct CheckpointCheck: Sendable {
  // LIMIT: a message names a few tensors and counts the rest.
  private static let nameLimit = 5

  /// What keeps the main model from loading, most telling first; empty where all is well.
  public private(set) var problems: [ModelError] = []
  /// Why multi-token prediction cannot be used although the configuration names it; the main model
  /// may load without.
  public private(set) var predictionProblem: ModelError?
  /// Whether all multi-token-prediction layers are there; false where the model has none.
  public private(set) var hasPredictionLayers: Bool
  /// Whether the head is the embedding table: exactly where no head is stored.
  public let isTied: Bool
  /// The layers whose routed experts are stored fused.
  public let fusedExpertLayers: Set<Int>
  /// What was compared with.
  public let plan: TensorPlan

  private let source: any TensorSource
  private let isBlockQuantized: Bool
  private var seen: Set<String> = []
  private var missing: [PlannedTensor] = []
  private var misfits: [ModelError] = []
  private var unconfigured: [String] = []

  /// Compares.
  ///
  /// - Parameters:
  ///   - source: The checkpoint's tensors.
  ///   - architecture: What its configuration asks for.
  /// - Complexity: O(n log n) in the number of tensors.
  public init(_ source: any TensorSource, _ architecture: Architecture) {
    self.source = source
    isBlockQuantized = architecture.isBlockQuantized
    isTied = source.tensor(TensorNames.head) == nil
    let layerCount = architecture.layers.count + architecture.predictionLayers.count
    fusedExpertLayers = Set(
      (0..<layerCount).filter { source.tensor(TensorPlan.fusedExpertsName($0)) != nil }
    )
    plan = TensorPlan(architecture, fusedExpertLayers: fusedExpertLayers)
    hasPredictionLayers = !architecture.predictionLayers.isEmpty
    for tensor in plan.tensors { check(tensor) }
    settlePrediction(architecture)
    collect()
  }

  /// Throws the first problem of the main model.
  ///
  /// - Throws: `ModelError` where there is one.
  public func requireLoadable() throws(ModelError) {
    if let problem = problems.first { throw problem }
  }

  /// Throws the first problem of the main model, or else why multi-token prediction is missing.
  ///
  /// - Throws: `ModelError` where there is one.
  public func requireComplete() throws(ModelError) {
    try requireLoadable()
    if let predictionProblem { throw predictionProblem }
  }

  private mutating func check(_ planned: PlannedTensor) {
    guard let tensor = source.tensor(planned.name) else {
      if !planned.isOptional { missing.append(planned) }
      return
    }
    seen.insert(planned.name)
    switch tensor.elementType {
    case .f32, .f16, .bf16: break
    case .f8e4m3 where planned.mayBeBlockQuantized:
      checkScales(of: planned)
    default:
      fault(.unsupportedDType(tensor.elementType.safetensorsName), planned.name)
      return
    }
    if tensor.shape != planned.shape {
      fault(.shapeMismatch(found: tensor.shape, expected: planned.shape), planned.name)
    }
  }

  private mutating func checkScales(of planned: PlannedTensor) {
    if !isBlockQuantized { unconfigured.append(planned.name) }
    let name = planned.scaleName
    guard let scales = source.tensor(name) else {
      // Without a configuration the tensors cannot be trusted to be V3's kind of FP8 at all.
      if isBlockQuantized { fault(.fp8ScaleMissing, planned.name) }
      return
    }
    seen.insert(name)
    switch scales.elementType {
    case .f32, .f8e8m0, .u8: break
    default: fault(.unsupportedDType(scales.elementType.safetensorsName), name)
    }
    let expected = planned.shape.map(WeightMatrix.blockCount)
    if scales.shape != expected {
      fault(.fp8ScaleShape(found: scales.shape, expected: expected), name)
    }
  }

  private mutating func fault(_ reason: ModelError.Reason, _ name: String) {
    misfits.append(ModelError(reason, file: source.file(of: name), tensor: name))
  }

  /// Trusts the tensors: where none of the prediction layers' is there, the main model stands
  /// alone; where some are, the checkpoint is torn.
  private mutating func settlePrediction(_ architecture: Architecture) {
    guard hasPredictionLayers else { return }
    let planned = plan.tensors.filter(\.isPrediction)
    guard planned.allSatisfy({ !seen.contains($0.name) }) else { return }
    hasPredictionLayers = false
    let absent = missing.filter(\.isPrediction)
    missing.removeAll(where: \.isPrediction)
    predictionProblem = missingError(absent)
  }

  private mutating func collect() {
    if !missing.isEmpty { problems.append(missingError(missing)) }
    if let first = unconfigured.first {
      problems.append(
        ModelError(
          .fp8Unconfigured(count: unconfigured.count),
          file: source.file(of: first),
          field: "quantization_config",
          tensor: first
        )
      )
    }
    problems += misfits
    let unexpected = source.names.filter {
      !seen.contains($0) && !TensorPlan.isIgnorable($0)
    }
    if let first = unexpected.first {
      problems.append(
        ModelError(
          .unexpectedTensor(
            Array(unexpected.prefix(Self.nameLimit)),
            count: unexpected.count
          ),
          file: source.file(of: first),
          tensor: unexpected.count == 1 ? first : nil
        )
      )
    }
  }

  private func missingError(_ tensors: [PlannedTensor]) -> ModelError {
    ModelError(
      .missingTensor(tensors.prefix(Self.nameLimit).map(\.name), count: tensors.count),
      file: source.label,
      tensor: tensors.count == 1 ? tensors.first?.name : nil
    )
  }

  /// Looks through a tensor's weights for the first NaN or infinity.
  ///
  /// Reads all its bytes, and may block for as long as its disk takes.
  ///
  /// - Returns: What was found; nil where all weights are finite, or no tensor has the name.
  public static func nonFiniteWeight(_ name: String, in source: any TensorSource) -> ModelError? {
    guard let tensor = source.tensor(name), let index = tensor.firstNonFiniteIndex else {
      return nil
    }
    let value = tensor.float(at: index)
    let text = value.isNaN ? "NaN" : value < 0 ? "minus infinity" : "infinity"
    return ModelError(
      .nonFiniteWeight(index: index, value: text),
      file: source.file(of: name),
      tensor: name
    )
  }
}
