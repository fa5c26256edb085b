// SPDX-License-Identifier: Apache-2.0

import Compute
public import JSON

extension Architecture {
  /// Derives the architecture from a parsed `config.json`.
  ///
  /// - Parameters:
  ///   - configuration: The file's value.
  ///   - file: What errors call the file.
  /// - Throws: `ModelError` where the file asks for something unknown, contradictory or larger than
  ///   any model.
  public init(
    configuration: JSONValue,
    file: String = "config.json"
  ) throws(ModelError) {
    let reader = try ConfigurationReader(configuration, file: file)
    let family = try Self.family(of: reader)
    self = try family.architecture(reader)
    try checkSize(file: file)
  }

  /// The readers of all families.
  static var families: [any Family.Type] {
    [
      Llama.self, Qwen2.self, Qwen3.self, Qwen3Mixture.self, Deepseek.self, DeepseekV2.self,
      DeepseekV3.self,
    ]
  }

  private static func family(
    of reader: ConfigurationReader
  ) throws(ModelError) -> any Family.Type {
    let names = try architectureNames(reader)
    let modelType = try reader.string("model_type")
    if let modelType, let family = families.first(where: { $0.modelType == modelType }) {
      // Another head on the same body (a classifier, an embedder) has other tensors and results.
      guard names.isEmpty || names.contains(family.className) else {
        throw reader.error(.unknownModelType(names[0]), "architectures")
      }
      return family
    }
    let family = families.first { names.contains($0.className) }
    if modelType == nil, let family { return family }
    if family == nil, let name = names.first {
      throw reader.error(.unknownModelType(name), "architectures")
    }
    throw reader.error(.unknownModelType(modelType), "model_type")
  }

  private static func architectureNames(
    _ reader: ConfigurationReader
  ) throws(ModelError) -> [String] {
    guard let value = reader.value(["architectures"])?.value else { return [] }
    let names = value.array?.map(\.string) ?? [nil]
    guard !names.contains(nil) else {
      let reason = ModelError.Reason.badValue(
        found: String(value.source.prefix(40)),
        expected: "a list of names"
      )
      throw reader.error(reason, "architectures")
    }
    return names.compactMap { $0 }
  }

  /// Refuses sizes whose products could overflow, or whose tensors could not even be listed.
  private func checkSize(file: String) throws(ModelError) {
    // LIMIT: V3 has 0.09 million tensors and 0.7 · 10^12 parameters.
    let tensorLimit = 1.0e6
    let parameterLimit = 0x1p53
    var tensorCount = 0.0
    var parameterCount = 2 * Double(vocabularySize) * Double(hiddenSize)
    for layer in layers + predictionLayers {
      let (tensors, parameters) = layer.roughSize(hiddenSize: Double(hiddenSize))
      tensorCount += tensors
      parameterCount += parameters
    }
    guard tensorCount <= tensorLimit, parameterCount <= parameterLimit else {
      throw ModelError(.tooLarge, file: file, field: "num_hidden_layers")
    }
  }
}

extension LayerPlan {
  /// How many tensors and parameters there are, in floating point, so that nothing overflows.
  fileprivate func roughSize(hiddenSize: Double) -> (tensors: Double, parameters: Double) {
    var parameters: Double
    switch attention {
    case .groupedQuery(let plan):
      let heads = 2 * Double(plan.headCount) + 2 * Double(plan.keyValueHeadCount)
      parameters = heads * Double(plan.headDimension) * hiddenSize
    case .latent(let plan):
      let shape = plan.shape
      let query = Double(shape.noPositionDimension + shape.rotaryDimension)
      let heads = Double(shape.headCount)
      parameters =
        heads * (query + Double(shape.valueDimension)) * hiddenSize
        + Double(shape.latentRank + shape.rotaryDimension + (plan.queryRank ?? 0)) * hiddenSize
        + heads * query * Double(plan.queryRank ?? 0)
        + heads * Double(shape.noPositionDimension + shape.valueDimension)
        * Double(shape.latentRank)
    }
    switch feedForward {
    case .dense(let size, _):
      return (16, parameters + 3 * Double(size) * hiddenSize)
    case .mixture(let plan):
      let experts = Double(plan.rule.expertCount)
      parameters += 3 * experts * Double(plan.expertIntermediateSize) * hiddenSize
      parameters += (3 * Double(plan.sharedIntermediateSize) + experts) * hiddenSize
      return (3 * experts + 16, parameters)
    }
  }
}
